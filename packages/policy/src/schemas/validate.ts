import { isJsonObject, type JsonObject, type JsonValue, nearest, type Path, quote } from '@slipway/core';
import { limitProblem } from './limits.ts';
import { duplicateProblems, keysOf, logicProblem } from './logic.ts';
import { describeValue, scalars } from './scalars.ts';
import type { KindSchema, ObjectSchema, ScalarType, Schema } from './schema.ts';
import { withDefaults } from './with-defaults.ts';

export type SchemaRule =
  | 'schema/unknown-field'
  | 'schema/wrong-type'
  | 'schema/missing-field'
  | 'schema/invalid-value';

export interface SchemaProblem {
  readonly rule: SchemaRule;
  readonly message: string;
  readonly fix?: string;
  /** The field that was probably meant by one that does not exist. */
  readonly meant?: string;
  /** The path of the value; of a missing field, where it should be. */
  readonly path: Path;
  /** The path of the other value, where two cannot be together. */
  readonly other?: Path;
  /** Whether server-side apply cannot even merge it, so that it is refused where it would be dropped afterwards. */
  readonly unmergeable?: boolean;
}

/**
 * All fields of an object that its schema does not have, that are missing, or that have another type. Null counts as absent, as in
 * Kubernetes.
 * @param minor the version of Kubernetes, since some formats were added later
 */
export function validateObject(object: JsonObject, kind: KindSchema, minor: number): SchemaProblem[] {
  const { schema, builtIn, dropsStatus } = kind;
  const problems = validateValue(builtIn ? object : withDefaults(object, schema), schema, minor);
  return dropsStatus ? problems.filter(problem => !isAboutDropped(problem, builtIn)) : problems;
}

/** What a value violates of its schema, with the paths from the value. */
export function validateValue(value: JsonValue, schema: Schema, minor: number): SchemaProblem[] {
  const walk: Walk = { problems: [], minor };
  visit(value, schema, [], walk);
  return walk.problems;
}

/**
 * Whether a problem is about a status that the API server drops before it checks it. It still merges the status when it is applied, and
 * decodes that of a kind of its own.
 */
function isAboutDropped({ path, rule, unmergeable }: SchemaProblem, builtIn: boolean): boolean {
  const isDecoded = builtIn && rule === 'schema/wrong-type';
  return path[0] === 'status' && unmergeable !== true && !isDecoded;
}

interface Walk {
  readonly problems: SchemaProblem[];
  readonly minor: number;
}

function visit(value: JsonValue, schema: Schema, path: Path, walk: Walk): void {
  if (value === null) return;
  switch (schema.form) {
    case 'any':
      addLimitProblem(value, schema, path, walk);
      if (schema.closed === true) walkClosed(value, path, walk);
      return;
    case 'scalar':
      if (scalars[schema.type].accepts(value)) addLimitProblem(value, schema, path, walk);
      else
        walk.problems.push({
          ...wrongType(value, scalars[schema.type].description, path),
          unmergeable: !isMerged(value, schema.type),
        });
      return;
    case 'list':
      walkList(value, schema, path, walk);
      return;
    default:
      if (!isJsonObject(value)) walk.problems.push({ ...wrongType(value, 'a map', path), unmergeable: true });
      else if (schema.form === 'object') walkObject(value, schema, path, walk);
      else walkMap(value, schema, path, walk);
  }
}

/** Server-side apply tells numbers, texts and booleans apart, and nothing of an integer or text. */
function isMerged(value: JsonValue, type: ScalarType): boolean {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return type === 'int-or-text' || (type === 'integer' && isNumber);
}

function walkMap(value: JsonObject, schema: Extract<Schema, { form: 'map' }>, path: Path, walk: Walk): void {
  addLimitProblem(value, schema, path, walk);
  for (const key of Object.keys(value)) visit(value[key] as JsonValue, schema.values, [...path, key], walk);
}

