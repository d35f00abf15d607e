import { compare, equals } from '../values/compare.ts';
import { CostExceeded, EvaluationFailure } from '../values/failure.ts';
import { LIST_CREATE_COST, TEXT_FACTOR } from '../values/meter.ts';
import { Double, Duration, fromJson, typeName, Uint, type Value } from '../values/values.ts';
import { traversalCost } from './costs.ts';
import type { Cost, Library } from './function-table.ts';
import { checkInt, checkUint } from './operators.ts';
import { checkDuration } from './time.ts';

type List = readonly Value[];

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];

/** The order of two values; undefined for NaN and for values of different types, which Go's functions then take as they come. */
function orderOf(left: Value, right: Value): number | undefined {
  return isNaNValue(left) || isNaNValue(right) ? undefined : compare(left, right);
}

/** The items of a list whose order is asked for. @throws EvaluationFailure if one has none */
function comparables(list: List): List {
  const values = list.map(fromJson);
  if (!values.every(isComparable)) throw new EvaluationFailure('no such overload');
  return values;
}

function isComparable(value: Value): boolean {
  return isNaNValue(value) || compare(value, value) !== undefined;
}

function isNaNValue(value: Value): boolean {
  return value instanceof Double && Number.isNaN(value.value);
}

function isSorted(list: List): boolean {
  const values = comparables(list);
  return values.every(
    (value, index) => index === 0 || !((orderOf(values[index - 1] as Value, value) ?? 0) > 0),
  );
}

/** `min` and `max`. @param wanted the sign of the comparison with which a later item replaces an earlier one */
function extreme(name: string, wanted: number): (list: List) => Value {
  return list => {
    if (list.length === 0) throw new EvaluationFailure(`${name} called on empty list`);
    return comparables(list).reduce((best, item) =>
      Math.sign(orderOf(best, item) ?? 0) === wanted ? item : best,
    );
  };
}

const largest = extreme('max', -1);
const smallest = extreme('min', 1);

function find(list: List, wanted: Value): bigint {
  return BigInt(list.findIndex(item => equals(item, wanted)));
}

function findLast(list: List, wanted: Value): bigint {
  return BigInt(list.findLastIndex(item => equals(item, wanted)));
}

/** Adds items of the type of the start. @throws EvaluationFailure if one has another type */
function sumOf<Item extends Value>(start: Item, add: (sum: Item, item: Item) => Item): (list: List) => Item {
  return list =>
    list.map(fromJson).reduce<Item>((sum, item) => {
      if (typeName(item) !== typeName(start)) throw new EvaluationFailure('no such overload');
      return add(sum, item as Item);
    }, start);
}

const SUMS: Library['functions'] = [
  ['list<int>.sum(): int', sumOf<bigint>(0n, (sum, item) => checkInt(sum + item)), traversalCost],
  [
    'list<uint>.sum(): uint',
    sumOf(new Uint(0n), (sum, item) => checkUint(sum.value + item.value)),
    traversalCost,
  ],
  [
    'list<double>.sum(): double',
    sumOf(new Double(0), (sum, item) => new Double(sum.value + item.value)),
    traversalCost,
  ],
  [
    'list<duration>.sum(): duration',
    sumOf(new Duration(0n), (sum, item) => checkDuration(sum.nanos + item.nanos)),
    traversalCost,
  ],
];

/** Kubernetes' library: https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/lists.go */
export const lists: Library = {
  since: 0,
  functions: [
    ...COMPARABLE.flatMap((type): Library['functions'] => [
      [`list<${type}>.isSorted(): bool`, isSorted, traversalCost],
      [`list<${type}>.max(): ${type}`, largest, traversalCost],
      [`list<${type}>.min(): ${type}`, smallest, traversalCost],
    ]),
    ...SUMS,
    ['list<A>.indexOf(A): int', find, traversalCost],
    ['list<A>.lastIndexOf(A): int', findLast, traversalCost],
  ],
};

/** A longer list would exceed the cost limit anyway. */
const MAX_RANGE = 1_000_000n;

