import type { ClusterClient } from '@slipway/cluster';
import {
  API_VERSION,
  type Clock,
  defined,
  type Hold,
  inParallel,
  type Logger,
  type Position,
  type Problem,
  type RecordedObject,
  type Release,
  SlipwayError,
} from '@slipway/core';
import { isDefinition, isJob, type ObjectReference, objectKey, referenceTo } from '@slipway/kubernetes';
import {
  type Fault,
  type FormationTerms,
  formationTerms,
  readStock,
  type Stock,
  type StockOptions,
} from '@slipway/rollout';
import { faultsOf, withHealthBefore } from '../health/health-before.ts';
import { type StageObject, settleStage, waitUntilServed } from '../health/settle.ts';
import { applySetId, fieldManager } from '../names.ts';
import { sealsByObject } from '../objects/body.ts';
import { contentOf, hasCompleted } from '../objects/jobs.ts';
import { ownedHash } from '../objects/owned-hash.ts';
import { placeOf } from '../objects/place.ts';
import { stagesOf } from '../objects/stages.ts';
import type { PreparedObject } from '../plan/compared.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import { closeRelease } from '../records/close.ts';
import { keepHashKey } from '../records/hash-key.ts';
import { widenInventory } from '../records/inventory.ts';
import { leavingObjects } from '../records/leaving.ts';
import { noteNewest, noteRelease } from '../records/note-release.ts';
import { changeRecord, createRecord } from '../records/records.ts';
import { keepSecrets } from '../records/secret-copies.ts';
import type { Standby } from '../records/standby.ts';
import { type JobLog, readJobLogs } from './job-logs.ts';
import { stopReason } from './unfinished.ts';
import { recorded, type WriteContext, writeObject } from './write-object.ts';

