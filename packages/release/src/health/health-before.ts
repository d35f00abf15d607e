import type { RecordedObject, Release } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';

/**
 * An object's health before a release, for the record; what was unhealthy before is no fault of a release that leaves it alone.
 * Unless a release before it brought that fault and never succeeded: then deploying the same once more must not make it right,
 * so nothing is recorded, and the object is judged in full.
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

/** Keys of the objects that are no better for a release which never succeeded: it wrote them, or found them healthy. */
export function faultsOf(previous: Release | undefined): ReadonlySet<string> {
  if (previous === undefined || previous.verdict === 'succeeded') return new Set();
  const faults = previous.objects.filter(then => then.written || then.healthyBefore !== false);
  return new Set(faults.map(objectKey));
}
