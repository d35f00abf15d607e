import type { ClusterClient } from '@slipway/cluster';
import { type Clock, defined, inParallel, type Release, type VerdictName } from '@slipway/core';
import {
  isJob,
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  referenceTo,
} from '@slipway/kubernetes';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { contentOf, isSuspended } from '../objects/jobs.ts';
import { readContents } from './contents.ts';
import { assertNotInSteps } from './in-steps.ts';
import { noteRelease, noteVerdict } from './note-release.ts';
import { changeRecord, forgetRecord, listReleases, type RecordOwner, type ReleaseEntry } from './records.ts';
import { forgetSecrets } from './secret-copies.ts';

/** How many releases are kept besides the newest: those that succeeded, the contents among all that did, and the others. */
const KEPT_SUCCESSES = 10;
const KEPT_CONTENTS = 10;
const KEPT_OTHERS = 5;

/**
 * Closes a release with its verdict, and deletes the oldest records. A release that is already closed keeps its verdict, unless it
 * failed and was rolled back or verified again since. One that was never written completely has failed, whatever else is said of it.
 * @throws SlipwayError `release-in-steps` for an open release in steps, which its own steps close
 * @param ran the Jobs that were seen to complete; by default, for a release that succeeded, all but suspended ones
 */
export async function closeRelease(
  client: ClusterClient,
  release: Release,
  verdict: VerdictName,
  clock: Clock,
  ran?: readonly ObjectReference[],
): Promise<Release> {
  const closed = await changeRecord(client, release, recorded => {
    assertNotInSteps(recorded);
    const next = verdictAfter(recorded, verdict);
    if (next === recorded.verdict) return recorded;
    const jobs = next === 'succeeded' ? { ...recorded.jobs, ...jobsOf(recorded, ran) } : recorded.jobs;
    return { ...recorded, ...defined({ jobs }), verdict: next, closed: clock().toISOString() };
  });
  await noteVerdict(client, closed);
  await forgetOldReleases(client, release);
  return closed;
}

/**
 * Closes a release in steps once these have led to its end; it keeps what they were, without a phase. One that is closed keeps its
 * verdict.
 */
export async function closeStepped(
  client: ClusterClient,
  release: Release,
  verdict: VerdictName,
  clock: Clock,
  ran?: readonly ObjectReference[],
): Promise<Release> {
  const closed = await changeRecord(client, release, recorded => {
    if (recorded.steps === undefined || recorded.verdict !== undefined) return recorded;
    const { phase: _phase, 'waiting-for': _awaited, ...steps } = recorded.steps;
    const jobs = verdict === 'succeeded' ? { ...recorded.jobs, ...jobsOf(recorded, ran) } : recorded.jobs;
    return { ...recorded, ...defined({ jobs }), steps, verdict, closed: clock().toISOString() };
  });
  // Until its commit the note has the objects of the release before.
  if (closed.verdict === 'succeeded') await unlessForbidden(noteRelease(client, closed, ''));
  await noteVerdict(client, closed);
  await forgetOldReleases(client, release);
  return closed;
}

const UNDONE: readonly VerdictName[] = ['rolled-back', 'rollback-failed'];

/** The verdict that a release has once `verdict` was said of it. */
function verdictAfter({ applied, verdict: before }: Release, verdict: VerdictName): VerdictName {
  if (before !== undefined && before !== 'failed' && before !== 'timed-out') return before;
  if (applied !== undefined || UNDONE.includes(verdict)) return verdict;
  return before ?? (verdict === 'superseded' ? verdict : 'failed');
}

/** The Jobs of a release that have run, by the hash of their content. */
export function jobsOf(release: Release, ran?: readonly ObjectReference[]): Record<string, string> {
  const keys = ran && new Set(ran.map(objectKey));
  const hasRun = (job: KubernetesObject): boolean =>
    keys === undefined ? !isSuspended(job) : keys.has(objectKey(referenceTo(job)));
  const jobs = (release.manifests as unknown as KubernetesObject[]).filter(isJob).filter(hasRun);
  return Object.fromEntries(jobs.map(job => [contentOf(job) ?? '', job.metadata.name]));
}

async function forgetOldReleases(client: ClusterClient, owner: RecordOwner): Promise<void> {
  const releases = await listReleases(client, owner);
  const succeeded = releases.slice(1).filter(({ verdict }) => verdict === 'succeeded');
  const contents =
    succeeded.length > KEPT_SUCCESSES ? await readContents(client, owner, succeeded) : undefined;
  await inParallel(forgettable(releases, contents), async entry => {
    await forgetSecrets(client, owner, entry.number);
    await forgetRecord(client, owner, entry);
  });
}

/**
 * The releases whose records can be deleted, out of all releases in order from the newest. Whatever is rolled back again and again
 * does not push out what was there before: beside the newest ones that succeeded, the newest of each content stays.
 * @param contents what restoring a release would put back, by its number; absent for those that cannot be restored
 */
export function forgettable(
  releases: readonly ReleaseEntry[],
  contents: ReadonlyMap<number, string> = new Map(),
): ReleaseEntry[] {
  const [, ...earlier] = releases;
  const succeeded = earlier.filter(({ verdict }) => verdict === 'succeeded');
  const others = earlier.filter(({ verdict }) => verdict !== 'succeeded');
  const kept = new Set([...succeeded.slice(0, KEPT_SUCCESSES), ...newestOfEach(succeeded, contents)]);
  return [...succeeded.filter(entry => !kept.has(entry)), ...others.slice(KEPT_OTHERS)];
}

function newestOfEach(
  succeeded: readonly ReleaseEntry[],
  contents: ReadonlyMap<number, string>,
): ReleaseEntry[] {
  const newest = new Map<string, ReleaseEntry>();
  for (const entry of succeeded) {
    const content = contents.get(entry.number);
    if (content !== undefined && !newest.has(content)) newest.set(content, entry);
  }
  return [...newest.values()].slice(0, KEPT_CONTENTS);
}
