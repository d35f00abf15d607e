import type { JsonObject } from '@slipway/core';
import type { Limits } from './schema.ts';

const NUMBER_LIMITS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

/** What a structural schema requires of a value beyond its type. */
export function limitsOf(source: JsonObject): Limits {
  const numbers = NUMBER_LIMITS.flatMap(name =>
    typeof source[name] === 'number' ? [[name, source[name]] as const] : [],
  );
  return {
    ...Object.fromEntries(numbers),
    ...(source['nullable'] === true ? { nullable: true } : {}),
    ...(source['exclusiveMinimum'] === true ? { exclusiveMinimum: true } : {}),
    ...(source['exclusiveMaximum'] === true ? { exclusiveMaximum: true } : {}),
    ...(Array.isArray(source['enum']) ? { enum: source['enum'] } : {}),
    ...(typeof source['pattern'] === 'string' ? { pattern: source['pattern'] } : {}),
    ...(FURTHER_WORDS.some(word => source[word] !== undefined) || hasFraction(source) ? { source } : {}),
  };
}

/** Whether a bound is not an integer, which decides for a schema of integers. */
function hasFraction({ minimum, maximum }: JsonObject): boolean {
  return [minimum, maximum].some(bound => typeof bound === 'number' && !Number.isSafeInteger(bound));
}

/** Keywords that are looked up in the schema itself, because few schemas have any of them. */
const FURTHER_WORDS = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'format',
  'multipleOf',
  'x-kubernetes-list-type',
] as const;
