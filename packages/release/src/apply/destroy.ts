import type { ClusterClient } from '@slipway/cluster';
import {
  count,
  inParallel,
  isJsonObject,
  type Logger,
  type Problem,
  type RecordedObject,
  type Release,
  SlipwayError,
  throwIfAny,
} from '@slipway/core';
import {
  describeObject,
  type KubernetesObject,
  keyOf,
  type ObjectReference,
  objectKey,
} from '@slipway/kubernetes';
import { MOST_FOR_DELETION, objectStays, stillThere } from '../cluster/await-gone.ts';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { stagesOf } from '../objects/stages.ts';
import { holdRefusals, readHold } from '../records/formation-hold.ts';
import { forgetHashKey } from '../records/hash-key.ts';
import { parentProblems, readParent } from '../records/inventory.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { forgetNote } from '../records/note-release.ts';
import {
  changeRecord,
  forgetRecord,
  listReleases,
  type ReleaseEntry,
  readRelease,
} from '../records/records.ts';
import { forgetSecrets } from '../records/secret-copies.ts';
import { forgetEnded } from '../records/set-hold.ts';
import type { Allow, ReleaseIdentity } from '../request.ts';
import { completeRecord } from './previous.ts';
import { listMembers, type Patience, removeObjects } from './remove.ts';
import { removeClaimsOfSets } from './remove-claims.ts';
import { throwProblems } from './throw-problems.ts';

export interface DestroyOptions extends Omit<LockOptions, 'owner'>, Patience {
  readonly identity: ReleaseIdentity;
  /** What the formation's file allows, if it is available; by default what its record allows. */
  readonly allow?: Allow | undefined;
  /** Whether claims of volumes are deleted with the rest; by default only those that say so, as their content cannot be brought back. */
  readonly volumes?: 'kept' | 'deleted' | undefined;
  /** Called with the lock before anything is deleted; what it throws ends the removal. */
  readonly onLocked?: ((client: ClusterClient) => Promise<void>) | undefined;
  /** Called with the lock once nothing is left, also where there was no record. */
  readonly onGone?: ((client: ClusterClient) => Promise<void>) | undefined;
  /** Called where the removal stops on its way, once something was deleted, with the newest release, whose record stays. */
  readonly onStopped?: ((newest: Release) => void) | undefined;
}

/** What was deleted of a formation, and what was not. */
export interface Destroyed {
  readonly removed: readonly ObjectReference[];
  /**
   * Protected kinds without the annotation that lets them be deleted, objects outside what the formation allows, and what finalizers
   * keep after its deletion.
   */
  readonly left: readonly ObjectReference[];
  /** Why objects that were deleted still exist: `object-stays` for each. */
  readonly problems: readonly Problem<ReleaseErrorCode>[];
  /** Whether there was no record of any release, so that it cannot be known what there was. */
  readonly isUnknown: boolean;
  /** The newest release, of whose number and time the next ones are not. */
  readonly newest?: Release | undefined;
  /** When it was done, while no other run could deploy. */
  readonly at: Date;
}

/**
 * Deletes what the newest release of a formation and those before it left in the cluster, in the reverse order, then the records.
 * If objects are left, the newest record is kept, so that they still have an owner.
 * @throws SlipwayError `object-foreign` if another repository deployed it, `formation-held`, `hold-unreadable`
 */
export async function destroyFormation(options: DestroyOptions): Promise<Destroyed> {
  const { identity } = options;
  return await withLock({ ...options, owner: identity }, client => destroyLocked(client, options));
}

