import type { Span } from './node.ts';

/** Characters that Kubernetes' parser refuses in a comment too, and some that would end it. */
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** No line of comment is longer than this; looking no further keeps the search short in a file of one long line. */
const MAX_LINE = 10_000;

/** Finds the comments of a file by what they stand at. Each is given as it is written, from its `#` on. */
export class CommentFinder {
  /** Whether the file has none, which is most often so. */
  readonly isEmpty: boolean;
  readonly #source: string;
  /** Texts over several lines, in which a `#` begins no comment; in order. */
  readonly #texts: readonly Span[];

  constructor(source: string, texts: readonly Span[]) {
    this.isEmpty = !source.includes('#');
    this.#source = source;
    this.#texts = texts;
  }

  /** Those on lines of their own right above what begins at `offset`, if nothing but a dash stands before it on its line. */
  above(offset: number): string[] {
    let lineStart = this.#lineStart(offset);
    if (!/^[ \t]*(?:[-?][ \t]+)*$/.test(this.#source.slice(lineStart, offset))) return [];
    const comments: string[] = [];
    while (lineStart > 0) {
      const start = this.#lineStart(lineStart - 1);
      const line = this.#source.slice(start, lineStart).trim();
      if (line !== '' && !line.startsWith('#')) break;
      if (this.#isInText(start)) break;
      if (line !== '' && !forbidden.test(line)) comments.unshift(line);
      lineStart = start;
    }
    return comments;
  }

  /** The one at the end of the line, behind what ends at `offset` and perhaps a colon. */
  beside(offset: number): string | undefined {
    const match = /(?:[ \t]*:)?[ \t]+(#[^\r\n]*)/y;
    match.lastIndex = offset;
    const comment = match.exec(this.#source)?.[1]?.trimEnd();
    return comment === undefined || forbidden.test(comment) ? undefined : comment;
  }

  /** Those on lines of their own below what ends at `offset`, if nothing but another document or the file's end follows. */
  below(offset: number): string[] {
    const comments: string[] = [];
    const isLineStart = /[\r\n]/.test(this.#source.charAt(offset - 1));
    for (let start = isLineStart ? offset : this.#lineEnd(offset) + 1; start < this.#source.length; ) {
      const end = this.#lineEnd(start);
      const line = this.#source.slice(start, end).trim();
      if (/^(?:---|\.\.\.)/.test(line)) break;
      // Above what comes next they belong to that.
      if (line !== '' && !line.startsWith('#')) return [];
      if (line !== '' && !forbidden.test(line)) comments.push(line);
      start = end + 1;
    }
    return comments;
  }

  #lineEnd(offset: number): number {
    const end = this.#source.slice(offset, offset + MAX_LINE).search(/[\r\n]/);
    return end < 0 ? Math.min(offset + MAX_LINE, this.#source.length) : offset + end;
  }

  #lineStart(offset: number): number {
    return (
      Math.max(this.#source.lastIndexOf('\n', offset - 1), this.#source.lastIndexOf('\r', offset - 1)) + 1
    );
  }

  #isInText(offset: number): boolean {
    let low = 0;
    let high = this.#texts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#texts[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low > 0 && offset < (this.#texts[low - 1]?.end ?? 0);
  }
}
