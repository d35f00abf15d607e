import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { sameJson, withoutServerMetadata } from './managed-fields.ts';

/** The JSON merge patch (RFC 7386) that makes one state of an object another, without what the server writes. */
export function mergePatch(before: KubernetesObject, after: KubernetesObject): JsonObject {
  return changesOf(withoutServerMetadata(before), withoutServerMetadata(after));
}

function changesOf(before: JsonObject, after: JsonObject): JsonObject {
  const removed = Object.keys(before).filter(key => !(key in after));
  const changed = Object.entries(after).flatMap(([key, value]): [string, JsonValue][] => {
    const old = before[key];
    if (old !== undefined && sameJson(old, value)) return [];
    return [[key, isJsonObject(old) && isJsonObject(value) ? changesOf(old, value) : value]];
  });
  return { ...Object.fromEntries(changed), ...Object.fromEntries(removed.map(key => [key, null])) };
}
