import { isJsonObject, type JsonValue, type Path } from '@slipway/core';
import { isBuiltIn, type Kind, kindKey } from './kinds.ts';
import { fieldsOf } from './list-types.ts';

type Format = 'decimal' | 'exponent' | 'binary';

/**
 * A Kubernetes quantity such as `500m` or `1Gi`, exact down to a billionth: value times ten to the power of scale. Kubernetes holds
 * small amounts as 64-bit integers and all others as decimals of any length, and what it says of a quantity depends on which.
 */
export interface Quantity {
  readonly value: bigint;
  readonly scale: number;
  readonly isDecimal: boolean;
  /** The same amount in billionths. */
  readonly nanos: bigint;
  readonly format: Format;
  /** The text that it was read from, where Kubernetes keeps that as the canonical form. */
  readonly text?: string;
}

/** No resource has a larger exponent, and the arithmetic on it would take too long. */
const MAX_EXPONENT = 100;
/** No resource has more digits, and the arithmetic on them would take too long. */
const MAX_DIGITS = 1000;
const NANO_DIGITS = 9;
const NANOS = 10n ** BigInt(NANO_DIGITS);
const MAX_INT64 = (1n << 63n) - 1n;

const FORMAT_WRONG =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const SUFFIX_WRONG = "unable to parse quantity's suffix";
const NUMBER_WRONG = 'unable to parse numeric part of quantity';

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIXES = new Map(Object.entries(decimalExponents).map(([suffix, power]) => [power, suffix]));
const BINARY_SUFFIXES = new Map(Object.entries(binaryExponents).map(([suffix, power]) => [power, suffix]));

type Amount = Pick<Quantity, 'value' | 'scale' | 'isDecimal'>;

function newQuantity(amount: Amount, format: Format, text?: string): Quantity {
  const { value, scale, isDecimal } = amount;
  const nanos = value * 10n ** BigInt(scale + NANO_DIGITS);
  return { value, scale, isDecimal, nanos, format, ...(text === undefined ? {} : { text }) };
}

interface Parts {
  readonly sign: string;
  /** Without leading zeros; `0` where there are no digits. */
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: number;
  readonly format: Format;
}

/**
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/quantity.go#L278
 * @throws RangeError with Kubernetes' own words
 */
export function parseQuantity(text: string): Quantity {
  const match = /^([+-]?)(0*)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (text === '' || match === null) throw new RangeError(FORMAT_WRONG);
  const [, sign = '', zeros = '', digits = '', fraction = '', suffix = ''] = match;
  if (digits.length + fraction.length > MAX_DIGITS) throw new RangeError(NUMBER_WRONG);
  const parts: Parts = { sign, whole: digits || '0', fraction, ...interpretSuffix(suffix) };
  const integer = integerAmount(text, parts);
  if (integer !== undefined) return integer;
  // Kubernetes' fast way takes a missing number for zero.
  if (zeros + digits + fraction === '') throw new RangeError(NUMBER_WRONG);
  return decimalAmount(parts);
}

/** The amount as a 64-bit integer, where Kubernetes is sure by the number of digits that it is one. */
function integerAmount(
  text: string,
  { sign, whole, fraction, exponent, format }: Parts,
): Quantity | undefined {
  const digits = `${whole}${fraction}`;
  const isBinary = format === 'binary';
  const spare = isBinary ? 14 - whole.length - (exponent * 3) / 10 : 18 - digits.length;
  const scale = isBinary ? 0 : exponent - fraction.length;
  if (spare < 0 || scale < -NANO_DIGITS || (isBinary && fraction !== '')) return undefined;
  const plain = BigInt(digits);
  const value = isBinary ? plain << BigInt(exponent) : plain;
  const keepsText = isBinary
    ? (plain & 7n) !== 0n
    : scale % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0';
  const amount = { value: sign === '-' ? -value : value, scale, isDecimal: false };
  return newQuantity(amount, format, keepsText || text === '0' ? text : undefined);
}

