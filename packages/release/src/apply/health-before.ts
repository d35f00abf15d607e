import { objectKey, type RecordedObject, type Release } from '@slipway/core';

/**
 * An object's health before a release, for the record; what was unhealthy before is no fault of a release that leaves it alone.
 * Unless a release before it brought that fault and never succeeded: then deploying the same once more must not make it right,
 * so nothing is recorded, and the object is judged in full.
 */
export function withHealthBefore(
  object: RecordedObject,
  healthy: boolean | undefined,
  previous: Release | undefined,
): RecordedObject {
  if (healthy === undefined) return object;
  if (!healthy && isFaultOf(previous, object)) return object;
  return { ...object, healthyBefore: healthy };
}

function isFaultOf(previous: Release | undefined, object: RecordedObject): boolean {
  if (previous === undefined || previous.verdict === 'succeeded') return false;
  const then = previous.objects.find(other => objectKey(other) === objectKey(object));
  return then !== undefined && (then.written || then.healthyBefore !== false);
}
