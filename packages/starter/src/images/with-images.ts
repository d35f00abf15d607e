import {
  formatPointer,
  formatPosition,
  type JsonObject,
  type Position,
  quote,
  SlipwayError,
} from '@slipway/core';
import { isClusterScopedBuiltIn, type KubernetesObject } from '@slipway/kubernetes';
import type { StarterErrorCode } from '../error-codes.ts';
import { type Contribution, isPlain, type ProposedFormation, type Remark } from '../proposal/contribution.ts';
import { isEmpty, namedServices, openImages } from './image-names.ts';
import { imagePatch } from './image-patches.ts';
import { type Matched, matchImages } from './match-images.ts';

/** An object of a formation as it is rendered, with positions in the files of the repository. */
export interface RenderedObject {
  readonly object: KubernetesObject;
  positionAt(pointer: string): Position;
}

/** What each formation renders, by its name. */
export type Rendered = ReadonlyMap<string, readonly RenderedObject[]>;

/** The contribution with the images that its manifests run: services, patches, and what a formation has to allow. */
export function withImages(
  contribution: Contribution,
  rendered: Rendered,
  application: string,
): Contribution & Pick<Matched, 'byImage'> {
  const used = [...rendered.values()].flat().flatMap(({ object }) => openImages(object));
  const matched = matchImages(used, contribution.services, application);
  const objects = distinctObjects(rendered);
  return {
    ...contribution,
    services: matched.services,
    byImage: matched.byImage,
    formations: contribution.formations.map(formation =>
      patched(formation, rendered.get(formation.name) ?? [], matched),
    ),
    remarks: [
      ...contribution.remarks,
      ...objects.flatMap(one => imageRemarks(one, matched)),
      ...unusedRemarks(matched, rendered),
    ],
  };
}

/** Formations may have the same object from the same file. */
function distinctObjects(rendered: Rendered): RenderedObject[] {
  const all = [...rendered.values()].flat();
  return [
    ...new Map(
      all.map(one => [JSON.stringify([one.positionAt(''), one.object.kind, one.object.metadata.name]), one]),
    ).values(),
  ];
}

function patched(
  formation: ProposedFormation,
  objects: readonly RenderedObject[],
  { byImage }: Matched,
): ProposedFormation {
  const { namespace } = formation;
  const count = Map.groupBy(objects, ({ object }) => nameOf(object));
  const patches = objects
    .map(one => {
      const { object } = one;
      const isUnique = count.get(nameOf(object))?.length === 1;
      const patch = imagePatch(object, byImage, isUnique ? namespace : undefined);
      if (patch !== undefined && !isUnique && isPlain(formation)) requireNamespace(one);
      return patch;
    })
    .filter(patch => patch !== undefined);
  const allow = allowedFor(objects, namespace);
  return {
    ...formation,
    ...(patches.length === 0 ? {} : { patches }),
    ...(allow === undefined ? {} : { allow }),
  };
}

/**
 * Patches find an object by what its manifest says, so that one without a namespace cannot be told from its twin.
 * @throws SlipwayError `namespace-unnamed`
 */
function requireNamespace({ object, positionAt }: RenderedObject): void {
  // A namespace that rendering adds has the position of the name.
  const at = positionAt('/metadata/name');
  if (formatPosition(positionAt('/metadata/namespace')) !== formatPosition(at)) return;
  throw new SlipwayError<StarterErrorCode>({
    code: 'namespace-unnamed',
    at,
    message: `${object.kind} ${quote(object.metadata.name)} names no namespace, and another one of that name does, so no patch can name it alone`,
    remedy: 'write metadata.namespace into it, and call slipway init again',
  });
}

/** All that a patch names its object by, beside the namespace. */
function nameOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return JSON.stringify([apiVersion, kind, metadata.name]);
}

/** What the manifests touch outside of their namespace. */
function allowedFor(objects: readonly RenderedObject[], namespace: string): JsonObject | undefined {
  const clusterScoped = objects
    .filter(({ object }) => isClusterScopedBuiltIn(object))
    .map(({ object }) => object.kind);
  const namespaces = objects.map(({ object }) => object.metadata.namespace ?? namespace);
  const kinds = [...new Set(clusterScoped)].sort();
  const others = [...new Set(namespaces)].filter(name => name !== namespace).sort();
  if (kinds.length + others.length === 0) return undefined;
  return {
    ...(others.length === 0 ? {} : { namespaces: others }),
    ...(kinds.length === 0 ? {} : { 'cluster-scoped': kinds }),
  };
}

function imageRemarks({ object, positionAt }: RenderedObject, { byImage, unknown }: Matched): Remark[] {
  return openImages(object).map(({ image, path }) => {
    const at = positionAt(formatPointer(path));
    const service = byImage.get(image);
    if (service !== undefined)
      return {
        kind: 'image',
        at,
        message: `the image ${quote(image)} is set by a patch of the formation to that of the service ${quote(service)}`,
        remedy: `to have it in the manifest, write \${image.${service}}`,
      };
    const isKnown = !unknown.includes(image);
    if (isEmpty(image))
      return {
        kind: 'template',
        at,
        message: 'the image is empty, so no service is known for it',
        remedy: 'write one, or remove the container',
      };
    return {
      kind: 'template',
      at,
      message: isKnown
        ? `the image ${quote(image)} has no service`
        : `the image ${quote(image)} is filled by another program, and no Dockerfile is known for it`,
      remedy: 'add a service to slipway.yaml, and a patch like the others to the formation',
    };
  });
}

function unusedRemarks({ services, byImage }: Matched, rendered: Rendered): Remark[] {
  const objects = [...rendered.values()].flat();
  const used = new Set([...byImage.values(), ...objects.flatMap(({ object }) => namedServices(object))]);
  return services
    .filter(({ name }) => objects.length > 0 && !used.has(name))
    .map(({ name }) => ({
      kind: 'note',
      message: `no manifest runs the image of the service ${quote(name)}, which is built all the same`,
      remedy: 'remove it from slipway.yaml if it is not deployed',
    }));
}
