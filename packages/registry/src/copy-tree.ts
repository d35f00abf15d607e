import { invalidAnswer } from './answers.ts';
import { copyBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { blobsOf, childrenOf } from './descriptors.ts';
import { getManifest, isIndex, type Manifest, putManifest } from './manifests.ts';
import { mapParallel } from './parallel.ts';
import type { Repository } from './reference.ts';

/** Blobs and child manifests that move at the same time; more than a few do not make it faster. */
export const PARALLEL_TRANSFERS = 4;
/** An index of indexes is allowed; deeper ones exist only to exhaust whoever follows them. */
const MAX_DEPTH = 3;

/** Copies what a manifest names, images of an index or blobs, but not the manifest itself. */
export async function copyParts(
  client: RegistryClient,
  manifest: Manifest,
  source: Repository,
  target: Repository,
  depth = 1,
): Promise<void> {
  if (depth > MAX_DEPTH) throw invalidAnswer(source.registry, 'an index within an index within an index');
  if (isIndex(manifest.mediaType)) {
    await mapParallel(childrenOf(manifest, source.registry), PARALLEL_TRANSFERS, async ({ digest }) => {
      const child = await getManifest(client, { ...source, digest });
      await copyParts(client, child, source, target, depth + 1);
      await putManifest(client, target, child);
    });
  } else {
    await mapParallel(blobsOf(manifest, source.registry), PARALLEL_TRANSFERS, blob =>
      copyBlob(client, source, target, blob),
    );
  }
}
