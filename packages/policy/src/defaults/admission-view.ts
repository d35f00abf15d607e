import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { canonicalQuantity } from '@slipway/kubernetes';
import type { KindSchema, ObjectSchema, Property, Schema } from '../schemas/schema.ts';
import { declaredDefaults } from './declared.ts';
import { type Draft, dependentDefaults } from './dependent.ts';
import { versionedDefaults, versionedRoots } from './versioned.ts';

/**
 * The object as an admission policy would see it when it is created: defaults filled in, empty fields left out as Go does,
 * quantities in their canonical form, `stringData` merged, the status fresh. What only a cluster sets (uid, creation time, an
 * allocated address) is absent. Wrongly typed values are left as they are: the schema's findings report them.
 * @param minor the version of Kubernetes, since some defaults were added later, and some fields are dropped before
 */
export function admissionView(
  object: KubernetesObject,
  kind: KindSchema,
  namespace: string,
  minor: number,
): KubernetesObject {
  if (kind.schema.form === 'any') return object;
  const written = kind.dropsStatus ? withoutStatus(object, kind.schema) : object;
  const view = fillObject(written, kind.schema, minor) as Draft;
  versionedRoots[kind.schema.name]?.(view, minor);
  view['apiVersion'] = object.apiVersion;
  view['kind'] = object.kind;
  if (kind.namespaced && isJsonObject(view['metadata']) && view['metadata']['namespace'] === undefined)
    (view['metadata'] as Draft)['namespace'] = namespace;
  return view as KubernetesObject;
}

function withoutStatus(object: KubernetesObject, schema: ObjectSchema): JsonObject {
  if (object['status'] === undefined || !schema.properties.has('status')) return object;
  const { status: _, ...rest } = object;
  return rest;
}

function fill(value: JsonValue, schema: Schema, minor: number): JsonValue {
  switch (schema.form) {
    case 'object':
      return isJsonObject(value) ? fillObject(value, schema, minor) : value;
    case 'list':
      return Array.isArray(value) ? value.map(item => fill(item as JsonValue, schema.items, minor)) : value;
    case 'map':
      return isJsonObject(value) ? fillMap(value, schema.values, minor) : value;
    case 'scalar':
      return schema.type === 'quantity' ? canonicalQuantity(value) : value;
    default:
      return value;
  }
}

function fillMap(value: JsonObject, schema: Schema, minor: number): JsonObject {
  const filled: Draft = {};
  for (const key of Object.keys(value)) {
    const item = value[key] as JsonValue;
    // A null in a map of text is the empty text; defineProperty since a key may be `__proto__`.
    setKey(filled, key, item === null && schema.form === 'scalar' ? '' : fill(item, schema, minor));
  }
  return filled;
}

function setKey(draft: Draft, key: string, value: JsonValue): void {
  if (key === '__proto__')
    Object.defineProperty(draft, key, { value, enumerable: true, configurable: true, writable: true });
  else draft[key] = value;
}

function fillObject(value: JsonObject, schema: ObjectSchema, minor: number): JsonObject {
  const draft: Draft = {};
  for (const key of Object.keys(value)) {
    const item = value[key] as JsonValue;
    const property = schema.properties.get(key);
    if (property === undefined) setKey(draft, key, item);
    else if (item === null) {
      if (property.schema.limits?.nullable === true) draft[key] = null;
    } else {
      const filled = fill(item, property.schema, minor);
      // An empty value that Go would write is left out as well until defaults, which replace it, are in.
      if ((property.empty !== 'drop' && property.empty !== 'zero') || !isEmpty(filled)) draft[key] = filled;
    }
  }
  complete(draft, schema, minor);
  return draft;
}

/** Fills in what is missing, and drops what the version does not know yet. */
function complete(draft: Draft, schema: ObjectSchema, minor: number): void {
  const declared = declaredDefaults[schema.name];
  for (const field in declared) if (draft[field] === undefined) draft[field] = declared[field] as JsonValue;
  for (const [field, property] of additionsOf(schema))
    if (draft[field] === undefined) addMissing(draft, field, property, minor);
  dependentDefaults[schema.name]?.(draft);
  versionedDefaults[schema.name]?.(draft, minor);
  for (const field of schema.dropped ?? []) delete draft[field];
}

function isEmpty(value: JsonValue): boolean {
  if (value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

const additions = new WeakMap<ObjectSchema, readonly (readonly [string, Property])[]>();

/** Properties that admission sees although they were not written; only a few of a type's many. */
function additionsOf(schema: ObjectSchema): readonly (readonly [string, Property])[] {
  const known = additions.get(schema);
  if (known !== undefined) return known;
  const found = [...schema.properties].filter(
    ([, { empty, fallback }]) =>
      fallback !== undefined || empty === 'fill' || empty === 'zero' || empty === 'null',
  );
  additions.set(schema, found);
  return found;
}

function addMissing(draft: Draft, field: string, { schema, empty, fallback }: Property, minor: number): void {
  if (fallback !== undefined) draft[field] = fill(structuredClone(fallback) as JsonValue, schema, minor);
  else if (empty === 'null') draft[field] = null;
  else if (empty === 'fill' && schema.form === 'object') draft[field] = fillObject({}, schema, minor);
  else if (empty === 'zero' && schema.form === 'scalar') draft[field] = zeroOf(schema.type);
}

function zeroOf(type: string): JsonValue {
  if (type === 'boolean') return false;
  return type === 'integer' || type === 'int32' || type === 'number' ? 0 : '';
}
