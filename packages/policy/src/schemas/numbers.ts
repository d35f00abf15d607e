import type { JsonObject } from '@slipway/core';

/** The first minor version whose API server holds numbers of custom resources to their format; before, it ignored these formats. */
const FORMATS_SINCE = 36;

const MAX_INT32 = 2_147_483_647n;

/**
 * Whether a number of a custom resource has the `format` of its schema. The ranges of 64 bits are those of the types themselves.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/validation/formats.go, and
 * https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/validate/values.go
 */
export function hasNumberFormat(
  value: number | bigint,
  { type, format }: JsonObject,
  minor: number,
): boolean {
  if (minor < FORMATS_SINCE) return true;
  if (type === 'integer' && format === 'int32') return isInt32(value);
  // What is rounded to a number of 32 bits has one.
  return type !== 'number' || format !== 'float' || Number.isFinite(Math.fround(Number(value)));
}

function isInt32(value: number | bigint): boolean {
  return value <= MAX_INT32 && value >= -MAX_INT32 - 1n;
}

/**
 * The word of a schema of integers whose own value is not one of them, for which every number is refused; undefined if there is none.
 * https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/validate/values.go#L333
 */
export function impossibleBound(schema: JsonObject, minor: number): string | undefined {
  if (minor < FORMATS_SINCE || schema['type'] !== 'integer') return undefined;
  return ['multipleOf', 'minimum', 'maximum'].find(word => {
    const bound = schema[word];
    if (typeof bound !== 'number' && typeof bound !== 'bigint') return false;
    return !isInt64(bound) || !hasNumberFormat(bound, schema, minor);
  });
}

function isInt64(value: number | bigint): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  return BigInt(value) <= MAX_INT64 && BigInt(value) >= -MAX_INT64 - 1n;
}

/** A bound as an API server compares it with a value: with a whole number, only its whole part. */
export function boundFor(value: number | bigint, bound: number): number {
  return typeof value === 'bigint' || Number.isInteger(value) ? Math.trunc(bound) : bound;
}

const MAX_INT64 = (1n << 63n) - 1n;
/** What differs by less, relative to both, is one number to an API server. */
const TOLERANCE = 1e-9;
/** The first minor version that rounds a quotient to the nearest integer; before, it was truncated. */
const ROUNDED_SINCE = 37;

/**
 * Whether a number is one of the multiples that an API server takes. It truncates the factor for an integer, and rejects the value if
 * the result is zero. Of a fraction it rejects some multiples before 1.37, such as 0.29 of 0.01, since it truncates the quotient, which
 * is a little too small.
 * https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/validate/values.go#L185
 */
export function isMultiple(value: number | bigint, of: number, minor: number): boolean {
  if (typeof value === 'bigint' || Number.isInteger(value)) {
    const [whole, factor] = [BigInt(value), BigInt(Math.trunc(of))];
    if (whole <= MAX_INT64 && whole >= -MAX_INT64 - 1n) return factor > 0n && whole % factor === 0n;
  }
  const quotient = of < 1 ? (1 / of) * Number(value) : Number(value) / of;
  if (!Number.isFinite(quotient) || Math.abs(quotient) > Number.MAX_SAFE_INTEGER) return false;
  return Number.isInteger(quotient) || (minor < ROUNDED_SINCE ? isNearlyAbove(quotient) : isNearly(quotient));
}

/** https://github.com/go-openapi/swag/blob/v0.23.0/convert.go#L31 */
function isNearlyAbove(quotient: number): boolean {
  const whole = Math.trunc(quotient);
  return quotient > 0 && whole > 0 && (quotient - whole) / (quotient + whole) < TOLERANCE;
}

/** https://github.com/go-openapi/swag/blob/conv/v0.27.1/conv/convert.go#L20 */
function isNearly(quotient: number): boolean {
  const whole = Math.abs(Math.round(quotient));
  return whole > 0 && Math.abs(Math.abs(quotient) - whole) < TOLERANCE * whole;
}