function firstIntegers(count: bigint): List {
  if (count > MAX_RANGE) throw new CostExceeded();
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

function boundedRange(count: bigint): List {
  if (count < 0n) throw new EvaluationFailure(`lists.range: size must be non-negative, got ${count}`);
  if (count > MAX_RANGE)
    throw new EvaluationFailure(`lists.range: size ${count} exceeds maximum allowed (${MAX_RANGE})`);
  return firstIntegers(count);
}

function slice(list: List, start: bigint, end: bigint): List {
  const problem = sliceProblem(BigInt(list.length), start, end);
  if (problem !== undefined) throw new EvaluationFailure(`cannot slice(${start}, ${end}), ${problem}`);
  return list.slice(Number(start), Number(end));
}

function sliceProblem(length: bigint, start: bigint, end: bigint): string | undefined {
  if (start < 0n || end < 0n) return 'negative indexes not supported';
  if (start > end) return 'start index must be less than or equal to end index';
  return length < end ? `list is length ${length}` : undefined;
}

function flatten(list: List, depth = 1n): List {
  if (depth < 0n) throw new EvaluationFailure('level must be non-negative');
  return list.flatMap(item => (Array.isArray(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function sort(list: List): List {
  return sortByKeys(list.map(fromJson), list);
}

/** What `sortBy` expands to: the list in the order of the keys of its items. */
function sortByKeys(list: List, given: List): List {
  const keys = given.map(fromJson);
  const [first] = keys;
  if (first === undefined) return list;
  if (!isComparable(first)) throw new EvaluationFailure('list elements must be comparable');
  if (keys.some(key => typeName(key) !== typeName(first)))
    throw new EvaluationFailure('list elements must have the same type');
  const entries = list.map((item, index) => ({ item, key: keys[index] as Value }));
  return sortEntries(entries).map(({ item }) => item);
}

interface Entry {
  readonly item: Value;
  readonly key: Value;
}

/** Up to this length Go sorts by insertion, which tells where NaN ends up. */
const MAX_INSERTION = 12;

function sortEntries(entries: Entry[]): Entry[] {
  const order = (left: Entry, right: Entry): number => orderOf(left.key, right.key) ?? 0;
  return entries.length > MAX_INSERTION ? entries.sort(order) : insertionSort(entries, order);
}

function insertionSort(entries: Entry[], order: (left: Entry, right: Entry) => number): Entry[] {
  const sorted: Entry[] = [];
  for (const entry of entries) {
    const before = sorted.findLastIndex(other => !(order(entry, other) < 0));
    sorted.splice(before + 1, 0, entry);
  }
  return sorted;
}

function distinct(list: List): List {
  return list.filter((item, index) => list.findIndex(other => equals(other, item)) === index);
}

const outputCost: Cost = (_values, result) => 1 + LIST_CREATE_COST + (result as List).length;
const flatteningCost: Cost = ([list, depth = 1n]) =>
  1 + LIST_CREATE_COST + (list as List).length * Number(depth);

/** The cost of comparing each item with each other; texts cost more. @param index of the list that is compared */
const comparingCost =
  (index: number): Cost =>
  values => {
    const list = values[index] as List;
    const first = list[0];
    const factor = typeof first === 'string' || first instanceof Uint8Array ? 2 + TEXT_FACTOR : 2;
    return 1 + LIST_CREATE_COST + Math.trunc(list.length ** 2 * factor);
  };

/** cel-go's library: https://github.com/google/cel-go/blob/v0.26.0/ext/lists.go */
export const moreLists: Library = {
  since: 34,
  functions: [
    ['list<A>.slice(int, int): list<A>', slice, outputCost],
    ['list<list<A>>.flatten(): list<A>', flatten, flatteningCost],
    ['list<dyn>.flatten(int): list<dyn>', flatten, flatteningCost],
    ...COMPARABLE.map((type): Library['functions'][number] => [
      `list<${type}>.sort(): list<${type}>`,
      sort,
      comparingCost(0),
    ]),
    ...COMPARABLE.map((type): Library['functions'][number] => [
      `list<A>.@sortByAssociatedKeys(list<${type}>): list<A>`,
      sortByKeys,
      comparingCost(1),
    ]),
    ['list<A>.reverse(): list<A>', (list: List) => list.toReversed(), outputCost],
    ['list<A>.distinct(): list<A>', distinct, comparingCost(0)],
  ],
};

/** Until Kubernetes 1.36: https://github.com/google/cel-go/blob/v0.26.0/ext/lists.go */
export const laxRange: Library = {
  since: 34,
  until: 36,
  functions: [['lists.range(int): list<int>', firstIntegers, outputCost]],
};

/** From Kubernetes 1.37 on: https://github.com/google/cel-go/blob/v0.29.2/ext/lists.go */
export const range: Library = {
  since: 36,
  functions: [['lists.range(int): list<int>', boundedRange, outputCost]],
};

function isOrHas(value: Value, wanted: Value): boolean {
  return Array.isArray(value) ? value.some(item => equals(item, wanted)) : equals(value, wanted);
}

/** https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/cel/library/lists.go#L92 */
export const includes: Library = {
  since: 37,
  functions: [['dyn.includes(dyn): bool', isOrHas, traversalCost]],
};

const setCost =
  (factor: number): Cost =>
  ([left, right]) =>
    1 + (left as List).length * (right as List).length * factor;

function includesAll(list: List, wanted: List): boolean {
  return wanted.every(item => list.some(other => equals(other, item)));
}

export const sets: Library = {
  since: 29,
  functions: [
    ['sets.contains(list<A>, list<A>): bool', includesAll, setCost(1)],
    [
      'sets.equivalent(list<A>, list<A>): bool',
      (a: List, b: List) => includesAll(a, b) && includesAll(b, a),
      setCost(2),
    ],
    [
      'sets.intersects(list<A>, list<A>): bool',
      (a: List, b: List) => a.some(item => b.some(other => equals(other, item))),
      setCost(1),
    ],
  ],
};
