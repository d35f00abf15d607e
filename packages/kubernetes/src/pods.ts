import { isJsonObject, type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import { type Located, valuesAt, withTextsChanged } from './fields.ts';
import { type Kind, kindKey } from './kinds.ts';
import type { KubernetesObject } from './object.ts';

/**
 * Where each kind describes its pods: the keys that lead to the `metadata` and `spec` of them. Kinds of other projects are here where
 * their template is a PodTemplateSpec under the same key.
 */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  ReplicationController: ['spec', 'template'],
  'CronJob.batch': ['spec', 'jobTemplate', 'spec', 'template'],
  'DaemonSet.apps': ['spec', 'template'],
  'Deployment.apps': ['spec', 'template'],
  'Job.batch': ['spec', 'template'],
  'ReplicaSet.apps': ['spec', 'template'],
  'StatefulSet.apps': ['spec', 'template'],
  // https://argo-rollouts.readthedocs.io/en/stable/features/specification/
  'Rollout.argoproj.io': ['spec', 'template'],
  // https://openkruise.io/docs/user-manuals/advancedstatefulset and advanceddaemonset
  'DaemonSet.apps.kruise.io': ['spec', 'template'],
  'StatefulSet.apps.kruise.io': ['spec', 'template'],
};

/** The keys that lead to `metadata` and `spec` of a kind's pods, none for a Pod itself; undefined for kinds without pods. */
export function podTemplatePath(kind: Kind): readonly string[] | undefined {
  const key = kindKey(kind);
  return Object.hasOwn(templatePaths, key) ? templatePaths[key] : undefined;
}

/** The keys that lead to the spec of a kind's pods; undefined for kinds without pods. */
export function podSpecPath(kind: Kind): readonly string[] | undefined {
  const template = podTemplatePath(kind);
  return template === undefined ? undefined : [...template, 'spec'];
}

/** The lists of containers that a manifest may have, in the order in which they start. */
export const WRITTEN_CONTAINER_LISTS = ['initContainers', 'containers'] as const;
/** The lists of containers of a live pod, to which a debugger may have been added. */
export const CONTAINER_LISTS = [...WRITTEN_CONTAINER_LISTS, 'ephemeralContainers'] as const;

/** The field of a pod's status that reports the containers of a list of its spec. */
export const STATUSES_OF = {
  initContainers: 'initContainerStatuses',
  containers: 'containerStatuses',
  ephemeralContainers: 'ephemeralContainerStatuses',
} as const;

/** Each container of a pod's spec, with its path from there. */
export function containersIn(spec: JsonObject): readonly (Located & { readonly value: JsonObject })[] {
  return CONTAINER_LISTS.flatMap(list => valuesAt(spec, [list, '*'])).flatMap(({ value, path }) =>
    isJsonObject(value) ? [{ value, path }] : [],
  );
}

/** A field of a pod's spec that names another object. */
export interface PodReferenceRule {
  readonly kind: string;
  /** The API group of the kind. */
  readonly group: string;
  /** The keys that lead from the pod's spec to the name; `*` is each item of a list. */
  readonly path: readonly string[];
  /** The keys that lead from what holds the name to the keys of the object that the pod uses; absent where it uses all or none. */
  readonly keys?: readonly string[];
  /** Whether the pod may say `optional: true` beside the name, and then starts without the object. */
  readonly canBeOptional: boolean;
}

function row(kind: string, path: string, more: Partial<PodReferenceRule> = {}): PodReferenceRule {
  return { kind, group: '', path: path.split('/'), canBeOptional: false, ...more };
}

/** The source of one key, and sources of a whole object or of the keys that `items` lists. */
const oneKey = { keys: ['key'], canBeOptional: true };
const items = { keys: ['items', '*', 'key'], canBeOptional: true };
const whole = { canBeOptional: true };

const IN_EACH_CONTAINER: readonly PodReferenceRule[] = [
  row('ConfigMap', 'env/*/valueFrom/configMapKeyRef/name', oneKey),
  row('Secret', 'env/*/valueFrom/secretKeyRef/name', oneKey),
  row('ConfigMap', 'envFrom/*/configMapRef/name', whole),
  row('Secret', 'envFrom/*/secretRef/name', whole),
];

/**
 * Every field of a pod's spec that names another object by a field of its own. Whatever asks which objects a pod uses asks this
 * table: names by content, prefixes, policies, and the masking of what a pod writes into its log. A test compares it with the
 * schemas of all versions of Kubernetes. Source: https://github.com/kubernetes/api/blob/v0.36.0/core/v1/types.go, PodSpec and
 * VolumeSource.
 */
