import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
import { contentOfRelease, readContents } from '../records/contents.ts';
import { readLive } from '../records/live-release.ts';
import { listReleases, readRelease } from '../records/records.ts';

/**
 * The release that a person means by "the one before": the newest that succeeded with another content. A release that restored an
 * earlier one has the position of that one in the history, so that going back twice goes back twice.
 * @returns its number; undefined if there is none
 */
export async function findPrevious(client: ClusterClient, release: Release): Promise<number | undefined> {
  const releases = await listReleases(client, release);
  const live = await readLive(client, release, releases);
  const position = await positionAt(client, live);
  const earlier = releases.filter(({ number, verdict }) => number < position && verdict === 'succeeded');
  const contents = await readContents(client, release, earlier);
  const current = await contentOfRelease(client, live).catch(unlessBroken);
  // One that cannot be restored is tried, and named by the error, rather than passed over.
  return earlier.find(({ number }) => current === undefined || contents.get(number) !== current)?.number;
}

/** The number of the release whose content this one has: the end of what it restores, as far as records are kept. */
async function positionAt(client: ClusterClient, { number, restores, ...owner }: Release): Promise<number> {
  if (restores === undefined || restores >= number) return number;
  const restored = await readRelease(client, owner, restores).catch(unlessBroken);
  return restored === undefined ? restores : await positionAt(client, restored);
}

function unlessBroken(error: unknown): undefined {
  if (error instanceof SlipwayError && /^(?:record|secret-copy)-/.test(error.code)) return undefined;
  throw error;
}
