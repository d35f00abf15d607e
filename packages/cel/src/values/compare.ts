import { EvaluationFailure } from './failure.ts';
import { type ListType, listsByType } from './list-types.ts';
import {
  AddressValue,
  CelMap,
  Double,
  Duration,
  FormatValue,
  fromJson,
  isJsonMap,
  isMap,
  keysOf,
  LazyMap,
  lookup,
  NetworkValue,
  Optional,
  QuantityValue,
  SemverValue,
  Timestamp,
  TypeValue,
  Uint,
  UrlValue,
  type Value,
} from './values.ts';

/** CEL's equality across types: numbers by value (an integer and a double as doubles, as in cel-go), lists and maps by their content; other types are unequal. */
export function equals(a: Value, b: Value): boolean {
  const left = fromJson(a);
  const right = fromJson(b);
  if (left === right) return true;
  if (left === null || right === null || typeof left === 'boolean' || typeof left === 'string') return false;
  const number = numberOf(left);
  if (number !== undefined) {
    const other = numberOf(right);
    return (
      other !== undefined &&
      (typeof number === typeof other ? number === other : Number(number) === Number(other))
    );
  }
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  if (isMap(left)) return isMap(right) && equalMaps(left, right);
  return equalOpaque(left, right);
}

function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof Double || value instanceof Uint ? value.value : undefined;
}

function equalLists(left: readonly Value[], right: readonly Value[]): boolean {
  const type = listsByType.get(left);
  if (type !== undefined) return equalUnordered(left, right, type);
  return left.length === right.length && left.every((item, index) => equals(item, right[index] as Value));
}

function equalUnordered(left: readonly Value[], right: readonly Value[], type: ListType): boolean {
  return (
    left.length === right.length &&
    left.every(item => right.some(other => isSameItem(item, other, type) && equals(item, other)))
  );
}

/** Whether two items of a set or a map list have the same identity. */
function isSameItem(one: Value, other: Value, type: ListType): boolean {
  if (type.type === 'set') return equals(one, other);
  if (!isMap(one) || !isMap(other)) return false;
  return type.keys.every(key => equals(lookup(one, key) ?? null, lookup(other, key) ?? null));
}

/** `left + right`: items of a set or map list that both have keep their index from the left and take the value from the right. */
export function joinLists(left: readonly Value[], right: readonly Value[]): readonly Value[] {
  const type = listsByType.get(left);
  if (type === undefined) return [...left, ...right];
  const joined = [...left];
  for (const item of right) {
    const index = joined.findIndex(other => isSameItem(other, item, type));
    if (index < 0) joined.push(item);
    else if (type.type === 'map') joined[index] = item;
  }
  listsByType.set(joined, type);
  return joined;
}

function equalMaps(left: Parameters<typeof keysOf>[0], right: Parameters<typeof keysOf>[0]): boolean {
  if (left instanceof LazyMap || right instanceof LazyMap) return false;
  const keys = keysOf(left);
  if (keys.length !== keysOf(right).length) return false;
  return keys.every(key => {
    const other = lookup(right, key);
    return other !== undefined && equals(lookup(left, key) as Value, other);
  });
}

type Equality<Kind> = (left: Kind, right: Kind) => boolean;

function equality<Kind extends Value>(
  Class: abstract new (...values: never[]) => Kind,
  equal: Equality<Kind>,
): readonly [abstract new (...values: never[]) => Value, Equality<Value>] {
  return [Class, equal as Equality<Value>];
}

const EQUALITIES = [
  equality(Uint8Array as never, (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right) === 0),
  equality(Timestamp, (left, right) => left.nanos === right.nanos),
  equality(Duration, (left, right) => left.nanos === right.nanos),
  equality(TypeValue, (left, right) => left.name === right.name),
  equality(QuantityValue, (left, right) => left.quantity.nanos === right.quantity.nanos),
  equality(AddressValue, equalAddresses),
  equality(
    NetworkValue,
    (left, right) => left.prefix === right.prefix && equalAddresses(left.address, right.address),
  ),
  equality(UrlValue, (left, right) => left.parts.text === right.parts.text),
  equality(SemverValue, (left, right) => compareVersions(left, right) === 0),
  equality(FormatValue, (left, right) => left.name === right.name),
  equality(Optional, equalOptionals),
];

function equalOpaque(left: Value, right: Value): boolean {
  const found = EQUALITIES.find(([Class]) => left instanceof Class);
  return found !== undefined && right instanceof found[0] && found[1](left, right);
}

function equalOptionals({ value: left }: Optional, { value: right }: Optional): boolean {
  return left === undefined || right === undefined ? left === right : equals(left, right);
}

function equalAddresses(left: AddressValue, right: AddressValue): boolean {
  return left.family === right.family && left.bits === right.bits;
}

/**
 * The order of two values of one type (numbers of any), negative, zero or positive; undefined if they have none.
 * @throws EvaluationFailure for NaN
 */
export function compare(left: Value, right: Value): number | undefined {
  const number = numberOf(left);
  const other = numberOf(right);
  if (number !== undefined) return other === undefined ? undefined : compareNumbers(number, other);
  if (typeof left === 'string') return typeof right === 'string' ? compareText(left, right) : undefined;
  if (typeof left === 'boolean') return typeof right === 'boolean' ? Number(left) - Number(right) : undefined;
  if (left instanceof Uint8Array)
    return right instanceof Uint8Array ? Buffer.compare(left, right) : undefined;
  if (left instanceof Timestamp)
    return right instanceof Timestamp ? order(left.nanos, right.nanos) : undefined;
  if (left instanceof Duration) return right instanceof Duration ? order(left.nanos, right.nanos) : undefined;
  return undefined;
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (Number.isNaN(left) || Number.isNaN(right)) throw new EvaluationFailure('NaN values cannot be ordered');
  return typeof left === typeof right ? order(left, right) : order(Number(left), Number(right));
}

function order(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** Go compares bytes of UTF-8, which differs from UTF-16 beyond the basic plane. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return /[\ud800-\udfff]/.test(left + right)
    ? Buffer.compare(Buffer.from(left), Buffer.from(right))
    : left < right
      ? -1
      : 1;
}

/** https://semver.org/spec/v2.0.0.html#spec-item-11 */
export function compareVersions(left: SemverValue, right: SemverValue): number {
  const numbers =
    order(left.major, right.major) || order(left.minor, right.minor) || order(left.patch, right.patch);
  if (numbers !== 0) return numbers;
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return right.prerelease.length - left.prerelease.length;
  for (const [index, part] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const result = comparePrerelease(part, other);
    if (result !== 0) return result;
  }
  return left.prerelease.length - right.prerelease.length;
}

function comparePrerelease(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftIsNumber && rightIsNumber) return order(BigInt(left), BigInt(right));
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return compareText(left, right);
}

/** Whether a value is in a list or a key of a map; undefined if the container is neither. */
export function contains(container: Value, value: Value): boolean | undefined {
  if (Array.isArray(container)) return container.some(item => equals(item, value));
  if (isJsonMap(container) || container instanceof CelMap || container instanceof LazyMap)
    return lookup(container, value) !== undefined;
  return undefined;
}
