import { compare, contains, equals, joinLists } from '../values/compare.ts';
import { EvaluationFailure, fail } from '../values/failure.ts';
import { TEXT_FACTOR } from '../values/meter.ts';
import {
  Double,
  type Duration,
  QuantityValue,
  sizeOf,
  type Timestamp,
  Uint,
  type Value,
} from '../values/values.ts';
import type { Cost, Library } from './function-table.ts';
import { checkDuration, checkTimestamp } from './time.ts';

const MAX_INT64 = (1n << 63n) - 1n;
const MAX_UINT64 = (1n << 64n) - 1n;

export function checkInt(value: bigint): bigint {
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? fail('integer overflow') : value;
}

export function checkUint(value: bigint): Uint {
  return value > MAX_UINT64 || value < 0n ? fail('unsigned integer overflow') : new Uint(value);
}

const costOfSum: Cost = ([left, right]) =>
  Math.ceil(((sizeOf(left ?? null) ?? 1) + (sizeOf(right ?? null) ?? 1)) * TEXT_FACTOR);
const costOfComparison: Cost = ([left, right]) =>
  Math.ceil(Math.min(sizeOf(left ?? null) ?? 1, sizeOf(right ?? null) ?? 1) * TEXT_FACTOR);
const costOfSearch: Cost = ([, container]) => (Array.isArray(container) ? container.length : 1);

type Functions = Library['functions'];

const ARITHMETIC: Functions = [
  ['_+_(int, int): int', (a: bigint, b: bigint) => checkInt(a + b)],
  ['_-_(int, int): int', (a: bigint, b: bigint) => checkInt(a - b)],
  ['_*_(int, int): int', (a: bigint, b: bigint) => checkInt(a * b)],
  ['_/_(int, int): int', (a: bigint, b: bigint) => checkInt(divide(a, b))],
  ['_%_(int, int): int', (a: bigint, b: bigint) => checkInt(remainder(a, b))],
  ['-_(int): int', (a: bigint) => checkInt(-a)],
  ['_+_(uint, uint): uint', (a: Uint, b: Uint) => checkUint(a.value + b.value)],
  ['_-_(uint, uint): uint', (a: Uint, b: Uint) => checkUint(a.value - b.value)],
  ['_*_(uint, uint): uint', (a: Uint, b: Uint) => checkUint(a.value * b.value)],
  ['_/_(uint, uint): uint', (a: Uint, b: Uint) => checkUint(divide(a.value, b.value))],
  ['_%_(uint, uint): uint', (a: Uint, b: Uint) => checkUint(remainder(a.value, b.value))],
  ['_+_(double, double): double', (a: Double, b: Double) => new Double(a.value + b.value)],
  ['_-_(double, double): double', (a: Double, b: Double) => new Double(a.value - b.value)],
  ['_*_(double, double): double', (a: Double, b: Double) => new Double(a.value * b.value)],
  ['_/_(double, double): double', (a: Double, b: Double) => new Double(a.value / b.value)],
  ['-_(double): double', (a: Double) => new Double(-a.value)],
];

/** The shortest duration has no opposite. */
function negate({ nanos }: Duration): bigint {
  return nanos === -MAX_INT64 - 1n ? fail('integer overflow') : -nanos;
}

function divide(a: bigint, b: bigint): bigint {
  return b === 0n ? fail('division by zero') : a / b;
}

function remainder(a: bigint, b: bigint): bigint {
  return b === 0n ? fail('modulus by zero') : a % b;
}

const JOINING: Functions = [
  ['_+_(string, string): string', (a: string, b: string) => a + b, costOfSum],
  ['_+_(bytes, bytes): bytes', (a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b]), costOfSum],
  ['_+_(list<A>, list<A>): list<A>', joinLists],
  ['_+_(duration, duration): duration', (a: Duration, b: Duration) => checkDuration(a.nanos + b.nanos)],
  [
    '_+_(timestamp, duration): timestamp',
    (a: Timestamp, b: Duration) => checkTimestamp(a.nanos + b.nanos, a.offset),
  ],
  [
    '_+_(duration, timestamp): timestamp',
    (a: Duration, b: Timestamp) => checkTimestamp(a.nanos + b.nanos, b.offset),
  ],
  ['_-_(duration, duration): duration', (a: Duration, b: Duration) => checkDuration(a.nanos - b.nanos)],
  [
    '_-_(timestamp, duration): timestamp',
    (a: Timestamp, b: Duration) => checkTimestamp(a.nanos + negate(b), a.offset),
  ],
  ['_-_(timestamp, timestamp): duration', (a: Timestamp, b: Timestamp) => checkDuration(a.nanos - b.nanos)],
];

const ORDERED: readonly (readonly [string, string])[] = [
  ...['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'].map(
    type => [type, type] as const,
  ),
  ['int', 'uint'],
  ['int', 'double'],
  ['uint', 'int'],
  ['uint', 'double'],
  ['double', 'int'],
  ['double', 'uint'],
];

const orders: readonly (readonly [string, (order: number) => boolean])[] = [
  ['_<_', order => order < 0],
  ['_<=_', order => order <= 0],
  ['_>_', order => order > 0],
  ['_>=_', order => order >= 0],
];

const comparisons: Functions = orders.flatMap(([name, decide]) =>
  ORDERED.map(
    ([left, right]) =>
      [
        `${name}(${left}, ${right}): bool`,
        (a: Value, b: Value) => decide(orderOf(a, b)),
        ...(left === 'string' || left === 'bytes' ? [costOfComparison] : []),
      ] as unknown as Functions[number],
  ),
);

function orderOf(a: Value, b: Value): number {
  const order = compare(a, b);
  if (order === undefined) throw new EvaluationFailure('no such overload');
  return order;
}

function areEqual(a: Value, b: Value): boolean {
  if (a instanceof QuantityValue && b instanceof QuantityValue && b.isSum) return fail('no such overload');
  return equals(a, b);
}

/** `!=`: quantities that can't be compared are different. */
function differ(a: Value, b: Value): boolean {
  return (b instanceof QuantityValue && b.isSum) || !equals(a, b);
}

const TESTS: Functions = [
  ['_==_(A, A): bool', (a: Value, b: Value) => areEqual(a, b), costOfComparison],
  ['_!=_(A, A): bool', differ, costOfComparison],
  ['!_(bool): bool', (a: boolean) => !a],
  ['@in(A, list<A>): bool', (a: Value, b: Value) => contains(b, a) === true, costOfSearch],
  ['@in(A, map<A, B>): bool', (a: Value, b: Value) => contains(b, a) === true],
];

export const operators: Library = {
  since: 0,
  functions: [...ARITHMETIC, ...JOINING, ...comparisons, ...TESTS],
};
