import { formatPointer, type JsonObject, type JsonValue } from '@slipway/core';
import { type ContainerImage, isBuiltIn, type KubernetesObject } from '@slipway/kubernetes';
import { openImages } from './image-names.ts';

/**
 * The patch of a formation that gives an object's containers the images of services; undefined for an object without pods.
 * @param byImage the service by image
 * @param namespace that the patch need not name; undefined where it has to, as for two objects of one name
 */
export function imagePatch(
  object: KubernetesObject,
  byImage: ReadonlyMap<string, string>,
  namespace: string | undefined,
): JsonObject | undefined {
  const images = openImages(object).filter(({ image }) => byImage.has(image));
  if (images.length === 0) return undefined;
  const { apiVersion, kind, metadata } = object;
  const other =
    metadata.namespace === undefined || metadata.namespace === namespace
      ? {}
      : { namespace: metadata.namespace };
  const isMerged = isBuiltIn(apiVersion) && images.every(isInContainer);
  if (!isMerged)
    return {
      target: { apiVersion, kind, name: metadata.name, ...other },
      json6902: images.map(one => ({
        op: 'replace',
        path: formatPointer(one.path),
        value: word(one, byImage),
      })),
    };
  const spec = images.reduce<JsonObject>((merged, one) => added(merged, one, byImage), {});
  return { apiVersion, kind, metadata: { name: metadata.name, ...other }, ...spec };
}

function word({ image }: ContainerImage, byImage: ReadonlyMap<string, string>): string {
  return `\${image.${byImage.get(image) ?? ''}}`;
}

function isInContainer({ path, container }: ContainerImage): boolean {
  return path.at(-1) === 'image' && container !== '';
}

/** Adds `{ name, image }` to the list of containers that the path leads to. */
function added(patch: JsonObject, one: ContainerImage, byImage: ReadonlyMap<string, string>): JsonObject {
  const item = { name: one.container, image: word(one, byImage) };
  const steps = one.path.slice(0, -2).map(String);
  const add = (value: JsonValue | undefined, index: number): JsonValue => {
    if (index === steps.length) return [...((value ?? []) as JsonValue[]), item];
    const map = (value ?? {}) as JsonObject;
    const step = steps[index] ?? '';
    return { ...map, [step]: add(map[step], index + 1) };
  };
  return add(patch, 0) as JsonObject;
}
