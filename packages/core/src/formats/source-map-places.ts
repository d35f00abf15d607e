import { defined } from '../defined.ts';
import type { Position } from '../position.ts';
import type { SourceMap, SourceMapObject } from './source-map.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (const [value, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = value;

/** A digit has five bits of the number and one that says whether more follow. */
const BITS = 5;
const MORE = 1 << BITS;

/** Numbers of a place: line, column, length, further lines, source. */
const FIELDS = 5;

/** Writes the places of one object, in the order of `placePointers`. */
export class PlacesWriter {
  /** One by one: texts that are put together from parts take ten times the memory of their characters until someone reads them. */
  readonly #characters: string[] = [];
  #line = 1;
  #column = 1;
  #source = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get text(): string {
    return this.#characters.join('');
  }

  /** @param end the same as the start for a place without an end of its own */
  add(source: number, line: number, column: number, endLine: number, endColumn: number): void {
    if (this.#count++ > 0) this.#characters.push(',');
    const moved = source - this.#source;
    const length = endColumn - column;
    const lines = endLine - line;
    this.#write(line - this.#line);
    this.#write(column - this.#column);
    if (length !== 0 || lines !== 0 || moved !== 0) this.#write(length);
    if (lines !== 0 || moved !== 0) this.#write(lines);
    if (moved !== 0) this.#write(moved);
    this.#line = line;
    this.#column = column;
    this.#source = source;
  }

  /** Base64 VLQ, as source maps of JavaScript have it: the lowest bit is the sign. */
  #write(number: number): void {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    while (rest >= MORE) {
      this.#characters.push(DIGITS.charAt((rest & (MORE - 1)) | MORE));
      rest >>>= BITS;
    }
    this.#characters.push(DIGITS.charAt(rest));
  }
}

/** All places of an object, in the order of `placePointers`; those that no file can have, and of sources that the map does not have, are left undefined. */
export function readPlaces(
  { sources, revisions = [] }: SourceMap,
  { places }: SourceMapObject,
): readonly (Position | undefined)[] {
  if (places === '') return [];
  const last = { line: 1, column: 1, source: 0 };
  return places.split(',').map(text => {
    const [line = 0, column = 0, length = 0, lines = 0, source = 0] = decodeNumbers(text);
    last.line += line;
    last.column += column;
    last.source += source;
    const path = sources[last.source];
    if (path === undefined || last.line < 1 || last.column < 1) return undefined;
    const end = { endLine: last.line + lines, endColumn: last.column + length };
    const revision = revisions[last.source] || undefined;
    return { path, line: last.line, column: last.column, ...end, ...defined({ revision }) };
  });
}

function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (let index = 0; index < text.length && numbers.length < FIELDS; index++) {
    const digit = VALUES[text.charCodeAt(index)] ?? 0;
    number |= (digit & (MORE - 1)) << shift;
    shift += BITS;
    if ((digit & MORE) !== 0) continue;
    numbers.push((number & 1) === 1 ? -(number >>> 1) : number >>> 1);
    number = 0;
    shift = 0;
  }
  return numbers;
}
