/** A word of a shell: characters, escaped ones, and texts in quotes beside each other. */
const WORD = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs;
const PIECE = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs;

/** The words of a command as a shell cuts them, without anything else that a shell does; undefined for quotes without an end. */
export function shellWords(text: string): string[] | undefined {
  if (text.replaceAll(WORD, '').trim() !== '') return undefined;
  return (text.match(WORD) ?? []).map(word =>
    word.replaceAll(PIECE, (_, escaped?: string, literal?: string, quoted = '') =>
      String(escaped ?? literal ?? String(quoted).replaceAll(/\\(["\\$`])/g, '$1')),
    ),
  );
}
