import { type JsonObject, textMap } from '@slipway/core';
import {
  type KubernetesObject,
  kindKey,
  type LabelSelector,
  objectAt,
  parseSelector,
  podTemplatePath,
  selects,
} from '@slipway/kubernetes';

type Labels = Readonly<Record<string, string>>;

const WORKLOADS: readonly string[] = [
  'DaemonSet.apps',
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
];

export function isDeployment(object: KubernetesObject): boolean {
  return kindKey(object) === 'Deployment.apps';
}

export function isService(object: KubernetesObject): boolean {
  return kindKey(object) === 'Service';
}

/** Whether an object keeps pods running that a Service may send to. */
export function isWorkload(object: KubernetesObject): boolean {
  return WORKLOADS.includes(kindKey(object));
}

/** The labels of the pods that an object describes. */
export function podLabels(object: KubernetesObject): Labels {
  const labels = objectAt(object, ...(podTemplatePath(object) ?? []), 'metadata', 'labels');
  return textMap(labels);
}

/** The spec of the pods that an object describes; empty if there is none. */
export function podSpec(object: KubernetesObject): JsonObject {
  return objectAt(object, ...(podTemplatePath(object) ?? []), 'spec') ?? {};
}

/** The selector of a Service; undefined if it has none, and its endpoints are written by others. */
export function serviceSelector(service: KubernetesObject): LabelSelector | undefined {
  const written = objectAt(service, 'spec', 'selector');
  return written === undefined || Object.keys(written).length === 0
    ? undefined
    : parseSelector(written, true);
}

/** Whether a Service sends to the pods that a workload describes. */
export function sendsTo(service: KubernetesObject, workload: KubernetesObject): boolean {
  const selector =
    isService(service) && areTogether(service, workload) ? serviceSelector(service) : undefined;
  return selector !== undefined && selects(selector, podLabels(workload));
}

/** Whether a PodDisruptionBudget covers the pods that a workload describes; one without a selector covers none. */
export function covers(budget: KubernetesObject, workload: KubernetesObject): boolean {
  if (kindKey(budget) !== 'PodDisruptionBudget.policy' || !areTogether(budget, workload)) return false;
  const selector = objectAt(budget, 'spec', 'selector');
  return selector !== undefined && selects(parseSelector(selector), podLabels(workload));
}

/** Manifests may leave their namespace out, which is the same for all of a release then. */
export function areTogether(one: KubernetesObject, other: KubernetesObject): boolean {
  return (one.metadata['namespace'] ?? '') === (other.metadata['namespace'] ?? '');
}
