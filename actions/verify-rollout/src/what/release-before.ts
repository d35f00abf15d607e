import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
import { listReleases, type ReleaseEntry, readRelease } from '@slipway/release';
import type { Version } from '@slipway/report';

/**
 * The release that people compare this one with, by its own record: labels and annotations have no MAC. No verdict depends on it, so
 * where records cannot be listed or read, it is left out.
 */
export async function readReleaseBefore(
  client: ClusterClient,
  release: Release,
): Promise<Version | undefined> {
  try {
    const entry = releaseBefore(release, await listReleases(client, release));
    return entry && (await readRelease(client, release, entry.number));
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/**
 * For a rollback the release that it undoes, for others the newest before that succeeded.
 * @param entries newest first
 */
export function releaseBefore(
  { number, rollbackOf }: Pick<Release, 'number' | 'rollbackOf'>,
  entries: readonly ReleaseEntry[],
): ReleaseEntry | undefined {
  return entries.find(entry =>
    rollbackOf === undefined
      ? entry.number < number && entry.verdict === 'succeeded'
      : entry.number === rollbackOf,
  );
}