async function destroyLocked(client: ClusterClient, options: DestroyOptions): Promise<Destroyed> {
  const { identity, logger, allow, volumes } = options;
  throwProblems({ problems: parentProblems(await readParent(client, identity), identity) });
  const [newest, ...others] = await listReleases(client, identity);
  const recorded = newest && (await readRelease(client, identity, newest.number));
  const refuseHeld = async (): Promise<void> =>
    throwIfAny(holdRefusals(identity, await readHold(client, identity, options.clock(), recorded)));
  await refuseHeld();
  await options.onLocked?.(client);
  if (newest === undefined || recorded === undefined) {
    await forgetNote(client, identity);
    await options.onGone?.(client);
    return { removed: [], left: [], problems: [], isUnknown: true, at: options.clock() };
  }
  const release = await completeRecord(client, recorded);
  const removal = { client, release, allow: allow ?? release.allow ?? {}, logger, volumes };
  const removed: RecordedObject[] = [];
  const left: RecordedObject[] = [];
  try {
    for (const stage of stagesInReverse(release)) {
      // One that was set meanwhile keeps what is still there: a removal cannot be taken back.
      await refuseHeld();
      const listed = await listMembers(client, release, stage);
      await inParallel(stage, async object => {
        const outcome = await removeObjects({ ...removal, listed }, [object]);
        removed.push(...outcome.removed, ...outcome.going);
        left.push(...outcome.left);
      });
    }
    if (volumes === 'deleted')
      removed.push(
        ...(await removeClaimsOfSets(client, [release, ...(await readable(client, others, identity))])),
      );
  } catch (error) {
    sayStopped(identity, removed, logger);
    if (removed.length > 0) options.onStopped?.(release);
    throw error;
  }
  const stays = await keptByFinalizers(removed, options, client);
  const keys = new Set(stays.map(object => keyOf(object)));
  const isKept = (object: RecordedObject): boolean => keys.has(objectKey(object));
  const gone = removed.filter(object => !isKept(object));
  for (const object of gone) logger.info(`Deleted ${describeObject(object)}`);
  left.push(...removed.filter(isKept));
  await forget(client, identity, others);
  if (left.length > 0)
    // Nothing can go back to it, as most of it is gone.
    await changeRecord(client, release, record => ({
      ...record,
      ...{ objects: left, pending: [], verdict: 'superseded' as const },
    }));
  else {
    await forgetHashKey(client, identity);
    await forgetNote(client, identity);
    if (!(await forgetEnded(client, identity, options.clock)))
      logger.warning(
        `${identity.application}/${identity.formation} was held while it was removed; the hold stays, and refuses the next deploy`,
      );
    await removeParent(client, identity);
    await options.onGone?.(client);
    // Last of all: as long as it exists, the run after one that died knows that there is something to delete.
    await forget(client, identity, [newest]);
  }
  return {
    removed: gone,
    left,
    problems: stays.map(objectStays),
    isUnknown: false,
    newest: release,
    at: options.clock(),
  };
}

/**
 * Names what a removal that stops on its way has deleted. The record stays as it is: with what is left alone it would contradict
 * itself, and neither a deploy nor a rollback could bring back the rest.
 */
function sayStopped(
  { application, formation }: ReleaseIdentity,
  deleted: readonly RecordedObject[],
  logger: Logger,
): void {
  if (deleted.length === 0) return;
  for (const object of deleted) logger.info(`${describeObject(object)} is deleted, or is being deleted`);
  logger.warning(
    `${application}/${formation} is removed in part, since ${count(deleted.length, 'object')} had been deleted when the removal stopped: deploy or roll back to create what is missing again, or run "mode: destroy" again to remove the rest`,
  );
}

/** What was deleted and is not gone: it has no owner any more once the records are, and whoever reads "deleted" would not look. */
async function keptByFinalizers(
  removed: readonly RecordedObject[],
  { clock, signal, mostForDeletion = MOST_FOR_DELETION }: DestroyOptions,
  client: ClusterClient,
): Promise<KubernetesObject[]> {
  return await stillThere(removed, { client, clock, signal, timeout: mostForDeletion });
}

/** The earlier records, as far as they can be read: those of a broken one are named by the newest too. */
async function readable(
  client: ClusterClient,
  entries: readonly ReleaseEntry[],
  identity: ReleaseIdentity,
): Promise<Release[]> {
  const found = await inParallel(entries, ({ number }) =>
    readRelease(client, identity, number).catch((error: unknown) => {
      if (error instanceof SlipwayError && error.code.startsWith('record-')) return undefined;
      throw error;
    }),
  );
  return found.filter(release => release !== undefined);
}

async function forget(
  client: ClusterClient,
  identity: ReleaseIdentity,
  releases: readonly ReleaseEntry[],
): Promise<void> {
  await inParallel(releases, async entry => {
    await forgetSecrets(client, identity, entry.number);
    await forgetRecord(client, identity, entry);
  });
}

/** The stages in reverse order. For objects without a manifest the order is unknown and does not matter. */
function stagesInReverse(release: Release): RecordedObject[][] {
  const objects = [...release.objects, ...(release.pending ?? [])];
  const manifests = new Map(
    release.manifests.flatMap(({ kind, metadata }) =>
      isJsonObject(metadata) ? [[JSON.stringify([kind, metadata['name']]), metadata]] : [],
    ),
  );
  const items = objects.map(recorded => {
    const { apiVersion, kind, name } = recorded;
    const metadata = manifests.get(JSON.stringify([kind, name])) ?? {};
    return { recorded, object: { apiVersion, kind, metadata: { ...metadata, name } } };
  });
  return stagesOf(items)
    .reverse()
    .map(stage => stage.map(({ recorded }) => recorded));
}

async function removeParent(client: ClusterClient, identity: ReleaseIdentity): Promise<void> {
  const parent = await readParent(client, identity);
  if (parent === undefined) return;
  await deleteAsRead(client, parent);
}
