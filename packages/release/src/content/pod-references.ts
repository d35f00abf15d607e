import { isJsonObject, type JsonValue, type KubernetesObject } from '@slipway/core';
import { podSpecPath } from '../objects/pod-specs.ts';

export type ContentKind = 'ConfigMap' | 'Secret';

/** What a pod template refers to in its own namespace. */
export interface PodReference {
  readonly kind: ContentKind;
  readonly name: string;
}

/**
 * Every field of a pod's spec that names a ConfigMap or a Secret by its type; `*` is each item of a list.
 * https://github.com/kubernetes/api/blob/v0.36.0/core/v1/types.go, PodSpec and VolumeSource
 */
const IN_CONTAINERS: readonly (readonly [ContentKind, string])[] = [
  ['ConfigMap', 'env/*/valueFrom/configMapKeyRef/name'],
  ['Secret', 'env/*/valueFrom/secretKeyRef/name'],
  ['ConfigMap', 'envFrom/*/configMapRef/name'],
  ['Secret', 'envFrom/*/secretRef/name'],
];
const IN_VOLUMES: readonly (readonly [ContentKind, string])[] = [
  ['ConfigMap', 'configMap/name'],
  ['Secret', 'secret/secretName'],
  ['ConfigMap', 'projected/sources/*/configMap/name'],
  ['Secret', 'projected/sources/*/secret/name'],
  ['Secret', 'csi/nodePublishSecretRef/name'],
  ['Secret', 'azureFile/secretName'],
  ['Secret', 'cephfs/secretRef/name'],
  ['Secret', 'cinder/secretRef/name'],
  ['Secret', 'flexVolume/secretRef/name'],
  ['Secret', 'iscsi/secretRef/name'],
  ['Secret', 'rbd/secretRef/name'],
  ['Secret', 'scaleIO/secretRef/name'],
  ['Secret', 'storageos/secretRef/name'],
];
const PLACES = [
  ...['initContainers', 'containers', 'ephemeralContainers'].flatMap(list => within(list, IN_CONTAINERS)),
  ...within('volumes', IN_VOLUMES),
  place('Secret', 'imagePullSecrets/*/name'),
];

function within(list: string, places: readonly (readonly [ContentKind, string])[]) {
  return places.map(([kind, path]) => place(kind, `${list}/*/${path}`));
}

function place(kind: ContentKind, path: string) {
  return { kind, steps: path.split('/') };
}

/** What the pod template of an object refers to. A bare Pod is none: its references can't be changed once it stands. */
export function podReferences(object: KubernetesObject): PodReference[] {
  const found: PodReference[] = [];
  withPodReferences(object, (kind, name) => {
    found.push({ kind, name });
    return name;
  });
  return found;
}

/** The object with every reference of its pod template as `rename` gives it. */
export function withPodReferences(
  object: KubernetesObject,
  rename: (kind: ContentKind, name: string) => string,
): KubernetesObject {
  const path = object.kind === 'Pod' ? undefined : podSpecPath(object);
  if (path === undefined) return object;
  return PLACES.reduce<JsonValue>(
    (value, { kind, steps }) => changeAt(value, [...path, ...steps], name => rename(kind, name)),
    object,
  ) as KubernetesObject;
}

/** The value with each text at `steps` changed; what does not change is shared with the one given. */
function changeAt(
  value: JsonValue,
  [step, ...others]: readonly (string | number)[],
  change: (text: string) => string,
): JsonValue {
  if (step === undefined) return typeof value === 'string' && value !== '' ? change(value) : value;
  if (step === '*')
    return Array.isArray(value) ? mapShared(value, item => changeAt(item, others, change)) : value;
  if (!isJsonObject(value)) return value;
  const child = value[step];
  if (child === undefined) return value;
  const changed = changeAt(child, others, change);
  return changed === child ? value : { ...value, [step]: changed };
}

function mapShared(list: readonly JsonValue[], change: (item: JsonValue) => JsonValue): readonly JsonValue[] {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}