function walkList(value: JsonValue, schema: Extract<Schema, { form: 'list' }>, path: Path, walk: Walk): void {
  if (!Array.isArray(value)) {
    walk.problems.push({ ...wrongType(value, 'a list', path), unmergeable: true });
    return;
  }
  addLimitProblem(value, schema, path, walk);
  const keys = keysOf(schema.limits?.source);
  for (let index = 0; index < value.length; index += 1) {
    const first = walk.problems.length;
    visit(value[index] as JsonValue, schema.items, [...path, index], walk);
    if (keys.length > 0 && lacksAll(value[index] as JsonValue, keys))
      for (const problem of walk.problems.splice(first))
        walk.problems.push({ ...problem, unmergeable: true });
  }
}

/** An item without any of the keys of its list has no place in it. */
function lacksAll(item: JsonValue, keys: readonly string[]): boolean {
  return isJsonObject(item) && keys.every(key => (item[key] ?? null) === null);
}

function walkObject(value: JsonObject, schema: ObjectSchema, path: Path, walk: Walk): void {
  addLimitProblem(value, schema, path, walk);
  for (const key of Object.keys(value)) {
    const property = schema.properties.get(key);
    if (property !== undefined) {
      visit(value[key] as JsonValue, property.schema, [...path, key], walk);
    } else if (schema.open !== true) walk.problems.push(unknownField(key, schema, path));
  }
  for (const field of schema.required) {
    const present = Object.hasOwn(value, field) && (value[field] !== null || isNullable(field, schema));
    // Kubernetes' own defaults are filled in later; those of a custom resource are there already.
    const isFilled = schema.name !== '' && schema.properties.get(field)?.fallback !== undefined;
    const given = present || isFilled;
    if (!given) walk.problems.push(missingField(field, path));
  }
}

function walkClosed(value: JsonValue, path: Path, walk: Walk): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) walkClosed(item, [...path, index], walk);
  else if (isJsonObject(value))
    for (const key of Object.keys(value)) walk.problems.push(unknownField(key, noFields, path));
}

const noFields: ObjectSchema = { form: 'object', name: '', properties: new Map(), required: [] };

function isNullable(field: string, { properties }: ObjectSchema): boolean {
  return properties.get(field)?.schema.limits?.nullable === true;
}

function addLimitProblem(value: JsonValue, { limits }: Schema, path: Path, { problems, minor }: Walk): void {
  if (limits === undefined) return;
  const found = limitProblem(value, limits);
  if (found !== undefined) problems.push(invalidValue(found, path));
  if (limits.source === undefined) return;
  const logic = logicProblem(value, limits.source, minor);
  if (logic !== undefined) problems.push(invalidValue(logic, path));
  if (Array.isArray(value))
    for (const [index, message, first] of duplicateProblems(value, limits.source))
      problems.push({
        ...invalidValue(message, [...path, index]),
        other: [...path, first],
        unmergeable: true,
      });
}

function invalidValue(message: string, path: Path): SchemaProblem {
  return { rule: 'schema/invalid-value', message: `${fieldName(path)} ${message}`, path };
}

function wrongType(value: JsonValue, expected: string, path: Path): SchemaProblem {
  return {
    rule: 'schema/wrong-type',
    // The value itself may be a secret, so only its type is shown, and not even that for text.
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
  const meant = nearest(key, schema.properties.keys());
  const where = path.length === 0 ? '' : ` in ${fieldName(path)}`;
  return {
    rule: 'schema/unknown-field',
    message: `there is no field ${quote(key)}${where}`,
    path: [...path, key],
    unmergeable: true,
    ...(meant === undefined
      ? { fix: 'remove it, or move it where it belongs' }
      : { fix: `did you mean ${JSON.stringify(meant)}?`, meant }),
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

/** `spec.containers[0].image`, in quotes because keys are text of others. */
export function fieldName(path: Path): string {
  const text = path.map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
    return index === 0 ? step : `.${step}`;
  });
  return quote(text.join(''));
}
