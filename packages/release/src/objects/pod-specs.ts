import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KubernetesObject,
  type Path,
  valueAt,
} from '@slipway/core';
import { groupKind } from './kinds.ts';

/** Where each built-in kind keeps its pod's spec. */
const POD_SPECS: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  'Deployment.apps': ['spec', 'template', 'spec'],
  'ReplicaSet.apps': ['spec', 'template', 'spec'],
  'StatefulSet.apps': ['spec', 'template', 'spec'],
  'DaemonSet.apps': ['spec', 'template', 'spec'],
  'Job.batch': ['spec', 'template', 'spec'],
  'CronJob.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Where an object of a built-in kind keeps its pod's spec; undefined where it has none. */
export function podSpecPath(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): Path | undefined {
  return POD_SPECS[groupKind(object)];
}

/** One image that a pod of the object would run. */
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
  readonly path: Path;
}

export function imagesOf(object: KubernetesObject): ContainerImage[] {
  const path = POD_SPECS[groupKind(object)];
  const spec = path === undefined ? undefined : valueAt(object, path);
  if (path === undefined || !isJsonObject(spec)) return [];
  return [
    ...CONTAINER_LISTS.flatMap(list => containersOf(spec, list, [...path, list])),
    ...volumeImages(spec, [...path, 'volumes']),
  ];
}

function containersOf(spec: JsonObject, list: string, path: Path): ContainerImage[] {
  return items(spec[list]).flatMap((container, index) =>
    isJsonObject(container) && typeof container['image'] === 'string'
      ? [{ container: String(container['name']), image: container['image'], path: [...path, index, 'image'] }]
      : [],
  );
}

/** Volumes of the type `image` bring files out of an image, code included. */
function volumeImages(spec: JsonObject, path: Path): ContainerImage[] {
  return items(spec['volumes']).flatMap((volume, index) => {
    const source = isJsonObject(volume) ? volume['image'] : undefined;
    if (!isJsonObject(volume) || !isJsonObject(source) || typeof source['reference'] !== 'string') return [];
    const at = [...path, index, 'image', 'reference'];
    return [{ container: String(volume['name']), image: source['reference'], path: at }];
  });
}

function items(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a change of this field makes the workload restart its pods. */
export function restartsPods(object: KubernetesObject, pointer: string): boolean {
  const restarting = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].includes(groupKind(object));
  return restarting && (pointer === '/spec/template' || pointer.startsWith('/spec/template/'));
}
