import type { ClusterClient } from '@slipway/cluster';
import { type Release, stringifyJson, throwIfAny } from '@slipway/core';
import { referenceTo } from '@slipway/kubernetes';
import { areStillMembers } from '../cluster/live.ts';
import { applySetId } from '../names.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import { holdRefusals, readHold } from '../records/formation-hold.ts';
import { readLive } from '../records/live-release.ts';
import { type LockOptions, type TakenLock, withLock } from '../records/lock.ts';
import { listReleases, readRelease } from '../records/records.ts';
import type { JobLog } from './job-logs.ts';
import { outlastDeletions } from './outlast-deletions.ts';
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
  return await withLock(lock, (client, taken) => applyLocked(client, options, taken));
}

async function applyLocked(
  client: ClusterClient,
  options: ApplyReleaseOptions,
  { waited, takenOver, standby }: TakenLock,
): Promise<Release> {
  const { identity } = options.prepared.request;
  const [latest, ...earlier] = await listReleases(client, identity);
  const newest = latest === undefined ? undefined : await readRelease(client, identity, latest.number);
  // A hold may have been set while this run compared or waited, and again until its record exists.
  const refuseHeld = async (): Promise<undefined> => {
    throwIfAny(holdRefusals(identity, await readHold(client, identity, options.clock(), newest)));
  };
  await refuseHeld();
  const isCurrent =
    !waited && isSameRecord(options.prepared, newest) && (await stillExist(client, options.prepared));
  const locked = isCurrent ? options.prepared : await options.prepareAgain(client);
  throwProblems(locked);
  const prepared = (await outlastDeletions(locked, { ...options, client, standby }))
    ? await options.prepareAgain(client)
    : locked;
  throwProblems(prepared);
  await closeEarlier(client, newest, earlier, options.clock);
  const staying = prepared.objects.map(({ object }) => referenceTo(object));
  const closed = await closePrevious(newest, staying, {
    ...options,
    client,
    repository: identity.repository,
    allow: prepared.request.allow,
  });
  const previous = closed && (await readLive(client, closed, earlier));
  const release = await writeRelease({
    ...{ ...options, client, prepared, previous, takenOver, standby },
    holdForRecord: refuseHeld,
  });
  if (release.prune !== 'now') return release;
  await prunePending(client, release, { ...options, repository: identity.repository });
  return { ...release, pruned: true };
}

/** Whether the newest record is still the one of the comparison: no new release, nothing pruned, and nothing removed. */
function isSameRecord(prepared: PreparedRelease, newest: Release | undefined): boolean {
  const [compared, now] = [prepared.newest, newest].map(record => stringifyJson(record ?? null));
  return prepared.latest === (newest?.number ?? 0) && compared === now;
}

/**
 * Whether the objects that the comparison found are still there: a run that removed them may have begun before the comparison and
 * ended before the lock was taken.
 */
async function stillExist(client: ClusterClient, { objects, request }: PreparedRelease): Promise<boolean> {
  const { identity } = request;
  const found = objects.flatMap(({ live }) => (live === undefined ? [] : [live]));
  return await areStillMembers(client, applySetId(identity, identity.namespace), found);
}

/** @throws SlipwayError with every reason to refuse the release */
export function throwProblems({ problems }: Pick<PreparedRelease, 'problems'>): void {
  throwIfAny(problems);
}
