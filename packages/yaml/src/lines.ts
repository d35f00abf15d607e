import type { Position } from '@slipway/core';
import type { Padding } from './flow-indentation.ts';
import type { Span } from './node.ts';

/** Turns offsets of one text into lines and columns; the table is built when the first position is asked for. */
export class Lines {
  readonly #path: string;
  readonly #text: string;
  readonly #padding: Padding;
  readonly #before: number;
  readonly #revision: string | undefined;
  #starts: Uint32Array | undefined;
  /** Positions are nearly always asked for in the order of the text: most are on the same line as the one before, or the next. */
  #last = 0;

  /**
   * @param firstLine of the text in its file
   * @param padding spaces at the beginning of lines that are not in the file
   * @param revision the commit that has the file, if it is not in the workspace
   */
  constructor(path: string, text: string, firstLine = 1, padding: Padding = new Map(), revision?: string) {
    this.#path = path;
    this.#revision = revision;
    this.#text = text;
    this.#padding = padding;
    this.#before = firstLine - 1;
  }

  /** The position of a span; `endLine` and `endColumn` are those of the character after its last. */
  positionOf(span: Span): Position {
    const line = this.#lineOf(span.start);
    const column = this.#columnOf(span.start, line);
    const end = Math.max(span.start, span.end);
    const endLine = this.#lineOf(end);
    const endColumn = this.#columnOf(end, endLine);
    const first = this.#before + 1;
    const position = { path: this.#path, line: first + line, column, endLine: first + endLine, endColumn };
    return this.#revision === undefined ? position : { ...position, revision: this.#revision };
  }

  #columnOf(offset: number, line: number): number {
    const column = offset - (this.#starts?.[line] ?? 0) + 1;
    return this.#padding.size === 0 ? column : Math.max(1, column - (this.#padding.get(line) ?? 0));
  }

  /** The index of the line that an offset is on, from 0. */
  #lineOf(offset: number): number {
    this.#starts ??= lineStarts(this.#text);
    const starts = this.#starts;
    for (let line = this.#last; line <= this.#last + 1 && line < starts.length; line++)
      if ((starts[line] ?? 0) <= offset && offset < (starts[line + 1] ?? Number.POSITIVE_INFINITY)) {
        this.#last = line;
        return line;
      }
    this.#last = lastAtOrBefore(starts, offset);
    return this.#last;
  }
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  if (text.includes('\r'))
    for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  else for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return new Uint32Array(starts);
}

function lastAtOrBefore(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
