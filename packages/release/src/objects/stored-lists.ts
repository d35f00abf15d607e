import { isJsonObject, type JsonValue, type Path } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type ListTypeAt, listTypesOf } from './list-types.ts';

/**
 * The manifest with its atomic lists as the server stores them. An atomic list is replaced as a whole, its items' defaults included, so
 * that a merge without the server's defaults would take each of them for removed.
 * @param stored the manifest with the server's defaults
 */
export function withStoredLists(
  applied: KubernetesObject,
  stored: KubernetesObject,
  listTypeAt: ListTypeAt = listTypesOf(applied),
): KubernetesObject {
  return withLists(applied, stored, [], listTypeAt) as KubernetesObject;
}

function withLists(
  applied: JsonValue,
  stored: JsonValue | undefined,
  path: Path,
  listTypeAt: ListTypeAt,
): JsonValue {
  if (isJsonObject(applied)) {
    if (!isJsonObject(stored)) return applied;
    const entries = Object.entries(applied) as [string, JsonValue][];
    return Object.fromEntries(
      entries.map(([key, value]) => [key, withLists(value, stored[key], [...path, key], listTypeAt)]),
    );
  }
  if (!Array.isArray(applied) || !Array.isArray(stored) || applied.length !== stored.length) return applied;
  if ((listTypeAt(path) ?? 'atomic') === 'atomic') return stored;
  return applied.map((item, index) =>
    withLists(item as JsonValue, stored[index] as JsonValue, [...path, index], listTypeAt),
  );
}
