import type { ClusterClient } from '@slipway/cluster';
import { didYouMean, quote, type Release, SlipwayError } from '@slipway/core';
import { listReleases, type RecordOwner, type ReleaseEntry, readRelease } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** The newest release; undefined if there is none. */
export async function readNewest(client: ClusterClient, owner: RecordOwner): Promise<Release | undefined> {
  const [newest] = await listReleases(client, owner);
  return newest && (await readRelease(client, owner, newest.number));
}

export async function newestRelease(client: ClusterClient, owner: RecordOwner): Promise<Release> {
  const [newest] = await listReleases(client, owner);
  return await readRelease(client, owner, newest?.number ?? 1);
}

/** The release that a rollback undoes; the one that was found before it where that cannot be read any more. */
export async function readUndone(
  client: ClusterClient,
  before: Release,
  { rollbackOf, ...owner }: Release,
): Promise<Release> {
  if (rollbackOf === undefined || rollbackOf === before.number) return before;
  try {
    return await readRelease(client, owner, rollbackOf);
  } catch (error) {
    if (error instanceof SlipwayError) return before;
    throw error;
  }
}

/** How many releases a message names; `mode: releases` lists all. */
const MOST_NAMED = 5;

/** @param kept the releases that there are, newest first */
export function releaseUnknown(
  { application, formation }: Pick<RecordOwner, 'application' | 'formation'>,
  name: string,
  kept: readonly Pick<ReleaseEntry, 'number' | 'deploymentTag'>[],
): SlipwayError<DeliveryErrorCode> {
  const meant = didYouMean(
    name,
    kept.flatMap(({ deploymentTag }) => deploymentTag ?? []),
  );
  const newest = kept
    .slice(0, MOST_NAMED)
    .map(({ number, deploymentTag: tag }) => (tag === undefined ? `${number}` : `${number} (${quote(tag)})`));
  const all = 'list them with "mode: releases"';
  return new SlipwayError<DeliveryErrorCode>({
    code: 'release-unknown',
    message: `no kept release of ${application}/${formation} has the number or deployment tag ${quote(name)}`,
    remedy: meant || (kept.length === 0 ? all : `the newest are ${newest.join(', ')}; ${all}`),
  });
}
