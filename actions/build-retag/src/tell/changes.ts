import { type Logger, SlipwayError, type Snapshot } from '@slipway/core';
import {
  type Descriptor,
  getManifest,
  type ImageLayers,
  parseRepository,
  type RegistryClient,
  readLayers,
} from '@slipway/registry';
import type { PreparedImage } from '../build/prepare-images.ts';

/** What a person wants to know of an image beside its digest. */
export interface ImageChange {
  /** Bytes that a node pulls, by platform; the empty name is an image of one platform. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Compared with the image of an earlier snapshot; absent where there is none. */
  readonly since?: LayerChange;
}

export type LayerChange =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'changed';
      /** Layers that the earlier image did not have, of all. */
      readonly added: number;
      readonly layers: number;
      /** Bytes of those layers. */
      readonly bytes: number;
      /** Whether the lowest layer is another one, as with another base image. */
      readonly base: boolean;
    };

/**
 * Sizes, and what changed since an earlier snapshot. Nothing depends on it: what the registry does not report is left out.
 * @param previous the snapshot to compare with, if there is one
 */
export async function readChanges(
  images: readonly PreparedImage[],
  previous: Snapshot | undefined,
  client: RegistryClient,
  logger: Logger,
): Promise<ReadonlyMap<string, ImageChange>> {
  const changes = await Promise.all(
    images.map(async image => {
      try {
        return [[image.service, await readChange(image, previous, client)] as const];
      } catch (error) {
        if (!(error instanceof SlipwayError)) throw error;
        logger.debug(`The summary says nothing about ${image.service}: ${error.message}`);
        return [];
      }
    }),
  );
  return new Map(changes.flat());
}

async function readChange(
  { service, image, manifest }: PreparedImage,
  previous: Snapshot | undefined,
  client: RegistryClient,
): Promise<ImageChange> {
  const repository = parseRepository(image.name);
  const layers = await readLayers(client, repository, manifest);
  const bytes = new Map([...layers].map(([platform, list]) => [platform, sizeOf(list)]));
  const earlier =
    previous !== undefined && Object.hasOwn(previous.images, service) ? previous.images[service] : undefined;
  if (earlier === undefined) return { bytes };
  if (earlier.digest === image.digest) return { bytes, since: { kind: 'same' } };
  const reference = { ...parseRepository(earlier.name), digest: earlier.digest };
  const before = await readLayers(client, reference, await getManifest(client, reference));
  return { bytes, since: compareLayers(layers, before) };
}

/** The layers of every platform count; one that several have counts once. */
export function compareLayers(layers: ImageLayers, before: ImageLayers): LayerChange {
  const all = unique([...layers.values()].flat());
  const known = new Set([...before.values()].flat().map(({ digest }) => digest));
  const added = all.filter(({ digest }) => !known.has(digest));
  const base = [...layers].some(
    ([platform, [lowest]]) => lowest?.digest !== before.get(platform)?.[0]?.digest,
  );
  return { kind: 'changed', added: added.length, layers: all.length, bytes: sizeOf(added), base };
}

function unique(layers: readonly Descriptor[]): Descriptor[] {
  return [...new Map(layers.map(layer => [layer.digest, layer])).values()];
}

function sizeOf(layers: readonly Descriptor[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
