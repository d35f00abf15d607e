/** Controls that a terminal or a browser acts on, such as colours and the direction of text, without tabs and line breaks. */
const CONTROLS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text whose controls are seen, so that none changes how the rest looks. */
export function showControls(text: string): string {
  return text.replace(CONTROLS, '\u{FFFD}');
}

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
