import { canonicalJson, isJsonObject, type JsonValue, sha256 } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { ownedFields } from './managed-fields.ts';

/** Hexadecimal digits: a difference is to be seen, and nothing is found by it. */
const LENGTH = 10;

/**
 * A hash of which fields a manager owns of a live object: whoever changes one of their values takes it, and then the hash is another.
 * Replicas are left out, as autoscalers and people set them by design, and so is what controllers write into others' objects.
 * @returns undefined if the manager owns nothing of it
 */
export function ownedHash(live: KubernetesObject, manager: string): string | undefined {
  const fields = ownedFields(live, manager);
  if (fields === undefined) return undefined;
  return sha256(canonicalJson(ofPeople(fields))).slice('sha256:'.length, 'sha256:'.length + LENGTH);
}

const OF_CONTROLLERS = /^f:(?:caBundle|replicas|deployment\.kubernetes\.io\/.*)$/;

/** The owned fields without those that controllers write by design. */
export function ofPeople(fields: JsonValue): JsonValue {
  if (!isJsonObject(fields)) return fields;
  const kept = Object.entries(fields).filter(([key]) => !OF_CONTROLLERS.test(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, ofPeople(value ?? null)]));
}
