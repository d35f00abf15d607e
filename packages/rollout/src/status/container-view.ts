import type { JsonObject } from '@slipway/core';
import { quote } from '@slipway/core';
import {
  booleanAt,
  type KubernetesObject,
  numberAt,
  objectAt,
  objectsAt,
  STATUSES_OF,
  textAt,
  uidOf,
  WRITTEN_CONTAINER_LISTS,
} from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import type { Culprit } from './status.ts';

/** One container of a pod: its specification and its status side by side. */
export interface ContainerView {
  /** Unique in the cluster. */
  readonly key: string;
  readonly name: string;
  readonly role: 'main' | 'init' | 'sidecar';
  /** For people: `container "api" of pod "api-7d9-x2"`. */
  readonly title: string;
  readonly culprit: Culprit;
  readonly image: string;
  /** The volumes of images that it mounts. */
  readonly imageVolumes: readonly { readonly name: string; readonly reference: string }[];
  readonly restartPolicy: string;
  readonly spec: JsonObject;
  readonly ready: boolean;
  /** Undefined until the kubelet has said so. */
  readonly started: boolean | undefined;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly running: boolean;
  readonly terminated: JsonObject | undefined;
  readonly lastTerminated: JsonObject | undefined;
}

/** All containers that the kubelet has reported, init containers first. */
export function containersOf(pod: KubernetesObject): readonly ContainerView[] {
  const status = (list: string, name: string): JsonObject | undefined =>
    objectsAt(pod, 'status', list).find(candidate => textAt(candidate, 'name') === name);
  return WRITTEN_CONTAINER_LISTS.flatMap(list =>
    objectsAt(pod, 'spec', list).flatMap(spec => {
      const found = status(STATUSES_OF[list], textAt(spec, 'name') ?? '');
      return found === undefined ? [] : [containerView(pod, spec, found, list)];
    }),
  );
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#image */
function imageVolumesOf(pod: KubernetesObject, container: JsonObject): ContainerView['imageVolumes'] {
  const mounted = new Set(objectsAt(container, 'volumeMounts').map(mount => textAt(mount, 'name')));
  return objectsAt(pod, 'spec', 'volumes').flatMap(volume => {
    const name = textAt(volume, 'name') ?? '';
    const reference = textAt(volume, 'image', 'reference');
    return reference === undefined || !mounted.has(name) ? [] : [{ name, reference }];
  });
}

function containerView(
  pod: KubernetesObject,
  spec: JsonObject,
  status: JsonObject,
  list: string,
): ContainerView {
  const name = textAt(spec, 'name') ?? '';
  const role = list === 'containers' ? 'main' : spec['restartPolicy'] === 'Always' ? 'sidecar' : 'init';
  const waiting = objectAt(status, 'state', 'waiting');
  return {
    key: `${uidOf(pod)}/${name}`,
    name,
    role,
    title: `${role === 'init' ? 'init container' : 'container'} ${quote(name)} of pod ${quote(pod.metadata.name)}`,
    culprit: { pod, container: name },
    image: textAt(spec, 'image') ?? '',
    imageVolumes: imageVolumesOf(pod, spec),
    restartPolicy: textAt(spec, 'restartPolicy') ?? textAt(pod, 'spec', 'restartPolicy') ?? 'Always',
    spec,
    ready: booleanAt(status, 'ready') ?? false,
    started: booleanAt(status, 'started'),
    restarts: numberAt(status, 'restartCount') ?? 0,
    waiting: waiting && {
      reason: oneLine(textAt(waiting, 'reason') ?? ''),
      message: textAt(waiting, 'message') ?? '',
    },
    running: objectAt(status, 'state', 'running') !== undefined,
    terminated: objectAt(status, 'state', 'terminated'),
    lastTerminated: objectAt(status, 'lastState', 'terminated'),
  };
}
