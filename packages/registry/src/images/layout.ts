import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, sha256 } from '@slipway/core';
import { sendBlob } from '../blobs/blobs.ts';
import { blobInFile } from '../blobs/sources.ts';
import { invalidAnswer } from '../http/answers.ts';
import type { RegistryClient } from '../http/client.ts';
import { type Manifest, mismatch, putManifest } from '../manifests/manifests.ts';
import { DIGEST_PATTERN, type Repository } from '../reference.ts';
import { copyParts, type ImageOrigin } from './copy-tree.ts';

/**
 * Pushes an image from a folder to a repository, by its digest and without a tag.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 * @throws SlipwayError `digest-mismatch`, `registry-denied` …
 */
export async function pushLayout(
  client: RegistryClient,
  folder: string,
  digest: string,
  target: Repository,
): Promise<Manifest> {
  const origin = layoutOrigin(client, folder);
  const manifest = await origin.manifest(digest);
  await copyParts(client, manifest, origin, target);
  await putManifest(client, target, manifest);
  return manifest;
}

function layoutOrigin(client: RegistryClient, folder: string): ImageOrigin {
  const pathOf = (digest: string): string => {
    if (!DIGEST_PATTERN.test(digest)) throw invalidAnswer(folder, 'an invalid digest');
    return join(folder, 'blobs', ...digest.split(':'));
  };
  return {
    name: folder,
    manifest: async digest => parseManifest(await readFile(pathOf(digest)), digest, folder),
    bring: (blob, target) => sendBlob(client, target, blob, blobInFile(pathOf(blob.digest))),
  };
}

/** In a folder only the manifest itself states its media type. */
function parseManifest(bytes: Buffer, digest: string, folder: string): Manifest {
  if (sha256(bytes) !== digest) throw mismatch(digest, sha256(bytes));
  const content = JSON.parse(bytes.toString('utf8')) as JsonValue;
  const mediaType = isJsonObject(content) ? content['mediaType'] : undefined;
  if (!isJsonObject(content) || typeof mediaType !== 'string')
    throw invalidAnswer(folder, 'a manifest without a media type');
  return { mediaType, digest, size: bytes.length, bytes, content };
}
