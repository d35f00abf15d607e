import type { RecordedObject, Release } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';

/**
 * Records an object's health before a release: a release that does not change an unhealthy object is not to blame for it.
 * If an earlier release that never succeeded caused the fault, nothing is recorded and the object is judged in full; otherwise
 * deploying the same again would count as a success.
 */
export function withHealthBefore(
  object: RecordedObject,
  healthy: boolean | undefined,
  faults: ReadonlySet<string>,
): RecordedObject {
  if (healthy === undefined) return object;
  if (!healthy && faults.has(objectKey(object))) return object;
  return { ...object, healthyBefore: healthy };
}

/** Keys of the objects whose faults a release that never succeeded may have caused: it wrote them, or found them healthy. */
export function faultsOf(previous: Release | undefined): ReadonlySet<string> {
  if (previous === undefined || previous.verdict === 'succeeded') return new Set();
  const faults = previous.objects.filter(then => then.written || then.healthyBefore !== false);
  return new Set(faults.map(objectKey));
}
