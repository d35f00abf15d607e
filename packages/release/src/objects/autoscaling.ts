import {
  apiGroup,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KubernetesObject,
  valueAt,
} from '@slipway/core';
import { groupKind } from './kinds.ts';
import { ownedFields, ownsField } from './managed-fields.ts';

/** Kinds that set the replicas of a workload. */
export const AUTOSCALERS = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
] as const;
const SCALING = new Set(AUTOSCALERS.map(groupKind));
const SCALED = ['Deployment.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'ReplicationController'];

/** Whether an autoscaler could have a say in the object's replicas. */
export function isScalable(object: KubernetesObject): boolean {
  return SCALED.includes(groupKind(object)) && valueAt(object, ['spec', 'replicas']) !== undefined;
}

/** Keys of the workloads that autoscalers among these objects target. */
export function scaleTargets(objects: readonly KubernetesObject[]): ReadonlySet<string> {
  const targets = objects
    .filter(object => SCALING.has(groupKind(object)))
    .flatMap(object => targetOf(object, valueAt(object, ['spec', 'scaleTargetRef'])));
  return new Set(targets);
}

function targetOf(autoscaler: KubernetesObject, reference: JsonValue | undefined): string[] {
  if (!isJsonObject(reference)) return [];
  // KEDA's scaleTargetRef means a Deployment where it says nothing else.
  const kind = String(reference['kind'] ?? 'Deployment');
  const apiVersion = String(reference['apiVersion'] ?? 'apps/v1');
  return [targetKey(apiVersion, kind, autoscaler.metadata['namespace'], reference['name'])];
}

function targetKey(apiVersion: string, kind: string, namespace: unknown, name: unknown): string {
  return `${apiGroup(apiVersion)}/${kind}/${String(namespace)}/${String(name)}`;
}

/**
 * The workload as it is applied when an autoscaler has a say. As long as our manager owns the replicas, leaving them out would
 * set them back to one, so the live number is repeated; once the autoscaler has changed them they are its own, and left out.
 */
export function withLiveReplicas(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  targets: ReadonlySet<string>,
  manager: string,
): KubernetesObject {
  const { namespace, name } = object.metadata;
  const isTarget = targets.has(targetKey(object.apiVersion, object.kind, namespace, name));
  const replicas = live === undefined ? undefined : valueAt(live, ['spec', 'replicas']);
  if (!isTarget || live === undefined || replicas === undefined || !isScalable(object)) return object;
  const { replicas: _wanted, ...spec } = object['spec'] as JsonObject;
  const ours = ownsField(ownedFields(live, manager), ['spec', 'replicas']);
  return { ...object, spec: ours ? { ...spec, replicas } : spec };
}
