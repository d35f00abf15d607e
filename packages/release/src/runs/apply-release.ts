import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError, stringifyJson, throwIfAny } from '@slipway/core';
import { type KubernetesObject, labelsOf, PART_OF, referenceTo, uidOf } from '@slipway/kubernetes';
import { formationTerms, readStock, type Stock } from '@slipway/rollout';
import type { JobLog } from '../apply/job-logs.ts';
import { outlastDeletions } from '../apply/outlast-deletions.ts';
import { closeEarlier, closePrevious } from '../apply/previous.ts';
import { prunePending } from '../apply/prune.ts';
import { throwProblems } from '../apply/throw-problems.ts';
import { recordedBefore, type WriteReleaseOptions, writeRelease } from '../apply/write-release.ts';
import { watchedObjects } from '../health/watched-objects.ts';
import { settleOpen } from '../looks/settle-open.ts';
import { applySetId } from '../names.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import { holdRefusals, readHold } from '../records/formation-hold.ts';
import { isInSteps, releaseInSteps } from '../records/in-steps.ts';
import { readLive } from '../records/live-release.ts';
import { type LockOptions, type TakenLock, withLock } from '../records/lock.ts';
import { listReleases, type ReleaseEntry, readRelease } from '../records/records.ts';
import type { ReleaseIdentity } from '../request.ts';
import { beginSteps } from './begin-steps.ts';

export interface ApplyReleaseOptions extends Omit<LockOptions, 'owner' | 'holder' | 'timeout'> {
  readonly prepared: PreparedRelease;
  /** Prepares the release again, with all checks; called if another release came in between. */
  readonly prepareAgain: (client: ClusterClient) => Promise<PreparedRelease>;
  /** Milliseconds to wait for another run's lock. */
  readonly lockTimeout: number;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  /** Called with the lock just before there is a record; what it throws refuses the release. */
  readonly beforeRecord?: ((client: ClusterClient) => Promise<void>) | undefined;
  /** Called before the last stage is written; what it throws ends the release there. */
  readonly beforeLastStage?: (() => Promise<void>) | undefined;
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
  // What is read of the objects is of use if no other run came in between, which is nearly always so.
  const [{ newest, earlier }, stock] = await Promise.all([
    readRecords(client, identity),
    waited ? undefined : readObjects(client, options.prepared, options),
  ]);
  // A hold may have been set while this run compared or waited, and again until its record exists.
  const refuseHeld = async (): Promise<undefined> => {
    throwIfAny(holdRefusals(identity, await readHold(client, identity, options.clock(), newest)));
  };
  await refuseHeld();
  if (newest !== undefined && isInSteps(newest)) {
    const same = await settleSteps(client, newest, options, { standby });
    return same ?? (await applyLocked(client, options, { waited, takenOver, standby }));
  }
  const found = await lookUnderLock(client, options, { newest, earlier, stock, standby });
  const writing = {
    ...{ ...options, client, ...found, takenOver, standby },
    holdForRecord: async (): Promise<undefined> => {
      await options.beforeRecord?.(client);
      await refuseHeld();
    },
  };
  const { steps } = found.prepared;
  if (steps !== undefined && steps.workloads.length > 0) return await beginSteps({ ...writing, steps });
  const release = await writeRelease(writing);
  if (release.prune !== 'now') return release;
  await prunePending(client, release, { ...options, repository: identity.repository });
  return { ...release, pruned: true };
}

async function readRecords(
  client: ClusterClient,
  identity: ReleaseIdentity,
): Promise<{ readonly newest: Release | undefined; readonly earlier: readonly ReleaseEntry[] }> {
  const [latest, ...earlier] = await listReleases(client, identity);
  const newest = latest === undefined ? undefined : await readRelease(client, identity, latest.number);
  return { newest, earlier };
}

/** What the cluster has of the objects that a comparison found, and of those of the release before where it is to be closed. */
async function readObjects(
  client: ClusterClient,
  { objects, newest }: PreparedRelease,
  options: Pick<ApplyReleaseOptions, 'clock' | 'signal' | 'logger'>,
): Promise<Stock> {
  const open = newest === undefined || newest.verdict !== undefined ? [] : watchedObjects(client, newest);
  const existing = objects.flatMap(({ object, live }) => (live === undefined ? [] : [referenceTo(object)]));
  return await readStock({ ...options, client, objects: [...open, ...existing] });
}

