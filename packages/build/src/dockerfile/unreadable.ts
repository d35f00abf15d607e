/** BuildKit refuses the Dockerfile, or this package is not certain how BuildKit reads it. */
export class UnreadableDockerfile extends Error {
  /** Counted from 1; undefined if it is about the whole file. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Says in what is refused on which line it is. */
export function atLine<Result>(line: number, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableDockerfile) throw new UnreadableDockerfile(error.message, line);
    throw error;
  }
}

/** White space as Go's unicode.IsSpace has it, which differs from that of JavaScript. */
export const SPACE = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);
const IS_SPACE = new RegExp(`^[${SPACE}]$`);

export function isSpace(char: string): boolean {
  // Nearly all characters are letters.
  return (char <= ' ' || char > '~') && IS_SPACE.test(char);
}

export function trimStart(text: string): string {
  return text.replace(LEADING_SPACE, '');
}

/** Character by character, as an expression for the end of a text would try again at every space in it. */
export function trim(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end -= 1;
  return trimStart(text.slice(0, end));
}
