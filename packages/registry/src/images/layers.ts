import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { RegistryClient } from '../http/client.ts';
import { childrenOf, layersOf } from '../manifests/descriptors.ts';
import { type Descriptor, getManifest, isIndex, type Manifest } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';

/** Layers from the lowest up, by platform such as `linux/amd64`; an image for one platform only has them under the empty name. */
export type ImageLayers = ReadonlyMap<string, readonly Descriptor[]>;

/** The digest of each platform's image in an index; empty for an image that is not an index. */
export function platformsOf(manifest: Manifest): Record<string, string> {
  const items = manifest.content['manifests'];
  const children = isIndex(manifest.mediaType) && Array.isArray(items) ? (items as readonly JsonValue[]) : [];
  const named = children.flatMap(child => {
    const platform = isJsonObject(child) ? platformName(child['platform']) : undefined;
    return platform === undefined || !isJsonObject(child)
      ? []
      : [[platform, String(child['digest'])] as const];
  });
  return Object.fromEntries(named);
}

/** Undefined for something other than an image: an index lists attestations as `unknown/unknown`. */
export function platformName(platform: JsonValue | undefined): string | undefined {
  const { os, architecture, variant }: JsonObject = isJsonObject(platform) ? platform : {};
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === 'unknown') return undefined;
  return [os, architecture, ...(typeof variant === 'string' ? [variant] : [])].join('/');
}

/** One request for each platform of an index. */
export async function readLayers(
  client: RegistryClient,
  repository: Repository,
  manifest: Manifest,
): Promise<ImageLayers> {
  if (!isIndex(manifest.mediaType)) return new Map([['', layersOf(manifest, repository.registry)]]);
  const known = new Set(childrenOf(manifest, repository.registry).map(({ digest }) => digest));
  const platforms = Object.entries(platformsOf(manifest)).filter(([, digest]) => known.has(digest));
  return new Map(
    await Promise.all(
      platforms.map(async ([platform, digest]) => {
        const child = await getManifest(client, { ...repository, digest });
        return [platform, layersOf(child, repository.registry)] as const;
      }),
    ),
  );
}
