import type { JsonValue } from '@slipway/core';
import type { ScalarType } from './schema.ts';

const MAX_INT32 = 2_147_483_647;
const MAX_INT64 = 9_223_372_036_854_775_807n;

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/quantity.go#L45 */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

interface Scalar {
  /** For messages: `must be an integer`. */
  readonly description: string;
  accepts(value: JsonValue): boolean;
}

function isInteger(value: JsonValue, maximum: bigint | number): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) <= Number(maximum) + 1;
  return typeof value === 'bigint' && value <= BigInt(maximum) && value >= -BigInt(maximum) - 1n;
}

const isText = (value: JsonValue): value is string => typeof value === 'string';

export const scalars: Readonly<Record<ScalarType, Scalar>> = {
  text: { description: 'text', accepts: isText },
  boolean: { description: 'true or false', accepts: value => typeof value === 'boolean' },
  integer: { description: 'an integer', accepts: value => isInteger(value, MAX_INT64) },
  int32: { description: 'an integer of 32 bits', accepts: value => isInteger(value, MAX_INT32) },
  number: {
    description: 'a number',
    accepts: value => typeof value === 'number' || typeof value === 'bigint',
  },
  quantity: {
    description: 'a quantity such as 500m or 1Gi',
    accepts: value =>
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      (isText(value) && QUANTITY.test(value.trim())),
  },
  'int-or-text': {
    description: 'an integer or text',
    accepts: value => isText(value) || isInteger(value, MAX_INT32),
  },
  time: {
    description: 'a time such as 2026-01-31T12:00:00Z',
    accepts: value => isText(value) && TIME.test(value) && !Number.isNaN(Date.parse(value)),
  },
  base64: { description: 'base64', accepts: value => isText(value) && isBase64(value) },
};

/** Go's standard encoding: padded, line breaks ignored. */
function isBase64(text: string): boolean {
  const plain = text.replace(/[\r\n]/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

/** The type of a value, for messages. */
export function describeValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'a map';
    case 'string':
      return 'text';
    case 'boolean':
      return 'a boolean';
    default:
      return 'a number';
  }
}
