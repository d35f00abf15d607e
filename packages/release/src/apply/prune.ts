import type { ClusterClient } from '@slipway/cluster';
import { type Logger, type RecordedObject, type Release, textMap } from '@slipway/core';
import {
  describeObject,
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  PART_OF,
  PRUNE,
} from '@slipway/kubernetes';
import { isDown, unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { inParallel } from '../cluster/parallel.ts';
import { applySetId } from '../names.ts';
import { uidOf } from '../objects/identity.ts';
import { narrowInventory } from '../records/inventory.ts';
import { isProtected } from '../records/leaving.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { neededVersions } from '../records/needed-versions.ts';
import { changeRecord, type RecordOwner, readLatestNumber } from '../records/records.ts';
import { isWithin } from '../refusals/boundaries.ts';
import type { Allow } from '../request.ts';

export interface PruneOptions extends Omit<LockOptions, 'owner'> {
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
}

/**
 * Removes what left the formation, once its release succeeded, under the formation's lock. Writes nothing where a newer release
 * exists, or where the release says `prune: off`.
 * @returns what was removed
 */
export async function pruneAfterSuccess(options: PruneOptions): Promise<ObjectReference[]> {
  const { release } = options;
  if (release.prune === 'off' || release.pruned === true || (release.pending ?? []).length === 0) return [];
  return await withLock({ ...options, owner: release }, async client => {
    if ((await readLatestNumber(client, release)) !== release.number) return [];
    return await prunePending(client, release, options);
  });
}

export interface PendingOptions {
  readonly repository: string;
  readonly logger: Logger;
  /** What the formation's own file allows, where that is at hand: a record can be edited by whoever edits the namespace. */
  readonly allow?: Allow | undefined;
}

/** The same for whoever holds the lock already. */
export async function prunePending(
  client: ClusterClient,
  release: Release,
  { repository, logger, allow = release.allow ?? {} }: PendingOptions,
  staying: readonly ObjectReference[] = [],
): Promise<ObjectReference[]> {
  // An empty release is more likely a mistake than a wish to lose everything.
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
  /** Where else than in the release's own namespace something may be removed. */
  readonly allow: Allow;
  readonly logger: Logger;
}

/**
 * Removes recorded objects that are still the ones that were recorded, still in the set, and where the release may have any.
 * @returns what was removed, and what was kept standing; the log says why
 */
export async function removeObjects(
  removal: Removal,
  objects: readonly RecordedObject[],
): Promise<{ readonly removed: RecordedObject[]; readonly left: RecordedObject[] }> {
  const fates = await inParallel(objects, object => removeObject(removal, object));
  const of = (fate: Fate): RecordedObject[] => objects.filter((_object, index) => fates[index] === fate);
  return { removed: of('removed'), left: of('left') };
}

async function removeObject(
  { client, release, allow, logger }: Removal,
  object: RecordedObject,
): Promise<Fate> {
  const { apiVersion, kind, namespace, name } = object;
  const reference = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
  const within = isWithin(reference, release.namespace, allow);
  const look = unlessUnknown(client.get(reference));
  // Where the release may have nothing, nobody need be able to look either.
  const live = await (within ? look : unlessForbidden(look)).catch((error: unknown) => {
    if (isDown(error)) return error;
    throw error;
  });
  if (isDown(live)) {
    logger.warning(`${describeObject(reference)} is kept for now: ${live.message}`);
    return 'left';
  }
  if (live === undefined) return 'gone';
  if (!isOurs(live, object, applySetId(release, release.namespace))) {
    logger.info(`${describeObject(reference)} is left alone: it is not the one that was deployed`);
    return 'gone';
  }
  if (!within) {
    logger.warning(
      `${describeObject(reference)} is kept: the formation's allow does not name where it is; remove it by hand, or name it there until it is removed`,
    );
    return 'left';
  }
  if (object.existedBefore === true) {
    logger.info(
      `${describeObject(reference)} is kept: it existed before the formation had it; remove it by hand if nobody needs it`,
    );
    return 'left';
  }
  if (isProtected(object) && textMap(live.metadata['annotations'] ?? null)[PRUNE] !== 'allow') {
    logger.info(
      `${describeObject(reference)} is kept: only the annotation ${PRUNE}: allow lets it be removed`,
    );
    return 'left';
  }
  await client.delete(reference, { uid: uidOf(live) ?? '' });
  logger.info(`Removed ${describeObject(reference)}`);
  return 'removed';
}

function isOurs(live: KubernetesObject, recorded: RecordedObject, set: string): boolean {
  const member = textMap(live.metadata['labels'] ?? null)[PART_OF] === set;
  return member && recorded.uid !== undefined && uidOf(live) === recorded.uid;
}