/** Any other amount: cut off at what 64 bits hold if its suffix is binary. */
function decimalAmount({ sign, whole, fraction, exponent, format }: Parts): Quantity {
  const digits = BigInt(`${whole}${fraction}`);
  if (digits === 0n) return newQuantity({ value: 0n, scale: 0, isDecimal: true }, format);
  const isBinary = format === 'binary';
  const nanos = isBinary
    ? roundUp(digits << BigInt(exponent), -fraction.length)
    : roundUp(digits, exponent - fraction.length);
  const size =
    isBinary && nanos > MAX_INT64 * NANOS
      ? { value: MAX_INT64, scale: 0 }
      : { value: nanos, scale: -NANO_DIGITS };
  return newQuantity(
    { value: sign === '-' ? -size.value : size.value, scale: size.scale, isDecimal: true },
    isBinary && nanos < NANOS ? 'decimal' : format,
  );
}

function interpretSuffix(suffix: string): Pick<Parts, 'exponent' | 'format'> {
  const decimal = decimalExponents[suffix];
  if (decimal !== undefined) return { exponent: decimal, format: 'decimal' };
  const binary = binaryExponents[suffix];
  if (binary !== undefined) return { exponent: binary, format: 'binary' };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > MAX_EXPONENT) throw new RangeError(SUFFIX_WRONG);
  return { exponent: Number(exponent), format: 'exponent' };
}

/** In billionths. Smaller amounts are rounded up, as in Kubernetes: a request for a little must not become one for nothing. */
function roundUp(value: bigint, exponent: number): bigint {
  const power = exponent + NANO_DIGITS;
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

/** The canonical text: the largest suffix without fractional digits. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  const { nanos, format } = quantity;
  const whole = nanos % NANOS === 0n;
  const isBinary = format === 'binary' && whole && (nanos <= -1024n * NANOS || nanos >= 1024n * NANOS);
  return isBinary ? formatBinary(nanos / NANOS) : formatDecimal(nanos, format);
}

function formatBinary(value: bigint): string {
  let mantissa = value;
  let exponent = 0;
  while (exponent < 60 && mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    exponent += 10;
  }
  return `${mantissa}${BINARY_SUFFIXES.get(exponent) ?? ''}`;
}

function formatDecimal(nanos: bigint, format: Format): string {
  if (nanos === 0n) return '0';
  let mantissa = nanos;
  let exponent = -NANO_DIGITS;
  const last = format === 'exponent' ? Number.POSITIVE_INFINITY : 18;
  while (exponent < last && mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format !== 'exponent') return `${mantissa}${DECIMAL_SUFFIXES.get(exponent) ?? ''}`;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
}

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/quantity.go#L601 */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  const format = left.value === 0n ? right.format : left.format;
  return newQuantity(integerSum(left, right) ?? decimalSum(left, right), format);
}

/** Kubernetes negates a 64-bit integer, so the smallest one stays negative. */
export function subtractQuantities(left: Quantity, right: Quantity): Quantity {
  const format = left.value === 0n ? right.format : left.format;
  const negative = { ...right, value: right.isDecimal ? -right.value : BigInt.asIntN(64, -right.value) };
  const sum = integerSum(left, negative) ?? decimalSum(left, { ...right, value: -right.value });
  return newQuantity(sum, format);
}

function integerSum(left: Amount, right: Amount): Amount | undefined {
  if (left.isDecimal || right.isDecimal) return undefined;
  if (right.value === 0n) return left;
  if (left.value === 0n) return right;
  const { value, scale } = exactSum(left, right);
  const larger = left.scale > right.scale ? left : right;
  const scaled = larger.value * 10n ** BigInt(larger.scale - scale);
  return isInt64(scaled) && isInt64(value) ? { value, scale, isDecimal: false } : undefined;
}

function decimalSum(left: Amount, right: Amount): Amount {
  return { ...exactSum(left, right), isDecimal: true };
}

function exactSum(left: Amount, right: Amount): Pick<Quantity, 'value' | 'scale'> {
  const scale = Math.min(left.scale, right.scale);
  const [one, other] = [left, right].map(amount => amount.value * 10n ** BigInt(amount.scale - scale));
  return { value: (one as bigint) + (other as bigint), scale };
}

function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** The value if Kubernetes holds it as an integer: `1` and `1Ti` it does, `1000m`, `1.5Gi` and `100Ti` it does not. */
export function integerOf({ value, scale, isDecimal }: Quantity): bigint | undefined {
  if (isDecimal || scale < 0) return undefined;
  const scaled = value * 10n ** BigInt(scale);
  return isInt64(scaled) ? scaled : undefined;
}

