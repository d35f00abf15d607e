/**
 * Text for the log in which the runner finds no command: it acts on lines that begin with `::` and on `##[` anywhere
 * (https://github.com/actions/runner/blob/v2.329.0/src/Runner.Common/ActionCommand.cs).
 */
export function neutraliseCommands(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #['))
    .join('\n');
}
