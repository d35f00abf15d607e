import { type JsonObject, valueAt } from '@slipway/core';
import { type KubernetesObject, keyOf, saysReplicas, withoutReplicas } from '@slipway/kubernetes';
import { ownedFields, ownsField } from './managed-fields.ts';

/**
 * The workload as it is applied if an autoscaler targets it. While our manager owns the replicas, leaving them out would reset them
 * to one, so the live number is applied; once the autoscaler has changed them, it owns them, and they are left out.
 */
export function withLiveReplicas(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  targets: ReadonlySet<string>,
  manager: string,
): KubernetesObject {
  const isTarget = targets.has(keyOf(object));
  const replicas = live === undefined ? undefined : valueAt(live, ['spec', 'replicas']);
  if (!isTarget || live === undefined || replicas === undefined || !saysReplicas(object)) return object;
  const bare = withoutReplicas(object);
  const ours = ownsField(ownedFields(live, manager), ['spec', 'replicas']);
  return ours ? { ...bare, spec: { ...(bare['spec'] as JsonObject), replicas } } : bare;
}
