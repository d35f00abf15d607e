import { didYouMean, isJsonObject, type JsonObject, type JsonValue, type Path, quote } from '@slipway/core';
import { limitProblem } from './limits.ts';
import { describeValue, scalars } from './scalars.ts';
import type { KindSchema, ObjectSchema, Schema } from './schema.ts';

export type SchemaRule =
  | 'schema/unknown-field'
  | 'schema/wrong-type'
  | 'schema/missing-field'
  | 'schema/invalid-value';

export interface SchemaProblem {
  readonly rule: SchemaRule;
  readonly message: string;
  readonly fix?: string;
  /** Where; for a missing field where it should be. */
  readonly path: Path;
}

/**
 * All that an object has which its schema does not, lacks, or has of another type. Null counts as absent, as in Kubernetes.
 * The status of a built-in kind is not checked for completeness: the API server drops it.
 */
export function validateObject(object: JsonObject, { schema, builtIn }: KindSchema): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (schema.form === 'object') walkObject(object, schema, [], problems, builtIn ? 'status' : undefined);
  return problems;
}

function walk(value: JsonValue, schema: Schema, path: Path, problems: SchemaProblem[]): void {
  if (schema.form === 'any') return;
  if (value === null) return;
  if (schema.form === 'scalar') {
    if (!scalars[schema.type].accepts(value))
      problems.push(wrongType(value, scalars[schema.type].description, path));
    else addLimitProblem(value, schema, path, problems);
    return;
  }
  if (schema.form === 'list') {
    walkList(value, schema, path, problems);
    return;
  }
  if (!isJsonObject(value)) {
    problems.push(wrongType(value, 'a map', path));
    return;
  }
  if (schema.form === 'object') {
    walkObject(value, schema, path, problems);
    return;
  }
  addLimitProblem(value, schema, path, problems);
  for (const key of Object.keys(value))
    walk(value[key] as JsonValue, schema.values, [...path, key], problems);
}

function walkList(
  value: JsonValue,
  schema: Extract<Schema, { form: 'list' }>,
  path: Path,
  problems: SchemaProblem[],
): void {
  if (!Array.isArray(value)) {
    problems.push(wrongType(value, 'a list', path));
    return;
  }
  addLimitProblem(value, schema, path, problems);
  for (let index = 0; index < value.length; index += 1)
    walk(value[index] as JsonValue, schema.items, [...path, index], problems);
}

function walkObject(
  value: JsonObject,
  schema: ObjectSchema,
  path: Path,
  problems: SchemaProblem[],
  unchecked?: string,
): void {
  for (const key of Object.keys(value)) {
    const property = schema.properties.get(key);
    if (property !== undefined) {
      if (key !== unchecked) walk(value[key] as JsonValue, property.schema, [...path, key], problems);
    } else if (schema.open !== true) problems.push(unknownField(key, schema, path));
  }
  for (const field of schema.required) {
    const present = Object.hasOwn(value, field) && value[field] !== null;
    if (!present && field !== unchecked) problems.push(missingField(field, path));
  }
}

function addLimitProblem(
  value: JsonValue,
  { limits }: Exclude<Schema, ObjectSchema | { form: 'any' }>,
  path: Path,
  problems: SchemaProblem[],
): void {
  const problem = limits === undefined ? undefined : limitProblem(value, limits);
  if (problem === undefined) return;
  problems.push({ rule: 'schema/invalid-value', message: `${fieldName(path)} ${problem}`, path });
}

function wrongType(value: JsonValue, expected: string, path: Path): SchemaProblem {
  return {
    rule: 'schema/wrong-type',
    // The value itself may be a secret, so only its kind is told, and for text even that says nothing.
    message: `${fieldName(path)} must be ${expected}${typeof value === 'string' && !/^(?:an? (?:integer|number|map|list)|true)/.test(expected) ? '' : `, not ${describeValue(value)}`}`,
    path,
    ...typeFix(value, expected),
  };
}

function typeFix(value: JsonValue, expected: string): { fix?: string } {
  if (expected === 'text' && typeof value !== 'object') return { fix: 'put the value in quotes' };
  if (expected.startsWith('an integer') && typeof value === 'string' && /^-?\d+$/.test(value))
    return { fix: 'remove the quotes' };
  return {};
}

function unknownField(key: string, schema: ObjectSchema, path: Path): SchemaProblem {
  const guess = didYouMean(key, schema.properties.keys());
  const where = path.length === 0 ? '' : ` in ${fieldName(path)}`;
  return {
    rule: 'schema/unknown-field',
    message: `there is no field ${quote(key)}${where}`,
    path: [...path, key],
    fix: guess === '' ? 'remove it, or move it where it belongs' : guess,
  };
}

function missingField(field: string, path: Path): SchemaProblem {
  const where = path.length === 0 ? 'the object' : fieldName(path);
  return {
    rule: 'schema/missing-field',
    message: `${where} lacks ${quote(field)}`,
    path: [...path, field],
    fix: `add ${quote(field)}`,
  };
}

/** `spec.containers[0].image`, in quotes since keys are somebody's text. */
export function fieldName(path: Path): string {
  const text = path.map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
    return index === 0 ? step : `.${step}`;
  });
  return quote(text.join(''));
}
