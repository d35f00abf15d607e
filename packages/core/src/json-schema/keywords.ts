import { isDeepStrictEqual } from 'node:util';
import type { SchemaError } from './schema-error.ts';

/** What a value breaks a keyword by; undefined if it keeps it. */
export type Fault = Pick<SchemaError, 'message' | 'params'> | undefined;

/** The keywords that look at one value, in the order in which ajv reports them. `limit` is what the schema says for the keyword. */
export const NUMBERS: Keywords<number> = {
  maximum: (data, limit: number) => atLeast(limit, data, `must be <= ${limit}`, { comparison: '<=', limit }),
  minimum: (data, limit: number) => atLeast(data, limit, `must be >= ${limit}`, { comparison: '>=', limit }),
  exclusiveMinimum: (data, limit: number) =>
    data > limit ? undefined : { message: `must be > ${limit}`, params: { comparison: '>', limit } },
};

export const TEXTS: Keywords<string> = {
  maxLength: (data, limit: number) => atMost([...data].length, limit, 'characters'),
  minLength: (data, limit: number) => notFewer([...data].length, limit, 'characters'),
  pattern: (data, pattern: string) =>
    compiled(pattern).test(data)
      ? undefined
      : { message: `must match pattern "${pattern}"`, params: { pattern } },
};

export const ANY: Keywords<unknown> = {
  const: (data, allowedValue: unknown) =>
    isDeepStrictEqual(data, allowedValue)
      ? undefined
      : { message: 'must be equal to constant', params: { allowedValue } },
  enum: (data, allowedValues: readonly unknown[]) =>
    allowedValues.some(allowed => isDeepStrictEqual(data, allowed))
      ? undefined
      : { message: 'must be equal to one of the allowed values', params: { allowedValues } },
};

export const LISTS: Keywords<readonly unknown[]> = {
  maxItems: (data, limit: number) => atMost(data.length, limit, 'items'),
  minItems: (data, limit: number) => notFewer(data.length, limit, 'items'),
};

export const LISTS_AS_A_WHOLE: Keywords<readonly unknown[]> = {
  uniqueItems: (data, unique: boolean) => (unique ? firstPair(data) : undefined),
};

export const MAPS: Keywords<object> = {
  maxProperties: (data, limit: number) => atMost(Object.keys(data).length, limit, 'properties'),
  minProperties: (data, limit: number) => notFewer(Object.keys(data).length, limit, 'properties'),
};

/** Looks at data of one type; the schemas are ours, so the limit has the keyword's type. */
type Keywords<Data> = Readonly<Record<string, (data: Data, limit: never) => Fault>>;

function atLeast(greater: number, less: number, message: string, params: SchemaError['params']): Fault {
  return greater >= less ? undefined : { message, params };
}

function atMost(count: number, limit: number, what: string): Fault {
  return atLeast(limit, count, `must NOT have more than ${limit} ${what}`, { limit });
}

function notFewer(count: number, limit: number, what: string): Fault {
  return atLeast(count, limit, `must NOT have fewer than ${limit} ${what}`, { limit });
}

/**
 * The last text that has an equal one behind it, as ajv looks from the end. Our lists without duplicates are of texts, and anything else
 * in them has an error of its own.
 */
function firstPair(data: readonly unknown[]): Fault {
  const i = data.findLastIndex(
    (item, index) => data.indexOf(item, index + 1) > 0 && typeof item === 'string',
  );
  if (i < 0) return undefined;
  const j = data.indexOf(data[i], i + 1);
  return {
    message: `must NOT have duplicate items (items ## ${j} and ${i} are identical)`,
    params: { i, j },
  };
}

const PATTERNS = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  let expression = PATTERNS.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, 'u');
    PATTERNS.set(pattern, expression);
  }
  return expression;
}
