import type { Position } from '@slipway/core';
import type { Padding } from './flow-indentation.ts';
import type { Span } from './node.ts';

/** Turns offsets of one text into lines and columns; the table is made when the first place is asked for. */
export class Lines {
  readonly #path: string;
  readonly #text: string;
  readonly #padding: Padding;
  #starts: number[] | undefined;

  /** @param padding spaces at the beginning of lines that are not in the file */
  constructor(path: string, text: string, padding: Padding = new Map()) {
    this.#path = path;
    this.#text = text;
    this.#padding = padding;
  }

  /** Where a span stands; `endLine` and `endColumn` name the place after its last character. */
  positionOf(span: Span): Position {
    const start = this.#locate(span.start);
    const end = this.#locate(Math.max(span.start, span.end));
    return { path: this.#path, ...start, endLine: end.line, endColumn: end.column };
  }

  #locate(offset: number): { line: number; column: number } {
    this.#starts ??= lineStarts(this.#text);
    const line = lastAtOrBefore(this.#starts, offset);
    const column = offset - (this.#starts[line] ?? 0) - (this.#padding.get(line) ?? 0) + 1;
    return { line: line + 1, column: Math.max(1, column) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
