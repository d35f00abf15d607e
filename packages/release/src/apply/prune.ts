import type { ClusterClient } from '@slipway/cluster';
import { defined, inParallel, type Logger, type RecordedObject, type Release, textMap } from '@slipway/core';
import {
  describeObject,
  isWithin,
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  PART_OF,
  PRUNE,
  uidIfAny,
} from '@slipway/kubernetes';
import { isDown, unlessCode, unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { applySetId } from '../names.ts';
import { asRead } from '../objects/identity.ts';
import { narrowInventory } from '../records/inventory.ts';
import { isProtected } from '../records/leaving.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { neededVersions } from '../records/needed-versions.ts';
import { changeRecord, type RecordOwner, readLatestNumber } from '../records/records.ts';
import type { Allow } from '../request.ts';

export interface PruneOptions extends Omit<LockOptions, 'owner'> {
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
}

/**
 * Deletes what left the formation, once its release has succeeded, under the formation's lock. Does nothing if a newer release
 * exists, if the release was not written completely, or has `prune: off`.
 * @returns what was deleted
 */
export async function pruneAfterSuccess(options: PruneOptions): Promise<ObjectReference[]> {
  const { release } = options;
  const { applied, prune, pruned, pending = [] } = release;
  if (applied === undefined || prune === 'off' || pruned === true || pending.length === 0) return [];
  return await withLock({ ...options, owner: release }, async client => {
    if ((await readLatestNumber(client, release)) !== release.number) return [];
    return await prunePending(client, release, options);
  });
}

export interface PendingOptions {
  readonly repository: string;
  readonly logger: Logger;
  /** What the formation's file allows, if it is available: anyone who can edit the namespace can edit the record. */
  readonly allow?: Allow | undefined;
}

/** Like `pruneAfterSuccess`, for callers that hold the lock. */
export async function prunePending(
  client: ClusterClient,
  release: Release,
  { repository, logger, allow = release.allow ?? {} }: PendingOptions,
  staying: readonly ObjectReference[] = [],
): Promise<ObjectReference[]> {
  // An empty release is more likely a mistake than the intention to delete everything.
  if (release.objects.length === 0) return [];
  const kept = new Set([...release.objects, ...staying].map(objectKey));
  const leaving = (release.pending ?? []).filter(object => !kept.has(objectKey(object)));
  const needed = await neededVersions(client, release, leaving, logger);
  const isNeeded = (object: RecordedObject): boolean => needed.has(objectKey(object));
  const { removed, left: refused } = await removeObjects(
    { client, release, allow, logger },
    leaving.filter(object => !isNeeded(object)),
  );
  const left = [...leaving.filter(isNeeded), ...refused];
  const { application, formation, destination, namespace } = release;
  const identity = { application, formation, destination, namespace, repository };
  await narrowInventory(client, identity, [...release.objects, ...staying, ...left]);
  await changeRecord(client, release, recorded => ({ ...recorded, pruned: true, pending: left }));
  return removed;
}

type Fate = 'removed' | 'gone' | 'left';

export interface Removal {
  readonly client: ClusterClient;
  /** Whose set the objects are in. */
  readonly release: RecordOwner;
  /** What may be deleted outside the release's own namespace. */
  readonly allow: Allow;
  readonly logger: Logger;
}

/**
 * Deletes recorded objects that are still the recorded ones, still in the set, and within what the release may touch.
 * @returns what was deleted, and what was not; the log says why
 */
export async function removeObjects(
  removal: Removal,
  objects: readonly RecordedObject[],
): Promise<{ readonly removed: RecordedObject[]; readonly left: RecordedObject[] }> {
  const fates = await inParallel(objects, object => removeObject(removal, object));
  const of = (fate: Fate): RecordedObject[] => objects.filter((_object, index) => fates[index] === fate);
  return { removed: of('removed'), left: of('left') };
}

async function removeObject(removal: Removal, object: RecordedObject): Promise<Fate> {
  for (;;) {
    const fate = await unlessCode('cluster-conflict', () => removeOnce(removal, object));
    // It has changed between looking and deleting, so it is looked at again.
    if (fate !== undefined) return fate;
  }
}

async function removeOnce(
  { client, release, allow, logger }: Removal,
  object: RecordedObject,
): Promise<Fate> {
  const { apiVersion, kind, namespace, name } = object;
  const reference = { apiVersion, kind, ...defined({ namespace }), name };
  const within = isWithin(reference, release.namespace, allow);
  const look = unlessUnknown(client.get(reference));
  // Outside what the release may touch, the credentials need not be able to read either.
  const live = await (within ? look : unlessForbidden(look)).catch((error: unknown) => {
    if (isDown(error)) return error;
    throw error;
  });
  if (isDown(live)) {
    logger.warning(`${describeObject(reference)} was not deleted: ${live.message}`);
    return 'left';
  }
  if (live === undefined) return 'gone';
  if (!isOurs(live, object, applySetId(release, release.namespace))) {
    logger.info(`${describeObject(reference)} was not deleted: it is not the object that was deployed`);
    return 'gone';
  }
  if (ownerOf(live) === undefined) {
    logger.warning(
      `${describeObject(reference)} was not deleted: it was deployed, but someone removed its label ${PART_OF}; delete it by hand if no one needs it`,
    );
    return 'left';
  }
  if (!within) {
    logger.warning(
      `${describeObject(reference)} was not deleted: the formation's allow does not name its namespace or kind; delete it by hand, or add it to allow until it has been deleted`,
    );
    return 'left';
  }
  if (object.existedBefore === true) {
    logger.info(
      `${describeObject(reference)} was not deleted: it existed before this formation deployed it; delete it by hand if no one needs it`,
    );
    return 'left';
  }
  if (isProtected(object) && textMap(live.metadata['annotations'] ?? null)[PRUNE] !== 'allow') {
    logger.info(`${describeObject(reference)} was not deleted (needs ${PRUNE}: allow)`);
    return 'left';
  }
  await client.delete(reference, asRead(live));
  logger.info(`Deleted ${describeObject(reference)}`);
  return 'removed';
}

/** Whether a live object is the recorded one, and no other set has it by now. */
function isOurs(live: KubernetesObject, recorded: RecordedObject, set: string): boolean {
  const owner = ownerOf(live);
  const isKept = owner === undefined || owner === set;
  return isKept && recorded.uid !== undefined && uidIfAny(live) === recorded.uid;
}

function ownerOf({ metadata }: KubernetesObject): string | undefined {
  return textMap(metadata['labels'] ?? null)[PART_OF];
}