export const POD_REFERENCE_RULES: readonly PodReferenceRule[] = [
  ...CONTAINER_LISTS.flatMap(list =>
    IN_EACH_CONTAINER.map(rule => ({ ...rule, path: [list, '*', ...rule.path] })),
  ),
  row('ConfigMap', 'volumes/*/configMap/name', items),
  row('ConfigMap', 'volumes/*/projected/sources/*/configMap/name', items),
  row('Secret', 'volumes/*/secret/secretName', items),
  row('Secret', 'volumes/*/projected/sources/*/secret/name', items),
  row('Secret', 'volumes/*/azureFile/secretName'),
  row('Secret', 'volumes/*/cephfs/secretRef/name'),
  row('Secret', 'volumes/*/cinder/secretRef/name'),
  row('Secret', 'volumes/*/csi/nodePublishSecretRef/name'),
  row('Secret', 'volumes/*/flexVolume/secretRef/name'),
  row('Secret', 'volumes/*/iscsi/secretRef/name'),
  row('Secret', 'volumes/*/rbd/secretRef/name'),
  row('Secret', 'volumes/*/scaleIO/secretRef/name'),
  row('Secret', 'volumes/*/storageos/secretRef/name'),
  row('Secret', 'imagePullSecrets/*/name'),
  row('PersistentVolumeClaim', 'volumes/*/persistentVolumeClaim/claimName'),
  row('Endpoints', 'volumes/*/glusterfs/endpoints'),
  row('ServiceAccount', 'serviceAccountName'),
  row('ServiceAccount', 'serviceAccount'),
  row('PersistentVolume', 'volumes/*/ephemeral/volumeClaimTemplate/spec/volumeName'),
  row('StorageClass', 'volumes/*/ephemeral/volumeClaimTemplate/spec/storageClassName', {
    group: 'storage.k8s.io',
  }),
  row('VolumeAttributesClass', 'volumes/*/ephemeral/volumeClaimTemplate/spec/volumeAttributesClassName', {
    group: 'storage.k8s.io',
  }),
  row('ClusterTrustBundle', 'volumes/*/projected/sources/*/clusterTrustBundle/name', {
    group: 'certificates.k8s.io',
    canBeOptional: true,
  }),
  row('PriorityClass', 'priorityClassName', { group: 'scheduling.k8s.io' }),
  row('RuntimeClass', 'runtimeClassName', { group: 'node.k8s.io' }),
  row('ResourceClaim', 'resourceClaims/*/resourceClaimName', { group: 'resource.k8s.io' }),
  row('ResourceClaimTemplate', 'resourceClaims/*/resourceClaimTemplateName', { group: 'resource.k8s.io' }),
  row('Workload', 'workloadRef/name', { group: 'scheduling.k8s.io' }),
  row('PodGroup', 'schedulingGroup/podGroupName', { group: 'scheduling.k8s.io' }),
];

/** One name that a pod's spec says. */
export interface PodReference {
  readonly kind: string;
  readonly group: string;
  readonly name: string;
  /** From the pod's spec to the name. */
  readonly path: Path;
  /** The keys of the object that the pod uses one by one, with their paths from the pod's spec. */
  readonly keys: readonly { readonly key: string; readonly path: Path }[];
  /** Whether the pod starts without the object. */
  readonly optional: boolean;
}

/** Everything that a pod's spec names, in the order of the table. An empty name names nothing. */
export function podReferences(spec: JsonObject): readonly PodReference[] {
  return POD_REFERENCE_RULES.flatMap(rule =>
    valuesAt(spec, rule.path).flatMap(({ value, path }) => {
      if (typeof value !== 'string' || value === '') return [];
      const { kind, group, keys = [], canBeOptional } = rule;
      const around = path.slice(0, -1);
      const source = valueAt(spec, around) ?? {};
      return [
        {
          ...{ kind, group, name: value, path },
          keys: keys.length === 0 ? [] : keysIn(source, keys, around),
          optional: canBeOptional && valueAt(source, ['optional']) === true,
        },
      ];
    }),
  );
}

function keysIn(source: JsonValue, keys: readonly string[], around: Path): PodReference['keys'] {
  return valuesAt(source, keys, around).flatMap(({ value, path }) =>
    typeof value === 'string' && value !== '' ? [{ key: value, path }] : [],
  );
}

/**
 * The object with the names of these kinds in its pods replaced by what `rename` returns. Objects without pods, and those in which
 * no name changes, are returned as they are.
 */
export function withPodReferences<Name extends string>(
  object: KubernetesObject,
  kinds: readonly Name[],
  rename: (kind: Name, name: string) => string,
): KubernetesObject {
  const spec = podSpecPath(object);
  if (spec === undefined) return object;
  return POD_REFERENCE_RULES.reduce<JsonValue>((value, { kind, path }) => {
    const named = kinds.find(name => name === kind);
    return named === undefined
      ? value
      : withTextsChanged(value, [...spec, ...path], name => rename(named, name));
  }, object) as KubernetesObject;
}
