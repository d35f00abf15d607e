import { compilePattern, propertiesOf } from '@slipway/cel';
import { isJsonObject, type JsonObject, type JsonValue, type Path, quote } from '@slipway/core';
import { checkKeywordTypes } from './keyword-types.ts';
import { below, inside, listOf, type Report } from './report.ts';
import { checkRuleFields } from './rule-fields.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
const META_FIELDS = ['metadata', 'kind', 'apiVersion'];
/** Words of JSON Schema that are refused even if they are empty, and those that are not. */
const UNSUPPORTED = ['additionalItems', 'dependencies', '$ref'];
const UNSUPPORTED_UNLESS_EMPTY = ['id', '$schema', 'patternProperties', 'definitions'];

interface Place {
  readonly isRoot: boolean;
  /** Whether it is about `metadata`, `kind` or `apiVersion` of an object. */
  readonly inMetadata: boolean;
  /** Why a default must not be there, if it must not. */
  readonly noDefaults: string | undefined;
}

/** How keywords of a schema and of its parts are used wrongly, whether it is structural or not. */
export function checkKeywords(root: JsonObject, report: Report): void {
  if (root['nullable'] === true) report('the root must not be nullable', ['nullable']);
  visit(root, { isRoot: true, inMetadata: false, noDefaults: undefined }, report);
}

function visit(schema: JsonObject, place: Place, report: Report): void {
  checkKeywordTypes(schema, report);
  checkWords(schema, place, report);
  checkPattern(schema['pattern'], report);
  checkMap(schema, report);
  checkList(schema, report);
  checkRuleFields(schema, report);
  for (const [inner, at, around] of partsOf(schema, place)) visit(inner, around, below(report, at));
}

type Part = readonly [schema: JsonObject, at: Path, place: Place];

function partsOf(schema: JsonObject, place: Place): Part[] {
  const around: Place = { ...place, isRoot: false };
  const { items, additionalProperties: values, not } = schema;
  const inValues = place.inMetadata
    ? { ...around, noDefaults: 'within additionalProperties of metadata' }
    : around;
  const junctors = ['allOf', 'anyOf', 'oneOf'].flatMap(word =>
    listOf(schema[word]).map((entry, index) => [entry, [word, index], around] as const),
  );
  const parts: (readonly [JsonValue | undefined, Path, Place])[] = [
    ...Object.entries(propertiesOf(schema)).map(
      ([name, property]) => [property, ['properties', name], placeOf(name, schema, place)] as const,
    ),
    ...[[items, ['items'], around] as const, [values, ['additionalProperties'], inValues] as const],
    ...[[not, ['not'], around] as const, ...junctors],
  ];
  return parts.flatMap(([inner, at, where]): Part[] => (isJsonObject(inner) ? [[inner, at, where]] : []));
}

function placeOf(name: string, schema: JsonObject, { isRoot, ...place }: Place): Place {
  const isObject = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  if (!isObject || !META_FIELDS.includes(name)) return { ...place, isRoot: false };
  return {
    isRoot: false,
    inMetadata: true,
    noDefaults: isRoot ? `in ${name} of the root` : place.noDefaults,
  };
}

function checkWords(schema: JsonObject, { inMetadata, noDefaults }: Place, report: Report): void {
  const type = schema['type'] ?? '';
  if (type !== '' && !TYPES.includes(String(type)))
    report(`type must be one of ${TYPES.join(', ')}`, ['type']);
  if (noDefaults !== undefined && isGiven(schema['default']))
    report(`a default must not be ${noDefaults}`, ['default']);
  for (const word of UNSUPPORTED) if (isGiven(schema[word])) report(`${word} is not supported`, [word]);
  for (const word of UNSUPPORTED_UNLESS_EMPTY)
    if (isGiven(schema[word]) && schema[word] !== '' && !isEmptyMap(schema[word]))
      report(`${word} is not supported`, [word]);
  if (Array.isArray(schema['items'])) report('items must be one schema', ['items']);
  if (schema['uniqueItems'] === true) report('uniqueItems must not be true', ['uniqueItems']);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    report('x-kubernetes-preserve-unknown-fields must be true or left out', [
      'x-kubernetes-preserve-unknown-fields',
    ]);
  if (inMetadata && schema['x-kubernetes-embedded-resource'] === true)
    report('an embedded object must not be within metadata', ['x-kubernetes-embedded-resource']);
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function isEmptyMap(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function checkPattern(pattern: JsonValue | undefined, report: Report): void {
  if (typeof pattern !== 'string') return;
  try {
    compilePattern(pattern);
  } catch {
    report('pattern must be a regular expression in the syntax of RE2', ['pattern']);
  }
}

function checkMap(schema: JsonObject, report: Report): void {
  const { type, additionalProperties: values } = schema;
  const hasFields = Object.keys(inside(schema['properties'])).length > 0;
  if (hasFields && (isJsonObject(values) || values === false))
    report('properties and additionalProperties exclude each other', []);
  const mapType = schema['x-kubernetes-map-type'];
  if (!isGiven(mapType)) return;
  const at = ['x-kubernetes-map-type'];
  if (type !== 'object') report('x-kubernetes-map-type needs the type object', at);
  if (mapType !== 'atomic' && mapType !== 'granular')
    report('x-kubernetes-map-type must be atomic or granular', at);
}

function checkList(schema: JsonObject, report: Report): void {
  const type = schema['x-kubernetes-list-type'];
  const keys = listOf(schema['x-kubernetes-list-map-keys']);
  const at = ['x-kubernetes-list-type'];
  if (keys.length > 0 && type !== 'map')
    report('x-kubernetes-list-map-keys needs the list type map', ['x-kubernetes-list-map-keys']);
  if (!isGiven(type)) return;
  if (schema['type'] !== 'array') report('x-kubernetes-list-type needs the type array', at);
  if (!['atomic', 'set', 'map'].includes(String(type)))
    report('x-kubernetes-list-type must be atomic, set or map', at);
  const items = inside(schema['items']);
  if (type !== 'atomic' && items['nullable'] === true)
    report(`items of the list type ${String(type)} must not be nullable`, ['items', 'nullable']);
  if (type === 'set') checkSetItems(items, report);
  if (type === 'map') checkKeys(keys.map(String), items, report);
}

function checkSetItems(items: JsonObject, report: Report): void {
  const listType = items['x-kubernetes-list-type'];
  if (items['type'] === 'array' && isGiven(listType) && listType !== 'atomic')
    report('lists in a set must be atomic', ['items', 'x-kubernetes-list-type']);
  if (items['type'] === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    report('maps in a set need "x-kubernetes-map-type: atomic"', ['items', 'x-kubernetes-map-type']);
}

function checkKeys(keys: readonly string[], items: JsonObject, report: Report): void {
  const at = ['x-kubernetes-list-map-keys'];
  if (keys.length === 0) report('the list type map needs x-kubernetes-list-map-keys', at);
  if (items['type'] !== 'object')
    report('items of the list type map must be of the type object', ['items', 'type']);
  if (new Set(keys).size < keys.length) report('each key must be there only once', at);
  const properties = propertiesOf(items);
  const required = listOf(items['required']);
  for (const key of keys) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const path = ['items', 'properties', key];
    if (property === undefined) {
      report(`the items have no property ${quote(key)}`, at);
      continue;
    }
    if (property['type'] === 'array' || property['type'] === 'object')
      report('a key must not be a list or a map', path);
    if (!required.includes(key) && !isGiven(property['default']))
      report('a key must be required or have a default', path);
    if (property['nullable'] === true) report('a key must not be nullable', path);
  }
}
