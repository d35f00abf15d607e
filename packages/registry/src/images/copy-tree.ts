import { inParallel } from '@slipway/core';
import { copyBlob } from '../blobs/blobs.ts';
import { invalidAnswer } from '../http/answers.ts';
import type { RegistryClient } from '../http/client.ts';
import { blobsOf, childrenOf } from '../manifests/descriptors.ts';
import { type Descriptor, getManifest, isIndex, type Manifest, putManifest } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';

/** Blobs and child manifests that move at the same time; more than a few do not make it faster. */
export const PARALLEL_TRANSFERS = 4;
/** An index of indexes is allowed; deeper ones exist only to exhaust whoever follows them. */
const MAX_DEPTH = 3;

/** Where an image is taken from. */
export interface ImageOrigin {
  /** What messages call it. */
  readonly name: string;
  manifest(digest: string): Promise<Manifest>;
  /** Makes a blob present in the target. */
  bring(blob: Descriptor, target: Repository): Promise<void>;
}

export function repositoryOrigin(client: RegistryClient, source: Repository): ImageOrigin {
  return {
    name: source.registry,
    manifest: digest => getManifest(client, { ...source, digest }),
    bring: (blob, target) => copyBlob(client, source, target, blob),
  };
}

/**
 * Blobs on their way, by digest. An index's images share layers, and each may go only once: Docker's registry 2.8 rewrites a
 * blob's link when it is mounted again, and refuses (DIGEST_INVALID) an image whose layers it checks at that very moment.
 */
type BlobsUnderWay = Map<string, Promise<unknown>>;

/** Copies what a manifest names, images of an index or blobs, but not the manifest itself. */
export async function copyParts(
  client: RegistryClient,
  manifest: Manifest,
  origin: ImageOrigin,
  target: Repository,
  depth = 1,
  underWay: BlobsUnderWay = new Map(),
): Promise<void> {
  if (depth > MAX_DEPTH) throw invalidAnswer(origin.name, 'an index within an index within an index');
  if (isIndex(manifest.mediaType)) {
    await inParallel(
      childrenOf(manifest, origin.name),
      async ({ digest }) => {
        const child = await origin.manifest(digest);
        await copyParts(client, child, origin, target, depth + 1, underWay);
        await putManifest(client, target, child);
      },
      PARALLEL_TRANSFERS,
    );
  } else {
    await inParallel(
      blobsOf(manifest, origin.name),
      blob => {
        const copying = underWay.get(blob.digest) ?? origin.bring(blob, target);
        underWay.set(blob.digest, copying);
        return copying;
      },
      PARALLEL_TRANSFERS,
    );
  }
}
