import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, quote } from '@slipway/core';
import { limitProblem } from './limits.ts';
import { hasNumberFormat, impossibleBound, isMultiple } from './numbers.ts';
import { limitsOf } from './read-limits.ts';
import { hasFormat } from './text-formats.ts';

/**
 * What a custom resource's schema requires of a value by `allOf`, `anyOf`, `oneOf`, `not`, `format` and `multipleOf`, such as
 * `must match one of the forms in anyOf`; undefined if the value conforms. Types are declared outside of these, so they say little else.
 */
export function logicProblem(value: JsonValue, schema: JsonObject, minor: number): string | undefined {
  const { allOf, anyOf, oneOf, not } = schema;
  const matching = (list: JsonValue | undefined): number =>
    listOf(list).filter(entry => fits(value, entry, minor)).length;
  if (listOf(allOf).length > matching(allOf)) return 'must match each form of allOf';
  if (listOf(anyOf).length > 0 && matching(anyOf) === 0) return 'must match one of the forms of anyOf';
  if (listOf(oneOf).length > 0 && matching(oneOf) !== 1)
    return `must match exactly one of the forms of oneOf, and matches ${matching(oneOf)}`;
  if (isJsonObject(not) && fits(value, not, minor)) return 'must not match what its schema excludes';
  return scalarProblem(value, schema, minor);
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function listOfAny(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function scalarProblem(value: JsonValue, schema: JsonObject, minor: number): string | undefined {
  const { format, multipleOf } = schema;
  if (typeof value === 'string' && typeof format === 'string' && !hasFormat(value, format, minor))
    return `must have the format ${quote(format)}`;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const impossible = isNumber ? impossibleBound(schema, minor) : undefined;
  if (impossible !== undefined)
    return `cannot be right: ${impossible} of its schema is not an integer that its type can be`;
  if (isNumber && !hasNumberFormat(value, schema, minor))
    return `must have the format ${quote(String(format))}`;
  if (isNumber && typeof multipleOf === 'number' && multipleOf > 0 && !isMultiple(value, multipleOf, minor))
    return `must be a multiple of ${multipleOf}`;
  return undefined;
}

/** Whether a value conforms to a schema inside one of these, which may constrain everything but the type. */
function fits(value: JsonValue, schema: JsonObject, minor: number): boolean {
  // Of null, only the type and the allowed values are looked at.
  if (value === null) return listOfAny(schema['enum']).length === 0;
  return (
    hasType(value, schema['type']) &&
    limitProblem(value, limitsOf(schema)) === undefined &&
    logicProblem(value, schema, minor) === undefined &&
    (!Array.isArray(value) || fitsItems(value, schema['items'], minor)) &&
    (!isJsonObject(value) || fitsProperties(value, schema, minor))
  );
}

const types: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  integer: value => typeof value === 'bigint' || Number.isInteger(value),
  number: value => typeof value === 'number' || typeof value === 'bigint',
  array: Array.isArray,
  object: isJsonObject,
};

/** These name a type only within int-or-string. */
function hasType(value: JsonValue, type: JsonValue | undefined): boolean {
  return typeof type !== 'string' || (types[type]?.(value) ?? true);
}

function fitsItems(list: readonly JsonValue[], items: JsonValue | undefined, minor: number): boolean {
  return !isJsonObject(items) || list.every(item => fits(item, items, minor));
}

function fitsProperties(value: JsonObject, schema: JsonObject, minor: number): boolean {
  const { required, properties, additionalProperties } = schema;
  const missing = Array.isArray(required) && required.some(name => value[String(name)] === undefined);
  if (missing) return false;
  return Object.entries(value).every(([key, item]) => {
    const declared = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const form = declared ?? additionalProperties;
    return !isJsonObject(form) || fits(item as JsonValue, form, minor);
  });
}

/**
 * The items of a list of the type `set` or `map` that repeat an earlier one: index, message, and the index of the earlier one.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/listtype/validation.go
 */
export function duplicateProblems(
  list: readonly JsonValue[],
  schema: JsonObject,
): (readonly [index: number, message: string, first: number])[] {
  const keys = keysOf(schema);
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && (type !== 'map' || keys.length === 0)) return [];
  const defaults = type === 'map' ? keyDefaults(schema['items']) : {};
  const seen = new Map<string, number>();
  return list.flatMap((item, index) => {
    const identity = canonicalJson(type === 'set' ? item : identityOf(item, keys, defaults));
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, index);
      return [];
    }
    const what = type === 'set' ? 'the same value' : `the same ${keys.map(key => quote(key)).join(', ')}`;
    return [[index, `has ${what} as an item before it`, first] as const];
  });
}

/** The keys by which the items of a list are told apart; none unless it has the type `map`. */
export function keysOf(schema: JsonObject | undefined): readonly string[] {
  return schema?.['x-kubernetes-list-type'] === 'map' ? listOfText(schema['x-kubernetes-list-map-keys']) : [];
}

function listOfText(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : [];
}

function identityOf(item: JsonValue, keys: readonly string[], defaults: JsonObject): JsonValue {
  if (!isJsonObject(item)) return null;
  return keys.map(key => item[key] ?? defaults[key] ?? null);
}

function keyDefaults(items: JsonValue | undefined): JsonObject {
  const properties = isJsonObject(items) && isJsonObject(items['properties']) ? items['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, property]) =>
      isJsonObject(property) && property['default'] !== undefined ? [[key, property['default']]] : [],
    ),
  );
}
