import { isJsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import { textAt, valuesAt } from './fields.ts';
import type { KubernetesObject } from './object.ts';
import { containersIn, podSpecPath } from './pods.ts';

/** One image that a pod of the object would run. */
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
  readonly path: Path;
}

/** The images of an object's pods, with the keys that lead to each; none for kinds without pods. */
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

/** The images of an object's pods that are not among those of an application; its pods may run no other. */
export function foreignImages(object: KubernetesObject, known: ReadonlySet<string>): ContainerImage[] {
  return imagesOf(object).filter(({ image }) => !known.has(image));
}

function imageAt(owner: JsonValue, field: string, path: Path): ContainerImage | undefined {
  const steps = field.split('/');
  const image = textAt(owner, ...steps);
  if (image === undefined) return undefined;
  return { container: textAt(owner, 'name') ?? '', image, path: [...path, ...steps] };
}
