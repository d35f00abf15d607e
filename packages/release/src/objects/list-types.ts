import {
  defined,
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  parseJson,
} from '@slipway/core';
import {
  builtInListType,
  fieldsOf,
  isBuiltIn,
  type KubernetesObject,
  type ListType,
} from '@slipway/kubernetes';
import { managerEntries } from './managed-fields.ts';

/** How the list at a path is merged; undefined if that is not known. */
export type ListTypeAt = (path: Path) => ListType | undefined;

/**
 * How the lists of an object are merged: by the kind, or for a custom resource by the field ownership of its live states, which
 * names the items of a list as its definition says.
 */
export function listTypesOf(kind: KubernetesObject, ...states: readonly KubernetesObject[]): ListTypeAt {
  if (isBuiltIn(kind.apiVersion)) return path => builtInListType(kind, path);
  const known = new Map<string, ListType>();
  for (const state of states) for (const { fields } of managerEntries(state)) collectLists(fields, [], known);
  return path => known.get(fieldsOf(path));
}

function collectLists(fields: JsonObject, path: readonly string[], known: Map<string, ListType>): void {
  for (const [step, inside] of Object.entries(fields)) {
    const type = typeShownBy(step);
    if (type !== undefined) known.set(formatPointer(path), type);
    if (!isJsonObject(inside)) continue;
    collectLists(inside, step.startsWith('f:') ? [...path, step.slice(2)] : path, known);
  }
}

function typeShownBy(step: string): ListType | undefined {
  if (step.startsWith('v:')) return 'set';
  if (!step.startsWith('k:')) return undefined;
  const selector: JsonValue = parseJson(step.slice(2));
  return isJsonObject(selector) ? Object.keys(selector).map(name => ({ name })) : undefined;
}

/**
 * How the lists of a custom resource are merged, from the OpenAPI v3 document of its API version; without one, or for a list that it
 * does not describe, as its field ownership shows.
 */
export function describedListTypes(
  document: JsonObject | undefined,
  kind: KubernetesObject,
  ...states: readonly KubernetesObject[]
): ListTypeAt {
  const owned = listTypesOf(kind, ...states);
  if (document === undefined || isBuiltIn(kind.apiVersion)) return owned;
  const schemas = Object.values(objectIn(objectIn(document['components'])['schemas']));
  const root = schemas.find(schema => isSchemaOf(schema, kind));
  return path => describedType(path.reduce(inside, root)) ?? owned(path);
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isSchemaOf(schema: JsonValue, { apiVersion, kind }: KubernetesObject): boolean {
  const names = objectIn(schema)['x-kubernetes-group-version-kind'];
  return (
    Array.isArray(names) &&
    names
      .map(objectIn)
      .some(name => `${name['group']}/${name['version']}` === apiVersion && name['kind'] === kind)
  );
}

function inside(schema: JsonValue | undefined, step: string | number): JsonValue | undefined {
  const { items, properties, additionalProperties } = objectIn(schema);
  return typeof step === 'number' ? items : (objectIn(properties)[step] ?? additionalProperties);
}

function describedType(schema: JsonValue | undefined): ListType | undefined {
  const { type, items, ...more } = objectIn(schema);
  if (type !== 'array') return undefined;
  const [listType, keys] = [more['x-kubernetes-list-type'], more['x-kubernetes-list-map-keys']];
  if (listType === 'set') return 'set';
  if (listType !== 'map' || !Array.isArray(keys)) return 'atomic';
  return keys.map(String).map(name => {
    const preset = objectIn(objectIn(objectIn(items)['properties'])[name])['default'];
    return { name, ...defined({ default: preset }) };
  });
}