interface UnderLock {
  readonly newest: Release | undefined;
  readonly earlier: readonly ReleaseEntry[];
  /** What was read of the objects of the comparison; undefined where another run had the lock meanwhile. */
  readonly stock: Stock | undefined;
  readonly standby: TakenLock['standby'];
}

/** What a release is written from: compared again if something has changed since, with every earlier release closed. */
async function lookUnderLock(
  client: ClusterClient,
  options: ApplyReleaseOptions,
  { newest, earlier, stock, standby }: UnderLock,
): Promise<Pick<WriteReleaseOptions, 'prepared' | 'previous' | 'before'>> {
  const { identity } = options.prepared.request;
  const isCurrent =
    stock !== undefined && isSameRecord(options.prepared, newest) && stillExist(stock, options.prepared);
  const locked = isCurrent ? options.prepared : await options.prepareAgain(client);
  throwProblems(locked);
  const prepared = (await outlastDeletions(locked, { ...options, client, standby }))
    ? await options.prepareAgain(client)
    : locked;
  throwProblems(prepared);
  await closeEarlier(client, newest, earlier, options.clock);
  const now =
    stock === undefined || prepared !== options.prepared
      ? await readObjects(client, { ...prepared, newest }, options)
      : stock;
  const staying = prepared.objects.map(({ object }) => referenceTo(object));
  const closed = await closePrevious(newest, staying, {
    ...options,
    client,
    stock: now,
    repository: identity.repository,
    allow: prepared.request.allow,
  });
  const previous = closed && (await readLive(client, closed, earlier));
  // Pruning what that release left takes its time.
  const isPruned = newest?.pruned !== closed?.pruned;
  const terms = await formationTerms(prepared.request.verify);
  const looked = { ...options, client, prepared, previous };
  const before = await recordedBefore(looked, terms, isPruned ? undefined : now);
  return { prepared, previous, before };
}

/**
 * Deals with a release in steps that is open, as was prepared, or as it is by now.
 * @returns it, if it is the same as what is to be deployed
 */
async function settleSteps(
  client: ClusterClient,
  newest: Release,
  options: ApplyReleaseOptions,
  taken: Pick<TakenLock, 'standby'>,
): Promise<Release | undefined> {
  const { prepared } = options;
  const { identity, run } = prepared.request;
  const locked = isSameRecord(prepared, newest) ? prepared : await options.prepareAgain(client);
  throwProblems(locked);
  const { before } = locked;
  if (before === undefined || before.do === 'refuse') throw new SlipwayError(releaseInSteps(newest));
  if (before.do === 'same') {
    options.logger.info(
      `Release ${newest.number} is open and is the same: nothing is written, and verify-rollout goes on with it`,
    );
    return newest;
  }
  const { repository } = identity;
  const holder = run === '' ? 'slipway' : run;
  await settleOpen(newest, before, { ...options, client, repository, holder }, taken);
  return undefined;
}

/** Whether the newest record is still the one of the comparison: no new release, nothing pruned, and nothing removed. */
function isSameRecord(prepared: PreparedRelease, newest: Release | undefined): boolean {
  if (prepared.latest !== (newest?.number ?? 0)) return false;
  if (prepared.newest === newest) return true;
  const [compared, now] = [prepared.newest, newest].map(record => stringifyJson(record ?? null));
  return compared === now;
}

/**
 * Whether the objects that the comparison found are still there: a run that removed them may have begun before the comparison and
 * ended before the lock was taken. What may not be read counts as there.
 */
function stillExist(stock: Stock, { objects, request }: PreparedRelease): boolean {
  const set = applySetId(request.identity, request.identity.namespace);
  const isMember = (live: KubernetesObject): boolean => labelsOf(live)[PART_OF] === set;
  return objects.every(({ live }) => {
    if (live === undefined || !isMember(live)) return true;
    const now = stock.find(referenceTo(live));
    return now === 'unreadable' || (now !== undefined && uidOf(now) === uidOf(live) && isMember(now));
  });
}
