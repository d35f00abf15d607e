import { valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Replicas } from '../objects/autoscaling.ts';
import { isSetByAutoscaler } from '../objects/claims.ts';
import { ownedFields, ownsField } from '../objects/managed-fields.ts';

/** What is to be said of the replicas of a live workload; nothing where a number stays that is only the server's default. */
export function replicasNote(
  live: KubernetesObject | undefined,
  replicas: Replicas | undefined,
  manager: string,
): string | undefined {
  if (live === undefined || replicas?.note === undefined) return undefined;
  const { path, stays, note } = replicas;
  const number = valueAt(live, path);
  if (!stays) return note;
  return number !== undefined && isSet(live, path, manager)
    ? `stays at ${number} replicas: ${note}`
    : undefined;
}

/** Whether a release or an autoscaler has set the number. */
function isSet(live: KubernetesObject, path: readonly string[], manager: string): boolean {
  return ownsField(ownedFields(live, manager), path) || isSetByAutoscaler(live, path);
}
