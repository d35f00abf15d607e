import type { ClusterClient } from '@slipway/cluster';
import { canonicalJson, inParallel, type JsonValue, type Release, SlipwayError, sha256 } from '@slipway/core';
import { isDefinition, isJob, type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { type RecordOwner, type ReleaseEntry, readRelease } from './records.ts';
import { readKeptSecrets, sealedSecrets } from './secret-copies.ts';

/**
 * What a rollback to each release would put back, as a hash: two releases with the same one are the same to go back to, such as a
 * release and the one that restored it. Releases that cannot be restored are not in the result: their record or a kept Secret is
 * broken or missing.
 */
export async function readContents(
  client: ClusterClient,
  owner: RecordOwner,
  releases: readonly ReleaseEntry[],
): Promise<ReadonlyMap<number, string>> {
  const contents = new Map<number, string>();
  await inParallel(releases, async ({ number }) => {
    const content = await readContent(client, owner, number);
    if (content !== undefined) contents.set(number, content);
  });
  return contents;
}

async function readContent(
  client: ClusterClient,
  owner: RecordOwner,
  number: number,
): Promise<string | undefined> {
  try {
    return await contentOfRelease(client, await readRelease(client, owner, number));
  } catch (error) {
    if (error instanceof SlipwayError && /^(?:record|secret-copy)-/.test(error.code)) return undefined;
    throw error;
  }
}

/** Jobs and definitions are not part of it, as a rollback does not restore them; Secrets count with what they hold. */
export async function contentOfRelease(client: ClusterClient, release: Release): Promise<string> {
  const sealed = new Set(sealedSecrets(release).map(secret => keyOf(secret)));
  const unseal = sealed.size === 0 ? undefined : await readKeptSecrets(client, release);
  const objects = (release.manifests as unknown as KubernetesObject[])
    .filter(object => !isJob(object) && !isDefinition(object))
    .map(object => (unseal !== undefined && sealed.has(keyOf(object)) ? unseal(object) : object))
    .map(object => canonicalJson(object as unknown as JsonValue));
  return sha256(objects.sort().join('\n'));
}
