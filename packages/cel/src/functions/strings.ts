import { CostExceeded, EvaluationFailure } from '../values/failure.ts';
import type { Value } from '../values/values.ts';
import { joiningCost, readingCost, rewritingCost, searchCost, traversalCost } from './costs.ts';
import { formatText } from './format-text.ts';
import type { Library } from './function-table.ts';

/** No text of an object is that long (etcd accepts 1.5 MiB); an expression that builds longer ones is hostile. */
const MAX_TEXT_LENGTH = 16 * 1024 * 1024;

/** Indexes in CEL count code points; most texts have as many of them as UTF-16 units. */
function points(text: string): string | string[] {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

function slice(text: string | string[], start: number, end?: number): string {
  const part = text.slice(start, end);
  return typeof part === 'string' ? part : part.join('');
}

function outOfRange(index: bigint): never {
  throw new EvaluationFailure(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const letters = points(text);
  if (index < 0n || index > BigInt(letters.length)) outOfRange(index);
  return letters[Number(index)] ?? '';
}

type Search = (text: string, part: string, offset?: bigint) => bigint;

/** Empty text is found at the offset itself, wherever that is. */
function lax(search: Search): Search {
  return (text, part, offset) => (part === '' && offset !== undefined ? offset : search(text, part, offset));
}

function indexOf(text: string, part: string, offset = 0n): bigint {
  if (offset < 0n) outOfRange(offset);
  const letters = points(text);
  if (part === '') return nearest(offset, letters.length);
  if (offset >= BigInt(letters.length)) return -1n;
  if (typeof letters === 'string') return BigInt(letters.indexOf(part, Number(offset)));
  const rest = slice(letters, Number(offset));
  const found = rest.indexOf(part);
  return found < 0 ? -1n : offset + BigInt([...rest.slice(0, found)].length);
}

function lastIndexOf(text: string, part: string, given?: bigint): bigint {
  const letters = points(text);
  if (part === '') return lastNearest(letters.length, given);
  const offset = given ?? BigInt(letters.length - 1);
  if (given === undefined && Buffer.byteLength(text) < Buffer.byteLength(part)) return -1n;
  if (offset < 0n) outOfRange(offset);
  if (offset >= BigInt(letters.length)) return -1n;
  if (typeof letters === 'string') return BigInt(letters.lastIndexOf(part, Number(offset)));
  const found = text.lastIndexOf(part, slice(letters, 0, Number(offset)).length);
  return found < 0 ? -1n : BigInt([...text.slice(0, found)].length);
}

function nearest(offset: bigint, length: number): bigint {
  return offset > BigInt(length) ? BigInt(length) : offset;
}

function lastNearest(length: number, given = BigInt(length)): bigint {
  if (given < 0n) outOfRange(given);
  return nearest(given, length);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const letters = points(text);
  const length = BigInt(letters.length);
  if (end !== undefined && start > end)
    throw new EvaluationFailure(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) outOfRange(end);
  return slice(letters, Number(start), end === undefined ? undefined : Number(end));
}

/** Go's `strings.Replace`; a negative limit means no limit. */
function replace(text: string, old: string, by: string, limit = -1n): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  const count = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  if (text.length + count * by.length > MAX_TEXT_LENGTH) throw new CostExceeded();
  if (count === parts.length - 1) return parts.join(by);
  return [...parts.slice(0, count), parts.slice(count).join(old)].join(by);
}

/** Go's `strings.SplitN`. */
function split(text: string, separator: string, limit = -1n): readonly string[] {
  if (limit === 0n) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

function join(list: readonly Value[], separator = ''): string {
  let length = 0;
  for (const item of list) {
    if (typeof item !== 'string') throw new EvaluationFailure(`join: invalid input: ${String(item)}`);
    length += item.length + separator.length;
    if (length > MAX_TEXT_LENGTH) throw new CostExceeded();
  }
  return list.join(separator);
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}

function upper(text: string): string {
  return text.replace(/[a-z]+/g, letters => letters.toUpperCase());
}

/** White space as Go defines it. */
const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const outerSpace = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');

function trim(text: string): string {
  return text.replace(outerSpace, '');
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quoted(text: string): string {
  return `"${text.toWellFormed().replace(/[\x07\b\f\n\r\t\v\\"]/g, letter => escapes[letter] ?? letter)}"`;
}

export const strings: Library = {
  since: 0,
  functions: [
    ['string.startsWith(string): bool', (text: string, part: string) => text.startsWith(part), readingCost],
    ['string.endsWith(string): bool', (text: string, part: string) => text.endsWith(part), readingCost],
    ['string.contains(string): bool', (text: string, part: string) => text.includes(part), searchCost],
    ['string.charAt(int): string', charAt],
    ['string.lowerAscii(): string', lower, readingCost],
    ['string.upperAscii(): string', upper, readingCost],
    ['string.trim(): string', trim, readingCost],
    ['string.replace(string, string): string', replace, rewritingCost],
    ['string.replace(string, string, int): string', replace, rewritingCost],
    ['string.split(string): list<string>', split, rewritingCost],
    ['string.split(string, int): list<string>', split, rewritingCost],
    ['string.substring(int): string', substring, readingCost],
    ['string.substring(int, int): string', substring, readingCost],
    ['list<string>.join(): string', join, joiningCost],
    ['list<string>.join(string): string', join, joiningCost],
  ],
};

function searching(first: Search, last: Search): Library['functions'] {
  return [
    ['string.indexOf(string): int', first, traversalCost],
    ['string.indexOf(string, int): int', first, traversalCost],
    ['string.lastIndexOf(string): int', last, traversalCost],
    ['string.lastIndexOf(string, int): int', last, traversalCost],
  ];
}

/** Until Kubernetes 1.36: https://github.com/google/cel-go/blob/v0.26.0/ext/strings.go#L576 */
export const laxSearches: Library = {
  since: 0,
  until: 36,
  functions: searching(lax(indexOf), lax(lastIndexOf)),
};

/** From Kubernetes 1.37 on: https://github.com/google/cel-go/blob/v0.29.2/ext/strings.go#L665 */
export const searches: Library = { since: 36, functions: searching(indexOf, lastIndexOf) };

export const textFormatting: Library = {
  since: 29,
  functions: [
    ['string.format(list<dyn>): string', formatText, readingCost],
    ['strings.quote(string): string', quoted, readingCost],
  ],
};