export interface WriteReleaseOptions {
  /** Guarded by the formation's lock. */
  readonly client: ClusterClient;
  readonly prepared: PreparedRelease;
  /** Whether the run before did not release its lock, so that unchanged objects are written too. */
  readonly takenOver: boolean;
  /** Lets a rollback go first while this one waits for a stage. */
  readonly standby: Standby;
  /** The newest release, closed. */
  readonly previous: Release | undefined;
  /** What was read of the objects with the lock; by default they are read. */
  readonly before?: readonly RecordedObject[] | undefined;
  /** For a rollback: the release that it undoes, and the one that it restores. */
  readonly restoration?: Pick<Release, 'rollbackOf' | 'restores'>;
  /** Reads the hold that the record is to have, last of all before there is one; throws for a hold that refuses the release. */
  readonly holdForRecord: () => Promise<Hold | undefined>;
  /** Called before the last stage is written; what it throws ends the release there. */
  readonly beforeLastStage?: (() => Promise<void>) | undefined;
  /** Called with the record before the first object is written. */
  readonly onRecorded: (release: Release) => void;
  /** Called with the logs of Jobs that were waited for. */
  readonly onJobLogs?: ((logs: readonly JobLog[]) => void) | undefined;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Writes a prepared release: the record, kept Secrets and the inventory, then the objects stage by stage. A release that fails on the
 * way is closed as failed, with what it had written by then.
 */
export async function writeRelease(options: WriteReleaseOptions): Promise<Release> {
  const { client, prepared, onRecorded, clock } = options;
  const terms = await formationTerms(prepared.request.verify);
  const objects = options.before ?? (await recordedBefore(options, terms));
  const hold = await options.holdForRecord();
  await options.standby.giveWay();
  const release = await createRecord(client, prepared.request.identity, number => ({
    ...recordOf(options, objects, number),
    ...defined({ hold }),
  }));
  onRecorded(release);
  const progress: Progress = {
    objects: new Map(objects.map(object => [objectKey(object), object])),
    owned: new Map(),
    jobs: { ...release.jobs },
  };
  const { repository } = prepared.request.identity;
  try {
    await noteNewest(client, release, repository);
    if (prepared.hashKey !== undefined) await keepHashKey(client, release, prepared.hashKey);
    if (prepared.unseal !== undefined) await keepSecrets(client, release, prepared.unseal);
    await widenInventory(client, prepared.request.identity, [...objects, ...(release.pending ?? [])]);
    await writeStages(options, terms, release, progress);
    const applied = await changeRecord(client, release, record => ({
      ...withProgress(record, progress),
      applied: clock().toISOString(),
    }));
    await noteOwned(options, applied, progress);
    return applied;
  } catch (error) {
    await noteFailure(options, release, progress, error);
    throw error;
  }
}

/** The note exists, and this only adds how drift is seen without the record: a release is not failed for it. */
async function noteOwned(
  { client, prepared, logger }: WriteReleaseOptions,
  release: Release,
  { owned }: Progress,
): Promise<void> {
  try {
    await noteRelease(client, release, prepared.request.identity.repository, owned);
  } catch (error) {
    logger.debug(`The note of release ${release.number} lacks what it owns: ${String(error)}`);
  }
}

/** What a run has written so far, for the record. */
export interface Progress {
  readonly objects: Map<string, RecordedObject>;
  /** Hashes of the fields that the release owns. */
  readonly owned: Map<string, string>;
  readonly jobs: Record<string, string>;
}

function withProgress(record: Release, { objects, jobs }: Progress): Release {
  return { ...record, objects: [...objects.values()], jobs: { ...record.jobs, ...jobs } };
}

/**
 * The objects of the release as they are before it, with their health, and which of them it is to write.
 * @param stock what was read of them; by default they are read
 */
export async function recordedBefore(
  options: Omit<StockOptions, 'objects'> & Pick<WriteReleaseOptions, 'prepared' | 'previous'>,
  { rules }: Pick<FormationTerms, 'rules'>,
  stock?: Stock,
): Promise<RecordedObject[]> {
  const applicable = options.prepared.objects.filter(({ action }) => action !== 'skip');
  const existing = applicable.filter(({ live }) => live !== undefined);
  const references = existing.map(({ object }) => referenceTo(object));
  const read = stock ?? (await readStock({ ...options, objects: references }));
  const health = await read.health(references, rules);
  const healthOfEach = new Map(existing.map(({ object }, index) => [object, health[index]?.healthy]));
  const faults = faultsOf(options.previous);
  return applicable.map(({ object, live, action, existedBefore, adopted }) => {
    const healthy = healthOfEach.get(object);
    const then = recorded(object, action === 'replace' ? undefined : live, false);
    const planned = action === 'unchanged' ? {} : { toWrite: true };
    const maker = existedBefore === true && action !== 'replace' ? { existedBefore } : {};
    const taken = adopted === true ? { adopted } : {};
    return withHealthBefore({ ...then, ...planned, ...maker, ...taken }, healthy, faults);
  });
}

/** The record of a release that is about to begin. */
export function recordOf(
  { prepared, previous, restoration, clock }: WriteReleaseOptions,
  objects: readonly RecordedObject[],
  number: number,
): Release {
  const { request } = prepared;
  const { application, formation, destination, namespace } = request.identity;
  const { deploymentTag, snapshot, configRevision, digest, verify, rules, actor, run } = request;
  const optional = { destination, deploymentTag, snapshot, configRevision, digest, verify, policies: rules };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    apiVersion: API_VERSION,
    kind: 'Release',
    number,
    application,
    formation,
    namespace,
    ...(known as Partial<Release>),
    ...request.configOrigin,
    created: clock().toISOString(),
    ...(actor === '' ? {} : { actor }),
    ...(run === '' ? {} : { run }),
    reason: request.reason,
    ...restoration,
    manifests: prepared.objects.map(({ object }) => object as unknown as Release['manifests'][number]),
    seals: [...request.seals],
    ...(prepared.secrets.length === 0 ? {} : { secrets: [...prepared.secrets] }),
    objects: [...objects],
    pending: leavingObjects(previous, objects).filter(({ uid }) => uid !== undefined),
    jobs: jobsThatRan(previous, prepared.objects),
    prune: request.prune,
    ...(request.forceConflicts ? { forceConflicts: true } : {}),
    allow: request.allow as NonNullable<Release['allow']>,
  };
}

/** The Jobs that have run before the release, by content: without one that it runs again. */
function jobsThatRan(
  previous: Release | undefined,
  objects: readonly PreparedObject[],
): Record<string, string> {
  const jobs = { ...previous?.jobs };
  for (const { object, live, action } of objects.filter(one => isJob(one.object))) {
    const content = contentOf(object) ?? '';
    if (action === 'replace') delete jobs[content];
    else if (live !== undefined && hasCompleted(live)) jobs[content] = object.metadata.name;
  }
  return jobs;
}

/** What writing stages needs of a release. */
export interface StageOptions
  extends Pick<
    WriteReleaseOptions,
    | 'client'
    | 'prepared'
    | 'takenOver'
    | 'standby'
    | 'beforeLastStage'
    | 'onJobLogs'
    | 'timeout'
    | 'clock'
    | 'signal'
    | 'logger'
  > {
  /** The release that the objects are of, if it is not the one whose record notes them. */
  readonly number?: number | undefined;
  /** Whether something is written after the last stage, which must settle for that. */
  readonly isFollowed?: boolean | undefined;
}

