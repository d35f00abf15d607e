import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import { isKeyword } from './keyword-types.ts';
import { inside, listOf, type Report } from './report.ts';

const MAX_DEPTH = 64;

/**
 * Why a schema is not structural.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/validation.go, and
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function checkStructure(root: JsonObject, report: Report): void {
  checkNode(root, [], report);
  for (const [entry, at] of junctorsOf(root)) checkCompleteness(entry, root, at, report);
}

function checkNode(schema: JsonObject, path: Path, report: Report): void {
  if (path.length > 2 * MAX_DEPTH) {
    report('the schema is nested too deeply', path);
    return;
  }
  checkType(schema, path, report);
  checkEmbedded(schema, path, report);
  checkObjectFields(schema, path, report);
  if (path.length === 0 && (schema['additionalProperties'] ?? null) !== null)
    report('additionalProperties must not be used at the root', [...path, 'additionalProperties']);
  for (const [entry, at] of junctorsOf(withoutPair(schema))) checkNested(entry, [...path, ...at], report);
  for (const [inner, at] of partsOf(schema)) checkNode(inner, [...path, ...at], report);
}

function checkType(schema: JsonObject, path: Path, report: Report): void {
  const type = schema['type'] ?? '';
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isEither = schema['x-kubernetes-int-or-string'] === true;
  if (type === '' && !isEither && !isOpen) report('a schema needs a type', path);
  if (path.length === 0 && type !== '' && type !== 'object')
    report('the type of a custom resource must be object', path);
  if (type === 'array' && !isJsonObject(schema['items'])) report('an array needs items', path);
  if (isEither && isOpen)
    report('x-kubernetes-int-or-string and x-kubernetes-preserve-unknown-fields exclude each other', path);
}

function checkEmbedded(schema: JsonObject, path: Path, report: Report): void {
  if (schema['x-kubernetes-embedded-resource'] !== true) return;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isEmpty = Object.keys(inside(schema['properties'])).length === 0;
  if (schema['type'] !== 'object') report('an embedded object needs the type object', path);
  if (schema['x-kubernetes-int-or-string'] === true)
    report('x-kubernetes-int-or-string and x-kubernetes-embedded-resource exclude each other', path);
  if (isSet(schema['additionalProperties']))
    report('an embedded object must not have additionalProperties', path);
  if (!isOpen && isEmpty)
    report('an embedded object needs properties or x-kubernetes-preserve-unknown-fields', path);
}

/** The fields that every object has are known: of them, only the name can be restricted. */
function checkObjectFields(schema: JsonObject, path: Path, report: Report): void {
  const isRoot = path.length === 0;
  if (!isRoot && schema['x-kubernetes-embedded-resource'] !== true) return;
  const { kind, apiVersion, metadata } = inside(schema['properties']);
  const at = [...path, 'properties'];
  if (isJsonObject(kind) && kind['type'] !== 'string')
    report('the type of kind must be string', [...at, 'kind']);
  if (isJsonObject(apiVersion) && apiVersion['type'] !== 'string')
    report('the type of apiVersion must be string', [...at, 'apiVersion']);
  if (!isJsonObject(metadata)) return;
  if (metadata['type'] !== 'object') report('the type of metadata must be object', [...at, 'metadata']);
  if (isRoot && !restrictsNamesOnly(metadata))
    report('metadata must have no more than type and properties, and these only name and generateName', [
      ...[...at, 'metadata'],
    ]);
}

function restrictsNamesOnly({ type: _, default: _default, properties, ...more }: JsonObject): boolean {
  const names = Object.keys(inside(properties));
  const { additionalProperties = null } = more;
  return (
    names.every(name => name === 'name' || name === 'generateName') &&
    additionalProperties === null &&
    isPlain(more)
  );
}

/** The two types that an integer or text may have, with nothing else said of them. */
function isIntegerOrText(value: JsonValue | undefined): boolean {
  const entries = listOf(value).map(inside);
  const types = entries.map(({ type }) => type);
  const isPair = types.length === 2 && types[0] === 'integer' && types[1] === 'string';
  return isPair && entries.every(({ type: _, ...more }) => isPlain(more));
}

/** Words of which nothing is left if they are empty. */
const GONE_IF_EMPTY = ['enum', 'allOf', 'anyOf', 'oneOf', 'definitions', 'patternProperties'];

