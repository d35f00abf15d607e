/**
 * Text for the log without commands for the runner, which obeys lines that begin with `::` and `##[` anywhere
 * (https://github.com/actions/runner/blob/v2.329.0/src/Runner.Common/ActionCommand.cs).
 */
export function neutraliseCommands(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #['))
    .join('\n');
}
