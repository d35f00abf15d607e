import { isJsonObject, type JsonValue, valueAt } from '@slipway/core';
import { builtInListType, type Kind, type ListKey } from '@slipway/kubernetes';

/**
 * The fields that identify the items of a list of Kubernetes' own kinds, as for server-side apply. These are all of the list's keys: by
 * the merge key alone, as kubectl merges, a port's UDP half would replace its TCP half.
 * @param path the keys that lead to the list, without indices
 * @returns undefined for a list that a patch replaces
 */
export function builtInListKeys(kind: Kind, path: readonly string[]): readonly ListKey[] | undefined {
  const type = builtInListType(kind, path);
  return typeof type === 'object' ? type : undefined;
}

/** Finalizers are the one list of values that a strategic merge of an application's object adds to. */
export function isMergedSet(path: readonly string[]): boolean {
  return path.join('/').endsWith('metadata/finalizers');
}

/**
 * The list keys of a custom resource, from its definition.
 * @param schema the `openAPIV3Schema` of its version
 */
export function definedListKeys(schema: JsonValue, path: readonly string[]): readonly ListKey[] | undefined {
  const list = path.reduce<JsonValue | undefined>(
    (current, key) => (current === undefined ? undefined : schemaOf(current, key)),
    schema,
  );
  if (!isJsonObject(list) || list['x-kubernetes-list-type'] !== 'map') return undefined;
  const keys = list['x-kubernetes-list-map-keys'];
  if (!Array.isArray(keys)) return undefined;
  return keys.filter(key => typeof key === 'string').map(name => definedKey(list, name));
}

function definedKey(list: JsonValue, name: string): ListKey {
  const preset = valueAt(list, ['items', 'properties', name, 'default']);
  return preset === undefined ? { name } : { name, default: preset };
}

/** The schema of the value at a key; lists are skipped, since paths have no indices. */
function schemaOf(schema: JsonValue, key: string): JsonValue | undefined {
  const object = valueAt(schema, ['items']) ?? schema;
  return valueAt(object, ['properties', key]) ?? valueAt(object, ['additionalProperties']);
}
