import type { ClusterClient } from '@slipway/cluster';
import {
  defined,
  type Hold,
  inParallel,
  type Logger,
  type RecordedObject,
  type Release,
  SlipwayError,
} from '@slipway/core';
import {
  isDefinition,
  isJob,
  isTerminating,
  type KubernetesObject,
  objectKey,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import { isVersion } from '../content/given-names.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { PreparedObject } from '../plan/compared.ts';
import { type PreparedRelease, prepareRelease } from '../plan/prepare.ts';
import { assertOwnImages, assertWhole } from '../records/contradictions.ts';
import { holdToKeep, holdToLeave, readHold } from '../records/formation-hold.ts';
import { assertNotInSteps } from '../records/in-steps.ts';
import { type LockOptions, type TakenLock, withLock } from '../records/lock.ts';
import { changeRecord, listReleases, type ReleaseEntry, readRelease } from '../records/records.ts';
import { shownWords } from '../records/secret-copies.ts';
import type { Allow, ConfigOrigin, ReleaseRequest } from '../request.ts';
import { restorationProblems } from '../rules/ask-rules.ts';
import { type Rules, recordedRules, recordRules } from '../rules/rules.ts';
import { outlastDeletions } from './outlast-deletions.ts';
import { completeRecord } from './previous.ts';
import { type Patience, type Removal, removeForGood } from './remove.ts';
import { unfinishedProblems } from './restorable.ts';
import { type ReadAgain, secretsToRestore } from './secrets-to-restore.ts';
import { settleReplicas } from './settle-replicas.ts';
import { unstickPods } from './stuck-pods.ts';
import { throwProblems } from './throw-problems.ts';
import { writeRelease } from './write-release.ts';

export interface RollBackOptions extends Omit<LockOptions, 'owner' | 'holder' | 'timeout'>, Patience {
  /** The release to undo, which must be the newest. */
  readonly release: Release;
  /** `owner/name` of the repository whose workflow runs. */
  readonly repository: string;
  readonly actor: string;
  /** The run's address; holds the lock. */
  readonly run: string;
  /** Why, for the record. */
  readonly reason: string;
  /** The release to restore; by default the newest before it that succeeded. */
  readonly to?: number | undefined;
  /** The rules that the restored release is checked with; by default those of the release to undo. */
  readonly rules?: Rules | undefined;
  /** Take over fields of other managers; by default if the release to undo, or to restore, did. */
  readonly forceConflicts?: boolean | undefined;
  /** Keeps the formation as the rollback leaves it; by default only a hold that there is stays. */
  readonly hold?: Hold | undefined;
  /** Reads what is to be read from the stores instead of being restored; by default nothing is. */
  readonly readAgain?: ((release: Release) => Promise<ReadAgain | undefined>) | undefined;
  /** Called with the new record before the first object is written. */
  readonly onRecorded?: ((release: Release) => void) | undefined;
  /** Milliseconds to wait for another run's lock. */
  readonly lockTimeout: number;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
}

/** The release to undo, and the one to restore. */
export interface Course {
  readonly undone: number;
  readonly restored: number;
}

/** What differs between the rollbacks. */
export interface Manner {
  /** Decides by the records as they are when it is asked, before and under the lock. */
  choose(client: ClusterClient): Promise<Course | undefined>;
  /** Called under the lock once all objects are written, before what is not restored is deleted. */
  onWritten?(client: ClusterClient, restored: Release): Promise<void>;
}

/**
 * Undoes a release by a new one, made from the newest that succeeded before it: its manifests with the content that its Secrets
 * had, without Jobs and CustomResourceDefinitions. What the failed release added is deleted, except protected kinds. The caller
 * must close the failed release's record.
 * @returns the new release, open; undefined if no release succeeded before, and then nothing was changed
 * @throws SlipwayError `release-overtaken`, `release-in-steps`, `release-unfinished`, `secret-copy-missing`, `record-broken`, `record-inconsistent`, and
 * refusals of applying it
 */
export async function rollBack(options: RollBackOptions): Promise<Release | undefined> {
  return await rollBackAs(options, { choose: client => beforeFailed(client, options) });
}

/** @returns undefined where there is nothing to restore */
export async function rollBackAs(options: RollBackOptions, manner: Manner): Promise<Release | undefined> {
  const { release, run, lockTimeout } = options;
  if ((await manner.choose(options.client)) === undefined) return undefined;
  const holder = run === '' ? 'slipway' : run;
  return await withLock({ ...options, owner: release, holder, timeout: lockTimeout }, (client, taken) =>
    rollBackLocked(client, options, taken, manner),
  );
}

/** From a release that failed, which must still be the newest, to what succeeded before it. */
async function beforeFailed(
  client: ClusterClient,
  { release: failed, to }: RollBackOptions,
): Promise<Course | undefined> {
  const entries = await listReleases(client, failed);
  const newest = entries[0]?.number ?? failed.number;
  if (newest !== failed.number) throw releaseOvertaken(failed, newest);
  const before = ({ number, verdict }: ReleaseEntry) => number < failed.number && verdict === 'succeeded';
  const restored = to ?? entries.find(before)?.number;
  return restored === undefined ? undefined : { undone: failed.number, restored };
}

async function rollBackLocked(
  client: ClusterClient,
  options: RollBackOptions,
  { takenOver, standby }: TakenLock,
  manner: Manner,
): Promise<Release | undefined> {
  const { logger } = options;
  const course = await manner.choose(client);
  if (course === undefined) return undefined;
  const target = await readRelease(client, options.release, course.restored);
  const undone = await readRelease(client, options.release, course.undone);
  assertNotInSteps(undone);
  const others = await readUnwanted(client, options.release, undone);
  for (const release of [target, undone, ...others]) assertWhole(release);
  assertOwnImages(target);
  const failed = await completeRecord(client, undone);
  throwProblems({ problems: await unfinishedProblems(client, target, failed) });
  const rules = options.rules ?? recordedRules(failed);
  if (options.readAgain === undefined) warnOfKept(failed, target, logger);
  const restorable = await secretsToRestore(client, target, await options.readAgain?.(target));
  const request = {
    ...restoringRequest(options, failed, restorable.release),
    rules: recordRules(rules),
  };
  const openSecrets = async () => restorable;
  const compare = async (): Promise<PreparedRelease> => {
    const found = await prepareRelease({ client, request, openSecrets });
    const refusals = await restorationProblems(found, { ...options, client, rules, now: options.clock() });
    throwProblems({ problems: [...found.problems, ...refusals] });
    return found;
  };
  const first = await compare();
  const compared = (await outlastDeletions(first, { ...options, client, standby })) ? await compare() : first;
  const jobs = await existingJobs(client, target);
  const prepared = { ...compared, objects: [...compared.objects, ...jobs] };
  const restored = await writeRelease({
    ...options,
    client,
    prepared,
    takenOver,
    standby,
    previous: failed,
    restoration: { rollbackOf: failed.number, restores: target.number },
    // One may have been set or lifted, in the record too, while this rollback waited and compared.
    holdForRecord: async () => {
      const newest = await readRelease(client, failed, failed.number);
      const found = await readHold(client, failed, options.clock(), newest);
      return options.hold === undefined ? holdToKeep(found, newest) : holdToLeave(found, options.hold);
    },
    onRecorded: record => {
      logger.info(`Rolling back to release ${target.number} as release ${record.number}`);
      options.onRecorded?.(record);
    },
  });
  await manner.onWritten?.(client, restored);
  await unstickPods({ ...options, client, release: restored });
  const removal = { ...options, client, release: restored, allow: allowedBy(failed, target) };
  const added = [failed, ...others].flatMap(release => addedBy(release, target));
  const once = new Map(added.reverse().map(object => [objectKey(object), object]));
  return await removeAdded(removal, restored, [...once.values()].reverse(), options);
}

/** A run without stores restores what was kept, also of what is to be read again. */
function warnOfKept({ secrets = [] }: Release, { number, seals }: Release, logger: Logger): void {
  const restored = new Set(seals.map(({ word }) => word));
  const words = secrets
    .filter(({ word, onRollback }) => onRollback === 'current' && restored.has(word))
    .map(({ word }) => word);
  if (words.length === 0) return;
  logger.warning(
    `This step reads no store, so that release ${number} gets ${shownWords(words)} as kept, although "on-rollback" is "current": if that was rotated, deploy, or roll back with "mode: rollback"`,
  );
}

/**
 * The releases besides the newest whose additions are to go too. They are read before anything is written: one that is broken refuses
 * the rollback, and does not stop it half-way.
 */
async function readUnwanted(client: ClusterClient, asked: Release, newest: Release): Promise<Release[]> {
  return [...(await overtaken(client, asked, newest)), ...(await unfinishedUndo(client, newest))];
}

/** The release that was to be undone, if the newest one came after it: what it added is to go too. */
async function overtaken(
  client: ClusterClient,
  { number, ...owner }: Release,
  newest: Release,
): Promise<Release[]> {
  if (number === newest.number) return [];
  const kept = (await listReleases(client, owner)).some(entry => entry.number === number);
  return kept ? [await readRelease(client, owner, number)] : [];
}

/** The release that an unfinished rollback was undoing, so that this rollback has to undo it too. */
async function unfinishedUndo(client: ClusterClient, { rollbackOf, ...failed }: Release): Promise<Release[]> {
  if (rollbackOf === undefined || failed.verdict === 'succeeded') return [];
  const kept = (await listReleases(client, failed)).some(({ number }) => number === rollbackOf);
  if (!kept || rollbackOf >= failed.number) return [];
  const undone = await readRelease(client, failed, rollbackOf);
  return [undone, ...(await unfinishedUndo(client, undone))];
}

function restoringRequest(options: RollBackOptions, failed: Release, target: Release): ReleaseRequest {
  const { application, formation, destination, namespace, deploymentTag, snapshot } = target;
  const objects = (target.manifests as unknown as KubernetesObject[]).filter(
    object => !isJob(object) && !isDefinition(object),
  );
  return {
    identity: { application, formation, namespace, destination, repository: options.repository },
    objects: objects.map(object => ({ object })),
    seals: target.seals,
    snapshot,
    deploymentTag,
    configRevision: target.configRevision,
    configOrigin: configOriginOf(target),
    digest: target.digest,
    allow: target.allow ?? {},
    verify: target.verify,
    prune: target.prune,
    actor: options.actor,
    run: options.run,
    reason: options.reason,
    adopt: false,
    forceConflicts:
      options.forceConflicts ?? (failed.forceConflicts === true || target.forceConflicts === true),
    allowOlder: true,
    restores: target.number,
  };
}

function configOriginOf({ sharedRevisions, set, configFrom }: Release): ConfigOrigin {
  return defined({ sharedRevisions, set, configFrom });
}

/** The Jobs of the restored release that still exist belong to it again; others are not run again. */
async function existingJobs(client: ClusterClient, target: Release): Promise<PreparedObject[]> {
  const jobs = (target.manifests as unknown as KubernetesObject[]).filter(isJob);
  return await inParallel(jobs, async (object): Promise<PreparedObject> => {
    const live = await client.get(referenceTo(object));
    const recorded = target.objects.find(({ uid }) => uid !== undefined && uid === uidIfAny(live));
    const base = { source: object, object, fields: [], sealed: false };
    return recorded === undefined || live === undefined || isTerminating(live)
      ? { ...base, action: 'skip' }
      : { ...base, action: 'unchanged', live };
  });
}

/** The objects that the failed release added. */
function addedBy(failed: Release, target: Release): RecordedObject[] {
  const before = new Set([...target.objects, ...(target.pending ?? [])].map(objectKey));
  // Versions are kept while a kept release needs them, even the failed one; adopted objects were created by others.
  return failed.objects.filter(
    object =>
      object.written && object.adopted !== true && !isVersion(object) && !before.has(objectKey(object)),
  );
}

/** What both releases were allowed to touch: the failed one's objects are within what it was allowed. */
function allowedBy({ allow: first = {} }: Release, { allow: second = {} }: Release): Allow {
  return {
    namespaces: [...(first.namespaces ?? []), ...(second.namespaces ?? [])],
    'cluster-scoped': [...(first['cluster-scoped'] ?? []), ...(second['cluster-scoped'] ?? [])],
  };
}

async function removeAdded(
  removal: Removal,
  restored: Release,
  added: readonly RecordedObject[],
  options: Patience & Pick<RollBackOptions, 'repository'>,
): Promise<Release> {
  const { left } = await removeForGood(removal, added, options);
  const removed = added.filter(object => !left.includes(object));
  await settleReplicas(removed, { ...options, ...removal, release: restored });
  const gone = new Set(removed.map(objectKey));
  return await changeRecord(removal.client, restored, record => ({
    ...record,
    pending: (record.pending ?? []).filter(object => !gone.has(objectKey(object))),
  }));
}

function releaseOvertaken(failed: Release, newest: number): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'release-overtaken',
    message: `release ${failed.number} cannot be rolled back: release ${newest} came after it`,
    remedy: 'look at the newer release instead',
  });
}
