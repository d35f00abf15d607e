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
import { type KubernetesObject, type ObjectReference, PART_OF } from '@slipway/kubernetes';
import { unlessUnknown } from '../cluster/expected-errors.ts';
import { healthOf, type SettleOptions } from '../health/settle.ts';
import { applySetId } from '../names.ts';
import { uidOf } from '../objects/identity.ts';
import { closeRelease } from '../records/close.ts';
import { changeRecord, type RecordOwner, type ReleaseEntry, readRelease } from '../records/records.ts';
import type { Allow } from '../request.ts';
import { prunePending } from './prune.ts';

export interface PreviousOptions extends SettleOptions {
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
  const { client, clock, logger } = options;
  const complete = await completeRecord(client, previous);
  const verdict = await verdictOf(complete, options);
  logger.info(`Release ${previous.number} was left open and is closed as ${verdict}`);
  const closed = await closeRelease(client, complete, verdict, clock);
  if (verdict !== 'succeeded' || previous.prune !== 'after-success') return closed;
  await prunePending(client, closed, options, staying);
  return await readRelease(client, closed, closed.number);
}

/**
 * Closes releases before the newest that a killed rollback left open: the one that it undid as rolled back, any other as superseded.
 * A release whose record is broken is skipped.
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
      await closeRelease(client, await readRelease(client, newest, number), verdict, clock);
    } catch (error) {
      if (!(error instanceof SlipwayError && error.code.startsWith('record-'))) throw error;
    }
  });
}

async function verdictOf(previous: Release, options: PreviousOptions) {
  if (previous.applied === undefined) return 'failed' as const;
  const health = await healthOf(previous.objects, options);
  return health.every(healthy => healthy) ? ('succeeded' as const) : ('superseded' as const);
}

/**
 * Adds missing UIDs to a record: a run that died after a write and before recording it leaves objects without one. An object that
 * has the set's label, is named by the record and was created after it must be what that run wrote.
 */
export async function completeRecord(client: ClusterClient, release: Release): Promise<Release> {
  if (release.objects.every(({ uid }) => uid !== undefined)) return release;
  const set = applySetId(release, release.namespace);
  const objects = await inParallel(release.objects, async object => {
    if (object.uid !== undefined) return object;
    const { apiVersion, kind, namespace, name } = object;
    const scope = namespace === undefined ? {} : { namespace };
    const live = await unlessUnknown(client.get({ apiVersion, kind, ...scope, name }));
    return live !== undefined && isFrom(release, live, set) ? withUid(object, live) : object;
  });
  return await changeRecord(client, release, record => ({ ...record, objects }));
}

function isFrom(release: Release, live: KubernetesObject, set: string): boolean {
  // The server's times have no fractions of a second.
  const created = Date.parse(String(live.metadata['creationTimestamp'])) + 1000;
  return textMap(live.metadata['labels'] ?? null)[PART_OF] === set && created >= Date.parse(release.created);
}

function withUid(object: RecordedObject, live: KubernetesObject): RecordedObject {
  const uid = uidOf(live);
  return { ...object, ...defined({ uid }), written: true };
}

/**
 * Closes a release as failed whose run was killed before it had written all objects; the record lists those that it had written.
 * A release that was written completely is left to verify-rollout.
 * @returns the record, if it was closed
 */
export async function closeAbandoned(
  client: ClusterClient,
  owner: RecordOwner,
  number: number,
  clock: Clock,
): Promise<Release | undefined> {
  const release = await readRelease(client, owner, number);
  if (release.verdict !== undefined || release.applied !== undefined) return undefined;
  return await closeRelease(client, await completeRecord(client, release), 'failed', clock);
}
