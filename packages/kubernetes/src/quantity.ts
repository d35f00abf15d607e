import { isJsonObject, type JsonValue, type Path } from '@slipway/core';
import { isBuiltIn, type Kind, kindKey } from './kinds.ts';
import { fieldsOf } from './list-types.ts';

type Format = 'decimal' | 'exponent' | 'binary';

/** A Kubernetes quantity such as `500m` or `1Gi`, exact down to a billionth. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: Format;
  /** The power of ten of Kubernetes' own integer form; absent where it would take an arbitrary decimal instead. */
  readonly scale?: number;
  /** The text that it was read from, where Kubernetes keeps that as the canonical form. */
  readonly text?: string;
}

/** No resource has a larger exponent, and the arithmetic on it would take too long. */
const MAX_EXPONENT = 100;
const NANO_DIGITS = 9;
const NANOS = 10n ** BigInt(NANO_DIGITS);
const MAX_BINARY = ((1n << 63n) - 1n) * NANOS;

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

/**
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/quantity.go#L278
 * @throws RangeError with Kubernetes' own words
 */
export function parseQuantity(text: string): Quantity {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (text === '' || match === null) throw new RangeError(FORMAT_WRONG);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '' && !/\d/.test(text))
    throw new RangeError(suffix === '' ? NUMBER_WRONG : SUFFIX_WRONG);
  const { base, exponent, format } = interpretSuffix(suffix);
  const unscaled = BigInt(`${whole}${fraction}` || '0');
  const scaled = scale(
    base === 2 ? unscaled << BigInt(exponent) : unscaled,
    (base === 10 ? exponent : 0) - fraction.length,
  );
  const capped = format === 'binary' && scaled > MAX_BINARY ? MAX_BINARY : scaled;
  const shown = format === 'binary' && capped > 0n && capped < NANOS ? 'decimal' : format;
  const nanos = sign === '-' ? -capped : capped;
  const power = (base === 10 ? exponent : 0) - fraction.length;
  const isDecimal =
    (base === 2 && fraction !== '') || whole.length + fraction.length > 18 || power < -NANO_DIGITS;
  return {
    ...{ nanos, format: shown },
    ...(isDecimal ? {} : { scale: power }),
    ...(keepsText(text, whole, fraction, exponent, format) ? { text } : {}),
  };
}

function interpretSuffix(suffix: string): { base: 2 | 10; exponent: number; format: Format } {
  const decimal = decimalExponents[suffix];
  if (decimal !== undefined) return { base: 10, exponent: decimal, format: 'decimal' };
  const binary = binaryExponents[suffix];
  if (binary !== undefined) return { base: 2, exponent: binary, format: 'binary' };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > MAX_EXPONENT) throw new RangeError(SUFFIX_WRONG);
  return { base: 10, exponent: Number(exponent), format: 'exponent' };
}

/** In billionths. Smaller amounts are rounded up, as in Kubernetes: a request for a little must not become one for nothing. */
function scale(value: bigint, exponent: number): bigint {
  const power = exponent + NANO_DIGITS;
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

/** When Kubernetes takes a text as canonical without looking closer. */
function keepsText(text: string, whole: string, fraction: string, exponent: number, format: Format): boolean {
  if (text === '0') return true;
  const digits = `${whole || '0'}${fraction}`;
  if (format === 'binary')
    return fraction === '' && exponent % 10 === 0 && digits.length < 10 && (BigInt(digits) & 7n) !== 0n;
  const power = exponent - fraction.length;
  return (
    digits.length <= 18 &&
    power >= -NANO_DIGITS &&
    power % 3 === 0 &&
    !digits.endsWith('000') &&
    digits[0] !== '0'
  );
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

export function addQuantities(left: Quantity, right: Quantity): Quantity {
  const format = left.nanos === 0n ? right.format : left.format;
  const isDecimal = left.scale === undefined || right.scale === undefined;
  const scale = isDecimal ? {} : { scale: Math.min(left.scale, right.scale) };
  return { nanos: left.nanos + right.nanos, format, ...scale };
}

const MAX_INT64 = (1n << 63n) - 1n;

/** The value if Kubernetes holds it as an integer: `1` it does, `1000m` and `1.5Gi` it does not. */
export function integerOf({ nanos, scale: power }: Quantity): bigint | undefined {
  const value = nanos / NANOS;
  return power !== undefined && power >= 0 && value <= MAX_INT64 && value >= -MAX_INT64 - 1n
    ? value
    : undefined;
}

export function wholeQuantity(value: bigint): Quantity {
  return { nanos: value * NANOS, format: 'exponent', scale: 0 };
}

export function approximate({ nanos }: Quantity): number {
  return Number(nanos) / Number(NANOS);
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
