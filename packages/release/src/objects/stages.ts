import { textMap } from '@slipway/core';
import { type KubernetesObject, kindKey, ORDER } from '@slipway/kubernetes';

/** Kinds that other objects need in order to exist. */
const DEFINING = ['Namespace', 'CustomResourceDefinition.apiextensions.k8s.io'];

/** Kinds that pods need when they start. */
const FOUNDATION = [
  'ServiceAccount',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'ResourceQuota',
  'LimitRange',
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
];

/** Kinds that intercept later requests, and would fail them while their server is not running. */
const INTERCEPTING = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'APIService.apiregistration.k8s.io',
];

/**
 * The objects in the order in which they are applied: definitions, what pods need, everything else by its annotation, and last what
 * intercepts requests. Each stage starts when the one before has settled.
 */
export function stagesOf<Item extends { readonly object: KubernetesObject }>(
  items: readonly Item[],
): Item[][] {
  const stages = Map.groupBy(items, ({ object }) => rankOf(object));
  return [...stages].sort(([a], [b]) => a - b).map(([, stage]) => stage);
}

function rankOf(object: KubernetesObject): number {
  const kind = kindKey(object);
  if (DEFINING.includes(kind)) return Number.NEGATIVE_INFINITY;
  if (FOUNDATION.includes(kind)) return -Number.MAX_VALUE;
  if (INTERCEPTING.includes(kind)) return Number.POSITIVE_INFINITY;
  return orderOf(object) ?? 0;
}

/** The integer of the object's order annotation; undefined if there is none. */
export function orderOf(object: KubernetesObject): number | undefined {
  const text = textMap(object.metadata['annotations'] ?? null)[ORDER];
  return text !== undefined && /^[+-]?\d{1,9}$/.test(text) ? Number(text) : undefined;
}
