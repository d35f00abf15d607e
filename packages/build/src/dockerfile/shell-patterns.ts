import { UnreadableDockerfile } from './unreadable.ts';

/** One character, any character (`?`) or any text (`*`). */
type Token = { readonly char: string } | 'any' | 'text';

export interface TrimOptions {
  readonly side: 'start' | 'end';
  /** Whether the longest match is removed, instead of the shortest. */
  readonly isLongest: boolean;
}

/** Steps that a match may take: more than any name of an image needs, and over at once. */
const STEPS = 1_000_000;

/**
 * Removes what the shell pattern matches, as `${X#pattern}` and `${X%pattern}` do. Undefined if that takes too long.
 * @throws UnreadableDockerfile for a pattern that BuildKit refuses
 */
export function trimPattern(
  value: string,
  pattern: string,
  { side, isLongest }: TrimOptions,
): string | undefined {
  const tokens = tokensOf(pattern);
  const chars = [...value];
  if (tokens.length * chars.length > STEPS) return undefined;
  if (side === 'end') {
    tokens.reverse();
    chars.reverse();
  }
  const ends = matchedLengths(tokens, chars);
  const end = isLongest ? ends.at(-1) : ends[0];
  const rest = end === undefined ? chars : chars.slice(end);
  return (side === 'end' ? rest.reverse() : rest).join('');
}

/** The lengths of all beginnings of the text that the whole pattern matches, in ascending order. */
function matchedLengths(tokens: readonly Token[], chars: readonly string[]): number[] {
  let reached: Uint8Array = new Uint8Array(chars.length + 1);
  reached[0] = 1;
  for (const token of tokens) {
    reached = token === 'text' ? throughText(reached, chars) : throughChar(reached, chars, token);
  }
  return [...reached].flatMap((isReached, length) => (isReached === 1 ? length : []));
}

/** Which lengths are matched after any text, which does not contain the end of a line. */
function throughText(reached: Uint8Array, chars: readonly string[]): Uint8Array {
  const next = Uint8Array.from(reached);
  for (let length = 1; length < next.length; length++)
    if (next[length - 1] === 1 && chars[length - 1] !== '\n') next[length] = 1;
  return next;
}

function throughChar(
  reached: Uint8Array,
  chars: readonly string[],
  token: Exclude<Token, 'text'>,
): Uint8Array {
  const next = new Uint8Array(reached.length);
  for (const [at, char] of chars.entries()) {
    const isMatch = token === 'any' ? char !== '\n' : char === token.char;
    if (isMatch && reached[at] === 1) next[at + 1] = 1;
  }
  return next;
}

function tokensOf(pattern: string): Token[] {
  const chars = [...pattern];
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') tokens.push('text');
    else if (char === '?') tokens.push('any');
    else if (char !== '\\') tokens.push({ char });
    else {
      at += 1;
      tokens.push({ char: escaped(chars[at]) });
    }
  }
  return tokens;
}

function escaped(char: string | undefined): string {
  if (char !== undefined && '*?\\}/'.includes(char)) return char;
  throw new UnreadableDockerfile('a pattern escapes what needs no escape');
}
