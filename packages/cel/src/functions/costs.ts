import { PATTERN_FACTOR, TEXT_FACTOR } from '../values/meter.ts';
import { CelMap, isJsonMap, keysOf, lookup, sizeOf, type Value } from '../values/values.ts';
import type { Cost } from './function-table.ts';

function size(value: Value | undefined): number {
  return sizeOf(value ?? null) ?? 1;
}

/** The cost of reading the first argument once. */
export const readingCost: Cost = ([text]) => Math.ceil(size(text) * TEXT_FACTOR);

/** The cost of reading the first argument and creating the result. */
export const rewritingCost: Cost = ([text]) => Math.ceil(size(text) * 2 * TEXT_FACTOR);

export const joiningCost: Cost = (_values, result) => Math.ceil(size(result) * 2 * TEXT_FACTOR);

export const searchCost: Cost = ([text, part]) =>
  Math.ceil(size(text) * TEXT_FACTOR) * Math.ceil(size(part) * TEXT_FACTOR);

export const patternCost: Cost = ([text, pattern]) =>
  Math.ceil((1 + size(text)) * TEXT_FACTOR) * Math.ceil(size(pattern) * PATTERN_FACTOR);

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/cost.go#L608 */
export const traversalCost: Cost = ([value]) => traverse(value ?? null);

function traverse(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array)
    return Math.trunc(Buffer.byteLength(value) * TEXT_FACTOR);
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + traverse(item), 0);
  if (!isJsonMap(value) && !(value instanceof CelMap)) return 1;
  return keysOf(value).reduce(
    (sum: number, key) => sum + traverse(key) + traverse(lookup(value, key) ?? null),
    0,
  );
}
