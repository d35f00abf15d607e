/** The longest excerpt of foreign text that a message repeats, in characters. */
const MAX_QUOTED_LENGTH = 80;

/**
 * Foreign text inside our sentence: one line, without control or direction characters, cut, in double quotes.
 * Bidirectional controls are dropped because they can make a terminal show another text than the actual one.
 */
export function quote(text: string): string {
  return `"${excerpt(text, MAX_QUOTED_LENGTH)}"`;
}

/** The same without the quotes, for a server's own sentence that may be longer than a name. */
export function excerpt(text: string, maxLength: number): string {
  const visible = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    '\u{FFFD}',
  );
  return visible.length > maxLength ? `${visible.slice(0, maxLength)}…` : visible;
}
