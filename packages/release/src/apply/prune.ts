import type { ClusterClient } from '@slipway/cluster';
import type { Logger, RecordedObject, Release } from '@slipway/core';
import { type ObjectReference, objectKey } from '@slipway/kubernetes';
import { assertNotInSteps } from '../records/in-steps.ts';
import { narrowInventory } from '../records/inventory.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { neededVersions } from '../records/needed-versions.ts';
import { changeRecord, readLatestNumber, readRelease } from '../records/records.ts';
import type { Allow } from '../request.ts';
import { type Patience, removeForGood } from './remove.ts';
import { settleReplicas } from './settle-replicas.ts';

export interface PruneOptions extends Omit<LockOptions, 'owner'>, Patience {
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
}

/**
 * Deletes what left the formation, once its release has succeeded, under the formation's lock. Does nothing if a newer release
 * exists, if the release was not written completely, or has `prune: off`. What finalizers keep stays recorded as pending.
 * @returns what was deleted and is gone
 */
export async function pruneAfterSuccess(options: PruneOptions): Promise<ObjectReference[]> {
  const { release } = options;
  if (!hasLeftovers(release)) return [];
  return await withLock({ ...options, owner: release }, async client => {
    if ((await readLatestNumber(client, release)) !== release.number) return [];
    // Read again, since another run may have changed the record while this one waited.
    const now = await readRelease(client, release, release.number);
    return hasLeftovers(now) ? await prunePending(client, now, options) : [];
  });
}

function hasLeftovers({ applied, prune, pruned, pending = [] }: Release): boolean {
  return applied !== undefined && prune !== 'off' && pruned !== true && pending.length > 0;
}

export interface PendingOptions extends Patience {
  readonly repository: string;
  readonly logger: Logger;
  /** What the formation's file allows, if it is available: anyone who can edit the namespace can edit the record. */
  readonly allow?: Allow | undefined;
}

/** Like `pruneAfterSuccess`, for callers that hold the lock. */
export async function prunePending(
  client: ClusterClient,
  release: Release,
  { repository, logger, allow = release.allow ?? {}, ...patience }: PendingOptions,
  staying: readonly ObjectReference[] = [],
): Promise<ObjectReference[]> {
  assertNotInSteps(release);
  // An empty release is more likely a mistake than the intention to delete everything.
  if (release.objects.length === 0) return [];
  const kept = new Set([...release.objects, ...staying].map(objectKey));
  const leaving = (release.pending ?? []).filter(object => !kept.has(objectKey(object)));
  const needed = await neededVersions(client, release, leaving, logger);
  const isNeeded = (object: RecordedObject): boolean => needed.has(objectKey(object));
  const { removed, left: refused } = await removeForGood(
    { client, release, allow, logger },
    leaving.filter(object => !isNeeded(object)),
    patience,
  );
  const left = [...leaving.filter(isNeeded), ...refused];
  const gone = leaving.filter(object => !left.includes(object));
  await settleReplicas(gone, { ...patience, client, release, repository, logger });
  const { application, formation, destination, namespace } = release;
  const identity = { application, formation, destination, namespace, repository };
  await narrowInventory(client, identity, [...release.objects, ...staying, ...left]);
  await changeRecord(client, release, recorded => ({ ...recorded, pruned: true, pending: left }));
  return removed;
}
