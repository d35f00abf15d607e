import type { RecordedObject, Release } from '@slipway/core';
import { keyOf, objectKey } from '@slipway/kubernetes';
import { formationTerms } from '@slipway/rollout';
import { type Progress, type WriteReleaseOptions, writeStages } from '../apply/write-release.ts';
import type { PreparedObject } from '../plan/compared.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import { changeRecord } from '../records/records.ts';
import type { Standby } from '../records/standby.ts';
import type { StepsContext } from './steps-context.ts';

export type JobLogListener = WriteReleaseOptions['onJobLogs'];

/** What writes some objects of a release besides the context. */
export interface HalfOptions {
  readonly prepared: PreparedRelease;
  readonly isMeant: (prepared: PreparedObject) => boolean;
  /** The release whose number the objects get: the one that they are of. */
  readonly as: Release;
  /** Whether something is written after it, for which its Jobs must have run. */
  readonly isFollowed?: boolean;
  readonly standby?: Standby | undefined;
  readonly onJobLogs?: JobLogListener;
}

/** No rollback asks for the lock: the one that could is a decision of this release. */
const WITHOUT_REQUESTS: Standby = {
  giveWay: async () => {},
  whileWaiting: async (signal, wait) => await wait(signal),
};

/**
 * Writes some objects of a release stage by stage, and notes them in the record of the open one.
 * @returns its record
 * @throws SlipwayError `stage-failed`, or what the server refuses; what was written by then is noted
 */
export async function writeHalf(
  context: StepsContext,
  { prepared, isMeant, as, isFollowed, standby = WITHOUT_REQUESTS, onJobLogs }: HalfOptions,
): Promise<Release> {
  const { client, release, timeout, clock, signal, logger } = context;
  const objects = prepared.objects.filter(isMeant);
  const before = new Map(release.objects.map(object => [objectKey(object), object]));
  const progress: Progress = { objects: new Map(before), owned: new Map(), jobs: { ...release.jobs } };
  const terms = await formationTerms(release.verify);
  const note = async (): Promise<Release> =>
    await changeRecord(client, release, record => ({
      ...record,
      objects: record.objects.map(entry => asNoted(entry, before, progress)),
      jobs: { ...record.jobs, ...progress.jobs },
    }));
  try {
    await writeStages(
      {
        ...{ client, timeout, clock, signal, logger, standby, onJobLogs },
        ...{ prepared: { ...prepared, objects }, takenOver: false, number: as.number, isFollowed },
      },
      terms,
      release,
      progress,
    );
  } catch (error) {
    await note().catch((cause: unknown) =>
      logger.debug(`The record lacks what was written: ${String(cause)}`),
    );
    throw error;
  }
  return await note();
}

/** What a run wrote that died before it noted it is unchanged by now, and was written all the same. */
function asNoted(
  entry: RecordedObject,
  before: ReadonlyMap<string, RecordedObject>,
  { objects }: Progress,
): RecordedObject {
  const key = objectKey(entry);
  const now = objects.get(key);
  if (now === undefined || now === before.get(key)) return entry;
  const { toWrite: _, ...planned } = entry;
  return { ...planned, ...now, written: now.written || entry.written };
}

/** The keys of objects that are prepared. */
export function preparedKeys(objects: readonly PreparedObject[]): ReadonlySet<string> {
  return new Set(objects.map(({ object }) => keyOf(object)));
}
