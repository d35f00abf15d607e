/** Longest excerpt of somebody's text that a message repeats. */
const MAX_QUOTED_LENGTH = 80;

/**
 * Somebody else's text inside our sentence: one line, without control or direction characters, cut, in double quotes.
 * Bidirectional controls are dropped because they can make a terminal show another text than the one that is there.
 */
export function quote(text: string): string {
  const visible = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    '\u{FFFD}',
  );
  const cut = visible.length > MAX_QUOTED_LENGTH ? `${visible.slice(0, MAX_QUOTED_LENGTH)}…` : visible;
  return `"${cut}"`;
}
