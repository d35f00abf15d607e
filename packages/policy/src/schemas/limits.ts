import { compilePattern } from '@slipway/cel';
import { canonicalJson, type JsonValue, quote } from '@slipway/core';
import { boundFor } from './numbers.ts';
import type { Limits } from './schema.ts';

/** How a value of the right type violates a custom resource's schema, such as `must be at most 10`; undefined if it does not. */
export function limitProblem(value: JsonValue, limits: Limits): string | undefined {
  if (value === null && limits.nullable === true) return undefined;
  return (
    enumProblem(value, limits) ??
    (typeof value === 'string' ? textProblem(value, limits) : undefined) ??
    (typeof value === 'number' || typeof value === 'bigint' ? numberProblem(value, limits) : undefined) ??
    (Array.isArray(value)
      ? countProblem(value.length, limits.minItems, limits.maxItems, 'items')
      : undefined) ??
    (isMap(value)
      ? countProblem(Object.keys(value).length, limits.minProperties, limits.maxProperties, 'entries')
      : undefined)
  );
}

function isMap(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function enumProblem(value: JsonValue, limits: Limits): string | undefined {
  if (limits.enum === undefined) return undefined;
  const text = canonicalJson(value);
  if (limits.enum.some(allowed => canonicalJson(allowed as JsonValue) === text)) return undefined;
  return `must be one of ${limits.enum.map(allowed => quote(String(allowed))).join(', ')}`;
}

function textProblem(value: string, { pattern, minLength, maxLength }: Limits): string | undefined {
  if (pattern !== undefined && !compilePattern(pattern).test(value)) return `must match ${quote(pattern)}`;
  return countProblem([...value].length, minLength, maxLength, 'characters');
}

function numberProblem(value: number | bigint, limits: Limits): string | undefined {
  const [minimum, maximum] = [limits.minimum, limits.maximum].map(bound =>
    bound === undefined ? undefined : boundFor(value, bound),
  );
  if (minimum !== undefined && (limits.exclusiveMinimum ? value <= minimum : value < minimum))
    return `must be ${limits.exclusiveMinimum ? 'more than' : 'at least'} ${limits.minimum}`;
  if (maximum !== undefined && (limits.exclusiveMaximum ? value >= maximum : value > maximum))
    return `must be ${limits.exclusiveMaximum ? 'less than' : 'at most'} ${limits.maximum}`;
  return undefined;
}

function countProblem(
  count: number,
  minimum: number | undefined,
  maximum: number | undefined,
  unit: string,
): string | undefined {
  if (minimum !== undefined && count < minimum) return `must have at least ${minimum} ${unit}`;
  if (maximum !== undefined && count > maximum) return `must have at most ${maximum} ${unit}`;
  return undefined;
}
