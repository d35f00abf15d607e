import type { ClusterClient } from '@slipway/cluster';
import { isDeploymentTag, quote } from '@slipway/core';
import { listReleases, type RecordOwner, type ReleaseEntry } from '@slipway/release';
import { releaseUnknown } from './find-release.ts';

/** A release that someone named, with its verdict; an open one has none. */
export type NamedRelease = Pick<ReleaseEntry, 'number' | 'verdict'>;

/**
 * The release that is named by its number, which may not be kept, or by its deployment tag; undefined for an empty name.
 * @throws SlipwayError `release-unknown`
 */
export async function readNamed(
  client: ClusterClient,
  owner: RecordOwner,
  name: string,
): Promise<NamedRelease | undefined> {
  return name === '' ? undefined : namedRelease(await listReleases(client, owner), owner, name);
}

/**
 * The newest release of a tag that succeeded comes first: the tag may have been deployed again with a config that failed.
 * @param releases the newest first
 * @throws SlipwayError `release-unknown`
 */
export function namedRelease(
  releases: readonly ReleaseEntry[],
  owner: Pick<RecordOwner, 'application' | 'formation'>,
  name: string,
): NamedRelease {
  if (/^\d{1,15}$/.test(name)) {
    const number = Number(name);
    return releases.find(entry => entry.number === number) ?? { number, verdict: undefined };
  }
  const same = isDeploymentTag(name) ? releases.filter(({ deploymentTag }) => deploymentTag === name) : [];
  const found = same.find(({ verdict }) => verdict === 'succeeded') ?? same[0];
  if (found !== undefined) return found;
  throw releaseUnknown(owner, name, releases);
}

/** What to say before a release is restored that is not known to work; undefined for one that succeeded. */
export function unprovenText({ number, verdict }: NamedRelease): string | undefined {
  if (verdict === 'succeeded') return undefined;
  const has = verdict === undefined ? 'has no verdict' : `has the verdict ${quote(verdict)}`;
  return `Release ${number} ${has}, so it is not known to work; verify-rollout says whether it does once it is restored`;
}
