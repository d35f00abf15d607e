import type { ClusterClient } from '@slipway/cluster';
import { isDeploymentTag, quote, type Release, SlipwayError } from '@slipway/core';
import { listReleases, type RecordOwner, readRelease } from '@slipway/release';
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

/**
 * The number of a release that is named by its number or its deployment tag; undefined for an empty name.
 * @throws SlipwayError `release-unknown`
 */
export async function numberOf(
  client: ClusterClient,
  owner: RecordOwner,
  name: string,
): Promise<number | undefined> {
  if (name === '') return undefined;
  if (/^\d{1,15}$/.test(name)) return Number(name);
  const releases = isDeploymentTag(name) ? await listReleases(client, owner) : [];
  const found = releases.find(({ deploymentTag }) => deploymentTag === name);
  if (found !== undefined) return found.number;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'release-unknown',
    message: `no kept release of ${owner.application}/${owner.formation} has the number or deployment tag ${quote(name)}`,
    remedy: 'list them with "mode: releases"',
  });
}