export function wholeQuantity(value: bigint): Quantity {
  return newQuantity({ value, scale: 0, isDecimal: false }, 'exponent');
}

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/quantity.go#L468: rounded twice. */
export function approximate({ value, scale }: Quantity): number {
  return scale === 0 ? Number(value) : Number(value) * powerOfTen(scale);
}

/** Go's `math.Pow10`, which is a product or quotient of exact powers. */
function powerOfTen(exponent: number): number {
  const size = Math.abs(exponent);
  const large = Math.floor(size / 32) * 32;
  const small = Number(`1e${size % 32}`);
  return exponent < 0 ? Number(`1e-${large}`) / small : Number(`1e${large}`) * small;
}

const CANONICAL = new Map<string, string>();
const MAX_KEPT = 10_000;

/** A quantity of a manifest as the API server writes it: text, in canonical form. A value that is not a quantity stays as it is. */
export function canonicalQuantity(value: JsonValue): JsonValue {
  const text = textOfQuantity(value);
  if (text === undefined) return value;
  const known = CANONICAL.get(text);
  if (known !== undefined) return known;
  const quantity = quantityOf(text);
  if (quantity === undefined) return value;
  const formatted = formatQuantity(quantity);
  if (CANONICAL.size < MAX_KEPT) CANONICAL.set(text, formatted);
  return formatted;
}

/** Where Kubernetes' own kinds hold quantities. A custom resource may too, but the server leaves them as they were written. */
const QUANTITIES: readonly (readonly [kinds: RegExp, path: RegExp])[] = [
  [/./, /^\/(?:spec|template)\/(?:.+\/)?resources\/(?:limits|requests)\/[^/]+$/],
  [/./, /^\/(?:spec|template)\/(?:.+\/)?emptyDir\/sizeLimit$/],
  [/./, /^\/(?:spec|template)\/(?:.+\/)?resourceFieldRef\/divisor$/],
  [/./, /^\/(?:spec|template)\/(?:.+\/)?spec\/overhead\/[^/]+$|^\/spec\/overhead\/[^/]+$/],
  [/^RuntimeClass\./, /^\/overhead\/podFixed\/[^/]+$/],
  [/^HorizontalPodAutoscaler\./, /^\/spec\/metrics\/\w+\/target\/(?:averageValue|value)$/],
  [/^HorizontalPodAutoscaler\./, /^\/spec\/behavior\/scale(?:Up|Down)\/tolerance$/],
  [/^LimitRange$/, /^\/spec\/limits\/(?:default|defaultRequest|max|min|maxLimitRequestRatio)\/[^/]+$/],
  [/^ResourceQuota$/, /^\/spec\/hard\/[^/]+$/],
  [/^PersistentVolume$|^VolumeAttachment\./, /^\/spec\/(?:source\/inlineVolumeSpec\/)?capacity\/[^/]+$/],
  [/^CSIStorageCapacity\./, /^\/(?:capacity|maximumVolumeSize)$/],
];

/** Whether two values of a built-in kind's field are one quantity, which the server writes in its own form: `1000m` is `1`. */
export function sameQuantity(one: JsonValue, other: JsonValue | undefined, kind: Kind, path: Path): boolean {
  if (!isQuantity(kind, path)) return false;
  const [left, right] = [textOfQuantity(one), textOfQuantity(other)];
  if (left === undefined || right === undefined) return false;
  const nanos = quantityOf(left)?.nanos;
  return nanos !== undefined && nanos === quantityOf(right)?.nanos;
}

/** A value of a manifest in the form in which the server keeps it: quantities of built-in kinds in their canonical form. */
export function asServerWrites(value: JsonValue, kind: Kind, path: Path): JsonValue {
  if (Array.isArray(value))
    return value.map((item: JsonValue, index) => asServerWrites(item, kind, [...path, index]));
  if (isJsonObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, asServerWrites(inner, kind, [...path, key])]),
    );
  }
  return isQuantity(kind, path) ? canonicalQuantity(value) : value;
}

function isQuantity(kind: Kind, path: Path): boolean {
  if (!isBuiltIn(kind.apiVersion)) return false;
  const [name, pointer] = [kindKey(kind), fieldsOf(path)];
  return QUANTITIES.some(([kinds, paths]) => kinds.test(name) && paths.test(pointer));
}

function textOfQuantity(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return String(value).trim();
}

function quantityOf(text: string): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch {
    return undefined;
  }
}
