import type { JsonObject, JsonValue } from '@slipway/core';
import { formatQuantity, type Quantity } from '@slipway/kubernetes';

/**
 * Values while an expression is evaluated. Integers are `bigint`. A JavaScript `number` only occurs inside JSON that was read,
 * where its value makes it an integer or a double; `fromJson` converts it when it is read. That way objects need no conversion
 * before an evaluation.
 */
export type Value =
  | JsonValue
  | Double
  | Uint
  | Uint8Array
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | Opaque
  | LazyMap
  | CelMap
  | readonly Value[];

export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** Nanoseconds since 1970, and the offset from UTC in minutes of the zone that it was written in. */
export class Timestamp {
  readonly nanos: bigint;
  readonly offset: number;
  constructor(nanos: bigint, offset = 0) {
    this.nanos = nanos;
    this.offset = offset;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class Optional {
  static readonly none = new Optional(undefined);
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A map that an expression created; its keys are integers, booleans or text. Unsigned integers are equal to signed ones. */
export class CelMap {
  readonly entries: ReadonlyMap<string | bigint | boolean, Value>;
  constructor(entries: ReadonlyMap<string | bigint | boolean, Value>) {
    this.entries = entries;
  }
}

/** A map whose values are computed when they are read, such as `variables`. */
export class LazyMap {
  readonly #read: (key: string) => Value | undefined;
  constructor(read: (key: string) => Value | undefined) {
    this.#read = read;
  }
  get(key: string): Value | undefined {
    return this.#read(key);
  }
}

/** A value of one of Kubernetes' types. */
export type Opaque = QuantityValue | AddressValue | NetworkValue | UrlValue | SemverValue | FormatValue;

export class QuantityValue {
  readonly quantity: Quantity;
  /** The results of `add` and `sub` have another Go type, which equality does not accept on its right side. */
  readonly isSum: boolean;
  constructor(quantity: Quantity, isSum = false) {
    this.quantity = quantity;
    this.isSum = isSum;
  }
}

/** An IP address: 4 or 6, and its bits. */
export class AddressValue {
  readonly family: 4 | 6;
  readonly bits: bigint;
  constructor(family: 4 | 6, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }
}

/** A CIDR block; the address keeps the bits that the mask would clear. */
export class NetworkValue {
  readonly address: AddressValue;
  readonly prefix: number;
  constructor(address: AddressValue, prefix: number) {
    this.address = address;
    this.prefix = prefix;
  }
}

export interface UrlParts {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly escapedPath: string;
  readonly query: CelMap;
}

export class UrlValue {
  readonly parts: UrlParts;
  constructor(parts: UrlParts) {
    this.parts = parts;
  }
}

export class SemverValue {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
  constructor(
    major: bigint,
    minor: bigint,
    patch: bigint,
    prerelease: readonly string[],
    build: readonly string[],
  ) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.prerelease = prerelease;
    this.build = build;
  }
}

export class FormatValue {
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  constructor(name: string, validate: (text: string) => readonly string[]) {
    this.name = name;
    this.validate = validate;
  }
}

/** Converts a value that was read from JSON. */
export function fromJson(value: Value): Value {
  if (typeof value !== 'number') return value;
  return Number.isInteger(value) ? BigInt(value) : new Double(value);
}

const OPAQUE_NAMES = [
  [QuantityValue, 'kubernetes.Quantity'],
  [AddressValue, 'net.IP'],
  [NetworkValue, 'net.CIDR'],
  [UrlValue, 'kubernetes.URL'],
  [SemverValue, 'kubernetes.Semver'],
  [FormatValue, 'kubernetes.NamedFormat'],
] as const;

/** The name of a value's type in `type()` and in messages. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'double';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Exclude<Value, string | boolean | bigint | number>): string {
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Double) return 'double';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof TypeValue) return 'type';
  const opaque = OPAQUE_NAMES.find(([Class]) => value instanceof Class);
  return opaque === undefined ? 'map' : opaque[1];
}

export function isJsonMap(value: Value): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  );
}

export function isMap(value: Value): value is JsonObject | CelMap | LazyMap {
  return isJsonMap(value) || value instanceof CelMap || value instanceof LazyMap;
}

export type MapKey = string | bigint | boolean;

/** A key in the form in which maps store it; undefined for a value that can't be a key. */
export function mapKey(value: Value): MapKey | undefined {
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (value instanceof Uint) return value.value;
  if (value instanceof Double) return Number.isInteger(value.value) ? BigInt(value.value) : undefined;
  return undefined;
}

/** The value under a key, or undefined. */
export function lookup(map: JsonObject | CelMap | LazyMap, key: Value): Value | undefined {
  if (map instanceof LazyMap) return typeof key === 'string' ? map.get(key) : undefined;
  if (map instanceof CelMap) {
    const form = mapKey(key);
    return form === undefined ? undefined : map.entries.get(form);
  }
  if (typeof key !== 'string' || !Object.hasOwn(map, key)) return undefined;
  return fromJson(map[key] as JsonValue);
}

export function keysOf(map: JsonObject | CelMap | LazyMap): readonly MapKey[] {
  if (map instanceof LazyMap) return [];
  return map instanceof CelMap ? [...map.entries.keys()] : Object.keys(map);
}

/** The number of code points, list items, map entries or bytes; undefined for a value without a size. */
export function sizeOf(value: Value): number | undefined {
  if (typeof value === 'string') return codePointCount(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (isMap(value)) return keysOf(value).length;
  return undefined;
}

const BEYOND_BASIC_PLANE = /[\ud800-\udfff]/;

export function codePointCount(text: string): number {
  if (!BEYOND_BASIC_PLANE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** A value as cel-go would print it within a message. */
export function describe(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Double) return formatDouble(value.value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof QuantityValue) return formatQuantity(value.quantity);
  if (value === null || typeof value !== 'object') return String(value);
  return typeName(value);
}

/** Beyond this power of ten Go writes an exponent. */
const PLAIN_DIGITS = 6;

/** Go's `%g`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < PLAIN_DIGITS) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
