import type { ClusterClient } from '@slipway/cluster';
import { type Release, throwIfAny } from '@slipway/core';
import { referenceTo } from '@slipway/kubernetes';
import type { PreparedRelease } from '../plan/prepare.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { listReleases, readRelease } from '../records/records.ts';
import type { JobLog } from './job-logs.ts';
import { closeEarlier, closePrevious } from './previous.ts';
import { prunePending } from './prune.ts';
import { writeRelease } from './write-release.ts';

export interface ApplyReleaseOptions extends Omit<LockOptions, 'owner' | 'holder' | 'timeout'> {
  readonly prepared: PreparedRelease;
  /** Prepares the release again, with all checks; called if another release came in between. */
  readonly prepareAgain: (client: ClusterClient) => Promise<PreparedRelease>;
  /** Milliseconds to wait for another run's lock. */
  readonly lockTimeout: number;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  /** Called with the record before the first object is written. */
  readonly onRecorded: (release: Release) => void;
  /** Called with the logs of Jobs that were waited for, such as migrations. */
  readonly onJobLogs?: ((logs: readonly JobLog[]) => void) | undefined;
}

/**
 * Applies a release under the formation's lock, unless there is a reason to refuse it.
 * @returns its record, which is open until verify-rollout or the next deploy closes it
 * @throws SlipwayError every refusal, or the error that stopped it half-way
 */
export async function applyRelease(options: ApplyReleaseOptions): Promise<Release> {
  const { prepared, lockTimeout } = options;
  throwProblems(prepared);
  const { identity, run } = prepared.request;
  const lock = { ...options, owner: identity, holder: run === '' ? 'slipway' : run, timeout: lockTimeout };
  return await withLock(lock, client => applyLocked(client, options));
}

async function applyLocked(client: ClusterClient, options: ApplyReleaseOptions): Promise<Release> {
  const { identity } = options.prepared.request;
  const [latest, ...earlier] = await listReleases(client, identity);
  const newest = latest === undefined ? undefined : await readRelease(client, identity, latest.number);
  const prepared = isCurrent(options.prepared, newest)
    ? options.prepared
    : await options.prepareAgain(client);
  throwProblems(prepared);
  await closeEarlier(client, newest, earlier, options.clock);
  const staying = prepared.objects.map(({ object }) => referenceTo(object));
  const previous = await closePrevious(newest, staying, {
    ...options,
    client,
    repository: identity.repository,
    allow: prepared.request.allow,
  });
  const release = await writeRelease({ ...options, client, prepared, previous });
  if (release.prune !== 'now') return release;
  await prunePending(client, release, { ...options, repository: identity.repository });
  return { ...release, pruned: true };
}

/** Whether a comparison made before the lock was held is still valid: no new release, and nothing pruned. */
function isCurrent({ latest, previous }: PreparedRelease, newest: Release | undefined): boolean {
  return latest === (newest?.number ?? 0) && previous?.pruned === newest?.pruned;
}

/** @throws SlipwayError with every reason to refuse the release */
export function throwProblems({ problems }: Pick<PreparedRelease, 'problems'>): void {
  throwIfAny(problems);
}
