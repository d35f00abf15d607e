import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import { itemsByKey, type KubernetesObject } from '@slipway/kubernetes';
import { type ListTypeAt, listTypesOf } from './list-types.ts';
import { sameJson } from './managed-fields.ts';

/**
 * A merge with the fields that leave with their owner's claim, and that the server sets again at once: they keep their value, so nothing
 * removes them. Who created an object by an update owns the defaults in it too, and they are ours once it is adopted.
 * @param merged what the merge left
 * @param stored the same with the server's defaults
 */
export function withDefaultsKept(
  live: KubernetesObject,
  merged: KubernetesObject,
  stored: KubernetesObject,
  listTypeAt: ListTypeAt = listTypesOf(merged, live),
): KubernetesObject {
  return kept(live, merged, stored, [], listTypeAt) as KubernetesObject;
}

function kept(
  live: JsonValue | undefined,
  merged: JsonValue,
  stored: JsonValue | undefined,
  path: Path,
  listTypeAt: ListTypeAt,
): JsonValue {
  if (isJsonObject(merged) && isJsonObject(stored) && isJsonObject(live))
    return keptFields(live, merged, stored, path, listTypeAt);
  if (!Array.isArray(merged) || !Array.isArray(stored) || !Array.isArray(live)) return merged;
  const type = listTypeAt(path);
  const keys = type === undefined || typeof type === 'string' ? undefined : type;
  const [old, own] = [keys && itemsByKey(live, keys), keys && itemsByKey(merged, keys)];
  if (old === undefined || own === undefined || stored.length !== merged.length) return merged;
  return [...own].map(([key, { item, index }]) =>
    kept(old.get(key)?.item, item, stored[index], [...path, index], listTypeAt),
  );
}

function keptFields(
  live: JsonObject,
  merged: JsonObject,
  stored: JsonObject,
  path: Path,
  listTypeAt: ListTypeAt,
): JsonValue {
  const fields = Object.entries(merged).map(([key, value]) => [
    key,
    value === undefined ? value : kept(live[key], value, stored[key], [...path, key], listTypeAt),
  ]);
  const defaults = Object.entries(stored).filter(
    ([key, value]) =>
      !Object.hasOwn(merged, key) &&
      value !== undefined &&
      live[key] !== undefined &&
      sameJson(value, live[key]),
  );
  return Object.fromEntries([...fields, ...defaults]) as JsonObject;
}