/** Whether a schema says nothing at all. Words that there are not are dropped below `items` and `additionalProperties`. */
function isPlain(schema: JsonObject): boolean {
  return Object.entries(schema).every(([word, value]) => {
    if (!isKeyword(word) || value === null || value === false || value === '') return true;
    if (word === 'items') return !isJsonObject(value as JsonValue);
    return GONE_IF_EMPTY.includes(word) && Object.keys(value as object).length === 0;
  });
}

type Part = readonly [schema: JsonObject, at: Path];

/** What is said of the value within allOf and its like. */
function junctorsOf(schema: JsonObject): readonly Part[] {
  const entries = ['allOf', 'oneOf', 'anyOf'].flatMap(word =>
    listOf(schema[word]).flatMap((entry, index): Part[] =>
      isJsonObject(entry) ? [[entry, [word, index]]] : [],
    ),
  );
  const { not } = schema;
  return isJsonObject(not) ? [...entries, [not, ['not']]] : entries;
}

/** The same without the pair of types that an integer or text may have. */
function withoutPair({ anyOf = null, allOf, ...schema }: JsonObject): JsonObject {
  const [first, ...others] = listOf(allOf);
  return {
    ...schema,
    anyOf: isIntegerOrText(anyOf) ? null : anyOf,
    allOf: first === undefined ? [] : [withoutOwnPair(first), ...others],
  };
}

function withoutOwnPair(entry: JsonValue): JsonValue {
  if (!isJsonObject(entry) || !isIntegerOrText(entry['anyOf'])) return entry;
  return { ...entry, anyOf: null };
}

function partsOf({ items, additionalProperties, properties }: JsonObject): readonly Part[] {
  return [
    ...(isJsonObject(items) ? [[items, ['items']] as const] : []),
    ...(isJsonObject(additionalProperties)
      ? [[additionalProperties, ['additionalProperties']] as const]
      : []),
    ...Object.entries(inside(properties)).flatMap(([name, property]): Part[] =>
      isJsonObject(property) || property === null ? [[property ?? {}, ['properties', name]]] : [],
    ),
  ];
}

/** What must be said outside of allOf and its like, where it holds in any case. */
const OUTSIDE = [
  ...['type', 'additionalProperties', 'default', 'title', 'description', 'nullable'],
  ...['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'],
  ...[
    'x-kubernetes-list-map-keys',
    'x-kubernetes-list-type',
    'x-kubernetes-map-type',
    'x-kubernetes-validations',
  ],
];

function checkNested(schema: JsonObject, path: Path, report: Report): void {
  if (path.length > 2 * MAX_DEPTH) {
    report('the schema is nested too deeply', path);
    return;
  }
  for (const word of OUTSIDE)
    if (word === 'default' ? (schema[word] ?? null) !== null : isSet(schema[word]))
      report(`${word} must not be within allOf, anyOf, oneOf or not`, [...path, word]);
  if (isJsonObject(inside(schema['properties'])['metadata']))
    report('metadata must not be restricted within allOf, anyOf, oneOf or not', [
      ...path,
      'properties',
      'metadata',
    ]);
  for (const [entry, at] of junctorsOf(schema)) checkNested(entry, [...path, ...at], report);
  const { additionalProperties: _, ...rest } = schema;
  for (const [inner, at] of partsOf(rest)) checkNested(inner, [...path, ...at], report);
}

/** Whether Go keeps the value of a field: an empty one is one that is not there. */
function isSet(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}

/** Each field and item that is restricted at the root must be known there. */
function checkCompleteness(nested: JsonObject, schema: JsonObject, path: Path, report: Report): void {
  for (const [entry, at] of junctorsOf(nested)) checkCompleteness(entry, schema, [...path, ...at], report);
  const { additionalProperties: _, ...rest } = nested;
  for (const [inner, at] of partsOf(rest)) {
    const known = at[0] === 'items' ? schema['items'] : inside(schema['properties'])[String(at[1])];
    if (isJsonObject(known)) checkCompleteness(inner, known, [...path, ...at], report);
    else
      report('what is restricted here must also be declared outside of allOf, anyOf, oneOf and not', [
        ...path,
        ...at,
      ]);
  }
}
