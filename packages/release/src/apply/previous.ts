import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  defined,
  inParallel,
  type RecordedObject,
  type Release,
  SlipwayError,
  textMap,
} from '@slipway/core';
import { type KubernetesObject, type ObjectReference, PART_OF, RELEASE, uidIfAny } from '@slipway/kubernetes';
import type { Stock } from '@slipway/rollout';
import { unlessUnknown } from '../cluster/expected-errors.ts';
import type { SettleOptions } from '../health/settle.ts';
import { watchedObjects } from '../health/watched-objects.ts';
import { applySetId } from '../names.ts';
import { closeRelease } from '../records/close.ts';
import { assertNotInSteps, isInSteps } from '../records/in-steps.ts';
import { changeRecord, type RecordOwner, type ReleaseEntry, readRelease } from '../records/records.ts';
import type { Allow } from '../request.ts';
import { prunePending } from './prune.ts';

export interface PreviousOptions extends SettleOptions {
  /** What was read of its objects with the lock. */
  readonly stock: Stock;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
  /** What the formation allows now. */
  readonly allow: Allow;
}

/**
 * Closes a release that was left open: one that did not write all of its objects failed, one whose objects are all healthy
 * succeeded (and is pruned), any other is superseded by the coming release.
 * @param staying the objects of the coming release, which must not be pruned
 */
export async function closePrevious(
  previous: Release | undefined,
  staying: readonly ObjectReference[],
  options: PreviousOptions,
): Promise<Release | undefined> {
  if (previous === undefined || previous.verdict !== undefined) return previous;
  assertNotInSteps(previous);
  const { client, clock, logger } = options;
  const complete = await completeRecord(client, previous);
  const { verdict, ran } = await verdictOf(complete, options);
  logger.info(`Release ${previous.number} was left open and is closed as ${verdict}`);
  const closed = await closeRelease(client, complete, verdict, clock, ran);
  if (verdict !== 'succeeded' || previous.prune !== 'after-success') return closed;
  await prunePending(client, closed, options, staying);
  return await readRelease(client, closed, closed.number);
}

/**
 * Closes releases before the newest that a killed rollback left open: the one that it undid as rolled back, any other as superseded.
 * A release whose record is broken is skipped, and one in steps is left open.
 * @param earlier all kept releases before the newest
 */
export async function closeEarlier(
  client: ClusterClient,
  newest: Release | undefined,
  earlier: readonly ReleaseEntry[],
  clock: Clock,
): Promise<void> {
  if (newest === undefined) return;
  const open = earlier.filter(({ verdict, number }) => verdict === undefined && number < newest.number);
  await inParallel(open, async ({ number }) => {
    const verdict = newest.rollbackOf === number ? ('rolled-back' as const) : ('superseded' as const);
    try {
      const release = await readRelease(client, newest, number);
      if (!isInSteps(release)) await closeRelease(client, release, verdict, clock);
    } catch (error) {
      if (!(error instanceof SlipwayError && error.code.startsWith('record-'))) throw error;
    }
  });
}

interface FoundVerdict {
  readonly verdict: 'succeeded' | 'failed' | 'superseded';
  /** The Jobs that have completed. */
  readonly ran: readonly ObjectReference[];
}

async function verdictOf(previous: Release, options: PreviousOptions): Promise<FoundVerdict> {
  if (previous.applied === undefined) return { verdict: 'failed', ran: [] };
  const stock = await options.stock.health(watchedObjects(options.client, previous));
  return {
    verdict: stock.every(({ healthy }) => healthy) ? 'succeeded' : 'superseded',
    ran: stock.filter(({ ran }) => ran).map(({ object }) => object),
  };
}

/**
 * Completes a record with what its run wrote and died before noting: an object that it was to write, that is in the set and has the
 * release's number.
 */
export async function completeRecord(client: ClusterClient, release: Release): Promise<Release> {
  if (!release.objects.some(isOpen)) return release;
  const set = applySetId(release, release.namespace);
  const objects = await inParallel(release.objects, async object => {
    if (!isOpen(object)) return object;
    const { apiVersion, kind, namespace, name } = object;
    const live = await unlessUnknown(client.get({ apiVersion, kind, ...defined({ namespace }), name }));
    return live !== undefined && isFrom(release, live, set) ? asWritten(object, live) : object;
  });
  return await changeRecord(client, release, record => ({ ...record, objects }));
}

/** Whether the record does not say what became of an object; before there was `toWrite`, only a missing UID said so. */
function isOpen({ uid, toWrite }: RecordedObject): boolean {
  return uid === undefined || toWrite === true;
}

function isFrom(release: Release, live: KubernetesObject, set: string): boolean {
  const { labels, annotations } = live.metadata;
  return (
    textMap(labels ?? null)[PART_OF] === set &&
    textMap(annotations ?? null)[RELEASE] === String(release.number)
  );
}

function asWritten({ toWrite: _, ...object }: RecordedObject, live: KubernetesObject): RecordedObject {
  const { generation } = live.metadata;
  return {
    ...object,
    ...defined({ uid: uidIfAny(live) }),
    ...(typeof generation === 'number' ? { generation } : {}),
    written: true,
  };
}

/**
 * Closes a release as failed whose run was killed before it had written all objects; the record lists those that it had written.
 * A release that was written completely is left to verify-rollout, and one in steps to them.
 * @returns the record, if it was closed
 */
export async function closeAbandoned(
  client: ClusterClient,
  owner: RecordOwner,
  number: number,
  clock: Clock,
): Promise<Release | undefined> {
  const release = await readRelease(client, owner, number);
  if (release.verdict !== undefined || release.applied !== undefined || isInSteps(release)) return undefined;
  return await closeRelease(client, await completeRecord(client, release), 'failed', clock);
}