/** Writes the prepared objects stage by stage, and waits for what the next stage needs. @throws SlipwayError `stage-failed` */
export async function writeStages(
  options: StageOptions,
  terms: FormationTerms,
  release: Release,
  progress: Progress,
): Promise<void> {
  const { prepared, client, logger } = options;
  const context = writeContext(options, release);
  const stages = stagesOf(prepared.objects.filter(({ action }) => action !== 'skip'));
  for (const [index, stage] of stages.entries()) {
    if (index === stages.length - 1) await options.beforeLastStage?.();
    logger.info(`Stage ${index + 1} of ${stages.length}: ${countOf(stage)}`);
    const objects = await writeStage(context, stage, progress);
    const definitions = stage.map(({ object }) => object).filter(isDefinition);
    await options.standby.whileWaiting(options.signal, signal =>
      waitUntilServed(definitions, { ...options, signal }),
    );
    if (index === stages.length - 1 && options.isFollowed !== true) return;
    const ran = new Set((await settleJobs(options, terms, withDeclared(objects, stage))).map(objectKey));
    const jobs = stage.filter(({ object }) => ran.has(objectKey(referenceTo(object))));
    if (jobs.length === 0) continue;
    // Recorded at once: whatever happens to the release, these must not run again.
    for (const { object } of jobs) progress.jobs[contentOf(object) ?? ''] = object.metadata.name;
    await changeRecord(client, release, record => withProgress(record, progress));
  }
}

/** The position of an object's fault in its stencil or manifest. */
function positionOfFault({ objects }: PreparedRelease, { object, pointer }: Fault): Position | undefined {
  const failed = objects.find(prepared => objectKey(referenceTo(prepared.object)) === objectKey(object));
  return failed && placeOf(failed, pointer);
}

/** What each manifest of a stage declares, such as a pause, is meant. */
function withDeclared(objects: readonly RecordedObject[], stage: readonly PreparedObject[]): StageObject[] {
  return objects.map((object, index) => ({ ...object, declared: stage[index]?.object }));
}

/** Waits for a stage, and reports the logs of its Jobs, also if they failed. @returns the Jobs that have completed */
async function settleJobs(
  options: StageOptions,
  terms: FormationTerms,
  objects: readonly StageObject[],
): Promise<readonly ObjectReference[]> {
  const positionOf = (fault: Fault) => positionOfFault(options.prepared, fault);
  try {
    return await options.standby.whileWaiting(options.signal, signal =>
      settleStage(objects, { ...options, ...terms, signal }, positionOf),
    );
  } finally {
    const jobs = objects.filter(object => isJob(object) && object.written);
    if (options.onJobLogs !== undefined && jobs.length > 0)
      options.onJobLogs(await readJobLogs(options.client, jobs));
  }
}

function writeContext(
  { prepared, client, takenOver, signal, timeout, clock, number }: StageOptions,
  release: Release,
): WriteContext {
  const { request, unseal } = prepared;
  const { identity, seals, deploymentTag } = request;
  return {
    client,
    request,
    takenOver,
    unseal,
    signal,
    timeout,
    clock,
    set: applySetId(identity, identity.namespace),
    stamp: { release: String(number ?? release.number), deploymentTag },
    seals: sealsByObject(seals, identity.namespace),
    replicas: prepared.replicas,
  };
}

async function writeStage(
  context: WriteContext,
  stage: readonly PreparedObject[],
  progress: Progress,
): Promise<RecordedObject[]> {
  return await inParallel(stage, async prepared => {
    context.signal.throwIfAborted();
    const { recorded: written, live } = await writeObject(context, prepared).catch((error: unknown) => {
      throw isRefusal(error) ? positioned(error, placeOf(prepared)) : error;
    });
    const key = objectKey(written);
    const owned = live && ownedHash(live, fieldManager(context.request.identity));
    if (owned !== undefined) progress.owned.set(key, owned);
    const { toWrite: _, ...planned } = progress.objects.get(key) ?? written;
    const object = { ...planned, ...written };
    progress.objects.set(key, object);
    return object;
  });
}

/** Whether an error is about the object itself, and not about the cluster or the lock. */
function isRefusal(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && /^cluster-(?:refused|field-conflict)$/.test(error.code);
}

function positioned(error: SlipwayError, at: Position | undefined): SlipwayError {
  const placed = (problem: Problem): Problem => ({ ...defined({ at }), ...problem });
  const [first, ...others] = error.problems;
  return new SlipwayError([placed(first), ...others.map(placed)], { cause: error });
}

function countOf(stage: readonly PreparedObject[]): string {
  const written = stage.filter(({ action }) => action !== 'unchanged').length;
  return `${written} to write, ${stage.length - written} unchanged`;
}

/** Closes the record as failed. A run that has lost the cluster or the lock cannot; then the next deploy closes it. */
async function noteFailure(
  options: WriteReleaseOptions,
  release: Release,
  progress: Progress,
  error: unknown,
): Promise<void> {
  const { client, clock, logger, signal } = options;
  const stopped = stopReason(error, signal);
  try {
    await changeRecord(client, release, record => ({ ...withProgress(record, progress), stopped }));
    await closeRelease(client, release, 'failed', clock);
  } catch (error) {
    logger.debug(`The record of release ${release.number} remains open: ${String(error)}`);
  }
}
