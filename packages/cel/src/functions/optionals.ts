import { fail } from '../values/failure.ts';
import {
  Double,
  Duration,
  fromJson,
  isMap,
  keysOf,
  Optional,
  Timestamp,
  Uint,
  type Value,
} from '../values/values.ts';
import type { Library } from './function-table.ts';

/** What `ofNonZeroValue` treats as no value. */
function isZero(value: Value): boolean {
  if (value === null || value === '' || value === false || value === 0n) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Double || value instanceof Uint) return Number(value.value) === 0;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Timestamp) return value.nanos === FIRST_DAY;
  if (value instanceof Optional) return value.value === undefined || isZero(value.value);
  return isMap(value) && keysOf(value).length === 0;
}

/** Go's zero time is the first of January of the year 1. */
const FIRST_DAY = -62_135_596_800_000_000_000n;

function at(list: readonly Value[], index: number): Optional {
  const item = list.at(index);
  return item === undefined ? Optional.none : new Optional(fromJson(item));
}

function present(list: readonly Value[]): readonly Value[] {
  return list.flatMap(item => {
    if (!(item instanceof Optional)) return fail('value is not optional');
    return item.value === undefined ? [] : [item.value];
  });
}

/** https://github.com/google/cel-go/blob/v0.26.0/cel/library.go#L360 */
export const optionals: Library = {
  since: 28,
  functions: [
    ['optional.of(A): optional<A>', (value: Value) => new Optional(value)],
    [
      'optional.ofNonZeroValue(A): optional<A>',
      (value: Value) => (isZero(value) ? Optional.none : new Optional(value)),
    ],
    ['optional.none(): optional<A>', () => Optional.none],
    [
      'optional<A>.value(): A',
      ({ value }: Optional) => (value === undefined ? fail('optional.none() dereference') : value),
    ],
    ['optional<A>.hasValue(): bool', ({ value }: Optional) => value !== undefined],
    // call.ts evaluates calls of these two, and skips the second operand where it can.
    [
      'optional<A>.or(optional<A>): optional<A>',
      (first: Optional, second: Optional) => (first.value === undefined ? second : first),
    ],
    ['optional<A>.orValue(A): A', (first: Optional, second: Value) => first.value ?? second],
  ],
};

export const listOptionals: Library = {
  since: 33,
  functions: [
    ['list<A>.first(): optional<A>', (list: readonly Value[]) => at(list, 0)],
    ['list<A>.last(): optional<A>', (list: readonly Value[]) => at(list, -1)],
    ['optional.unwrap(list<optional<A>>): list<A>', present],
    ['list<optional<A>>.unwrapOpt(): list<A>', present],
  ],
};
