import type { RecordedObject } from '@slipway/core';
import { type KubernetesObject, labelsOf, PART_OF, uidIfAny } from '@slipway/kubernetes';
import type { StepsContext } from './steps-context.ts';

/** Whether a live object is the copy that the record has, and still Slipway's: nothing else under its name is deleted. */
export function isOwnCopy(
  { set }: Pick<StepsContext, 'set'>,
  { entry, live }: { readonly entry: RecordedObject; readonly live: KubernetesObject },
): boolean {
  return labelsOf(live)[PART_OF] === set && (entry.uid === undefined || entry.uid === uidIfAny(live));
}
