import { isJsonObject } from '@slipway/core';
import type { RegistryClient } from '../http/client.ts';
import {
  findDigest,
  getManifest,
  isIndex,
  type Manifest,
  notAnImage,
  putManifest,
  resolveDigest,
} from '../manifests/manifests.ts';
import { isSameRepository, type Reference, type Repository } from '../reference.ts';
import { copyParts, repositoryOrigin } from './copy-tree.ts';
import { copyReferrers } from './referrers.ts';

const IMAGE_CONFIGS = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/**
 * Makes an image present in `target` by its digest, with everything that it consists of and all that refers to it
 * (signatures, attestations, SBOMs), and gives its manifest. It gets no tag: see `writeTags`. Nothing is copied within a
 * repository, nothing twice, and no byte is changed.
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
  if (!isPresent) {
    await copyParts(client, manifest, repositoryOrigin(client, source), target);
    await putManifest(client, target, manifest);
  }
  await copyReferrers(client, manifest, source, target);
  return manifest;
}

function requireImage(manifest: Manifest, source: Reference): Manifest {
  if (isIndex(manifest.mediaType)) return manifest;
  const config = manifest.content['config'];
  if (isJsonObject(config) && IMAGE_CONFIGS.has(String(config['mediaType']))) return manifest;
  throw notAnImage(source);
}
