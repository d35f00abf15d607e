import type { ClusterClient } from '@slipway/cluster';
import { type Clock, defined, inParallel, type Release, type VerdictName } from '@slipway/core';
import { isJob, type KubernetesObject } from '@slipway/kubernetes';
import { contentOf } from '../objects/jobs.ts';
import {
  changeRecord,
  listReleases,
  type RecordOwner,
  type ReleaseEntry,
  recordReference,
} from './records.ts';
import { forgetSecrets } from './secret-copies.ts';

/** How many releases are kept besides the newest: those that succeeded, and the others. */
const KEPT_SUCCESSES = 10;
const KEPT_OTHERS = 5;

/**
 * Closes a release with its verdict, and deletes the oldest records. A release that is already closed keeps its verdict, unless it
 * failed and has been rolled back since.
 */
export async function closeRelease(
  client: ClusterClient,
  release: Release,
  verdict: VerdictName,
  clock: Clock,
): Promise<Release> {
  const closed = await changeRecord(client, release, recorded => {
    if (recorded.verdict !== undefined && recorded.verdict !== 'failed' && recorded.verdict !== 'timed-out')
      return recorded;
    const jobs = verdict === 'succeeded' ? { ...recorded.jobs, ...jobsOf(recorded) } : recorded.jobs;
    return { ...recorded, ...defined({ jobs }), verdict, closed: clock().toISOString() };
  });
  await forgetOldReleases(client, release);
  return closed;
}

/** The Jobs of a release that succeeded, all of which have run, by the hash of their content. */
export function jobsOf(release: Release): Record<string, string> {
  const jobs = (release.manifests as unknown as KubernetesObject[]).filter(isJob);
  return Object.fromEntries(jobs.map(job => [contentOf(job) ?? '', job.metadata.name]));
}

async function forgetOldReleases(client: ClusterClient, owner: RecordOwner): Promise<void> {
  await inParallel(forgettable(await listReleases(client, owner)), async ({ number }) => {
    await forgetSecrets(client, owner, number);
    await client.delete(recordReference(owner, number));
  });
}

/** The releases whose records can be deleted, out of all releases in order from the newest. */
export function forgettable(releases: readonly ReleaseEntry[]): ReleaseEntry[] {
  const [, ...earlier] = releases;
  const succeeded = earlier.filter(({ verdict }) => verdict === 'succeeded');
  const others = earlier.filter(({ verdict }) => verdict !== 'succeeded');
  return [...succeeded.slice(KEPT_SUCCESSES), ...others.slice(KEPT_OTHERS)];
}
