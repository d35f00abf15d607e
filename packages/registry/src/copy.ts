import { isJsonObject } from '@slipway/core';
import { invalidAnswer } from './answers.ts';
import { copyBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { blobsOf, childrenOf } from './descriptors.ts';
import {
  findDigest,
  getManifest,
  isIndex,
  type Manifest,
  notAnImage,
  putManifest,
  resolveDigest,
} from './manifests.ts';
import { mapParallel } from './parallel.ts';
import { isSameRepository, type Reference, type Repository } from './reference.ts';

/** Blobs and child manifests that move at the same time; more than a few do not make it faster. */
const PARALLEL_TRANSFERS = 4;
/** An index of indexes is allowed; deeper ones exist only to exhaust whoever follows them. */
const MAX_DEPTH = 3;

const imageConfigs = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/**
 * Makes an image present in `target` by its digest, with everything that it consists of, and gives its manifest. No tag is
 * written: see `writeTags`. Nothing is copied within a repository, nothing twice, and no byte is changed.
 * @throws SlipwayError `image-not-found`, `not-an-image`, `digest-mismatch` …
 */
export async function copyImage(
  client: RegistryClient,
  source: Reference,
  target: Repository,
): Promise<Manifest> {
  if (isSameRepository(source, target))
    return requireImage(await getManifest(client, source, 'pull,push'), source);
  const digest = await resolveDigest(client, source);
  const isPresent = (await findDigest(client, { ...target, digest }, 'pull,push')) !== undefined;
  // The source may be a registry that counts pulls: what the target has already is read there.
  const from = isPresent ? target : source;
  const manifest = requireImage(await getManifest(client, { ...from, digest }), source);
  return isPresent ? manifest : await copyTree(client, manifest, source, target);
}

function requireImage(manifest: Manifest, source: Reference): Manifest {
  if (isIndex(manifest.mediaType)) return manifest;
  const config = manifest.content['config'];
  if (isJsonObject(config) && imageConfigs.has(String(config['mediaType']))) return manifest;
  throw notAnImage(source);
}

async function copyTree(
  client: RegistryClient,
  manifest: Manifest,
  source: Repository,
  target: Repository,
  depth = 1,
): Promise<Manifest> {
  if (depth > MAX_DEPTH) throw invalidAnswer(source.registry, 'an index within an index within an index');
  if (isIndex(manifest.mediaType)) {
    await mapParallel(childrenOf(manifest, source.registry), PARALLEL_TRANSFERS, async ({ digest }) => {
      const child = await getManifest(client, { ...source, digest });
      await copyTree(client, child, source, target, depth + 1);
    });
  } else {
    await mapParallel(blobsOf(manifest, source.registry), PARALLEL_TRANSFERS, blob =>
      copyBlob(client, source, target, blob),
    );
  }
  await putManifest(client, target, manifest);
  return manifest;
}
