/** A terminal's own sequences: colours, cursor moves, titles, links (ECMA-48; OSC ends with BEL or ST). */
const ANSI = /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])/g;

/** Controls except tab, and characters that change the direction or hide. */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** One line of a log as plain text. The caller escapes Markdown and the runner's commands. */
export function plainLine(line: string): string {
  return line.replace(ANSI, '').replace(INVISIBLE, '\u{FFFD}');
}
