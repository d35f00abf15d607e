import type { ClusterClient } from '@slipway/cluster';
import { type Clock, type RecordedObject, type Release, SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, type ObjectReference, PART_OF } from '@slipway/kubernetes';
import { unlessUnknown } from '../cluster/expected-errors.ts';
import { inParallel } from '../cluster/parallel.ts';
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
 * Closes a release that was left open: one that never wrote its last object failed, one whose objects are all healthy succeeded
 * (and is pruned), any other is overtaken by the release that comes now.
 * @param staying what the coming release has, which must not be pruned now
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
 * Closes releases before the newest that a killed rollback left open: the one that it undid was rolled back, any other overtaken.
 * One whose record somebody broke is in nobody's way.
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
 * A run that died between a write and its record leaves objects without a UID in it. What bears the set's label, is named by the
 * record and was created after it can only be what that run wrote.
 */
export async function completeRecord(client: ClusterClient, release: Release): Promise<Release> {
  if (release.objects.every(({ uid }) => uid !== undefined)) return release;
  const set = applySetId(release, release.namespace);
  const objects = await inParallel(release.objects, async object => {
    if (object.uid !== undefined) return object;
    const { apiVersion, kind, namespace, name } = object;
    const place = namespace === undefined ? {} : { namespace };
    const live = await unlessUnknown(client.get({ apiVersion, kind, ...place, name }));
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
  return { ...object, ...(uid === undefined ? {} : { uid }), written: true };
}

/**
 * Closes a release whose run was killed before it had written all: it failed, and what it had written by then is in the record.
 * One that was written whole is left for whoever verifies it.
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
