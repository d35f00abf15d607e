import { isJsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import {
  containersIn,
  type KubernetesObject,
  kindKey,
  podSpecPath,
  textAt,
  valuesAt,
} from '@slipway/kubernetes';

/** One image that a pod of the object would run. */
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
  readonly path: Path;
}

export function imagesOf(object: KubernetesObject): ContainerImage[] {
  const path = podSpecPath(object);
  const spec = path === undefined ? undefined : valueAt(object, path);
  if (path === undefined || !isJsonObject(spec)) return [];
  const containers = containersIn(spec).map(({ value, path: at }) =>
    imageAt(value, 'image', [...path, ...at]),
  );
  // Volumes of the type `image` mount files of an image, which may be code.
  const volumes = valuesAt(spec, ['volumes', '*']).map(({ value, path: at }) =>
    imageAt(value, 'image/reference', [...path, ...at]),
  );
  return [...containers, ...volumes].flatMap(image => image ?? []);
}

function imageAt(owner: JsonValue, field: string, path: Path): ContainerImage | undefined {
  const steps = field.split('/');
  const image = textAt(owner, ...steps);
  if (image === undefined) return undefined;
  return { container: textAt(owner, 'name') ?? '', image, path: [...path, ...steps] };
}

/** Whether a change of this field makes the workload restart its pods. */
export function restartsPods(object: KubernetesObject, pointer: string): boolean {
  const restarting = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].includes(kindKey(object));
  return restarting && (pointer === '/spec/template' || pointer.startsWith('/spec/template/'));
}
