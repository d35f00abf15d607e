import { defined, type Release, throwIfAny } from '@slipway/core';
import {
  type Destroyed,
  destroyFormation,
  isOfRepository,
  type Room,
  readRoom,
  roomForeign,
  serverProblems,
} from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { spawnedOf } from '../formation/with-instance.ts';
import { confirmed } from '../guard/confirmed.ts';
import { endInstance, endStray } from '../instances/end-instance.ts';
import type { DestroyRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Removed, recordRemoval } from './record-removal.ts';
import { clusterOf, withFormation } from './with-formation.ts';

export interface DestroyedFormation extends Destroyed {
  readonly identity: FoundFormation['identity'];
  /** The room of an instance, which is given back if nothing is left. */
  readonly room?: Room | undefined;
}

/**
 * Removes a formation from its cluster, and nothing else; the registry notes it.
 * @throws SlipwayError `confirmation-missing` before the cluster is opened
 */
export async function destroyFormationOf(
  request: DestroyRequest,
  surroundings: DeliverySurroundings,
): Promise<DestroyedFormation> {
  const found = await findReleased(request, surroundings);
  const { identity, checkout } = found;
  confirmed(request.confirm, identity, 'removing');
  if (spawnedOf(found) !== undefined) return await destroyInstance(found, request, surroundings);
  const { run, clock, signal, logger } = surroundings;
  const { reason } = request;
  return await withFormation(found, surroundings, async client => {
    let stoppedAt: Release | undefined;
    try {
      const destroyed = await destroyFormation({
        ...{ client, identity, clock, signal, logger },
        allow: checkout && (checkout.formation.spec.allow ?? {}),
        holder: run.url || 'slipway',
        timeout: request.lockTimeout,
        onStopped: newest => {
          stoppedAt = newest;
        },
      });
      const { at, newest, left, isUnknown } = destroyed;
      const removed = { at, reason, newest, isIncomplete: left.length > 0 };
      if (!isUnknown) await recordRemoval(found, removed, surroundings);
      return { ...destroyed, identity };
    } catch (error) {
      if (stoppedAt !== undefined)
        await recordStopped(
          found,
          { at: clock(), reason, newest: stoppedAt, isIncomplete: true },
          surroundings,
        );
      throw error;
    }
  });
}

/** As a sweep removes one, whatever has become of its pull request. */
async function destroyInstance(
  found: FoundFormation,
  { lockTimeout }: DestroyRequest,
  surroundings: DeliverySurroundings,
): Promise<DestroyedFormation> {
  const { identity } = found;
  if (spawnedOf(found)?.block.form === 'create')
    return await destroyNamespace(found, lockTimeout, surroundings);
  return await withFormation(found, surroundings, async client => {
    const room = await readRoom(client, identity);
    const { repository } = identity;
    if (room !== undefined && !isOfRepository({ repository: room.repository }, { repository }))
      throw roomForeign(room);
    const destroyed =
      room === undefined
        ? await endStray({ client, identity, lockTimeout }, surroundings)
        : await endInstance({ client, room, lockTimeout }, surroundings);
    return { ...destroyed, identity, ...defined({ room }) };
  });
}

/** The login that does it may read nothing in the namespace, so that only its marks say whose it is. */
async function destroyNamespace(
  found: FoundFormation,
  lockTimeout: number,
  surroundings: DeliverySurroundings,
): Promise<DestroyedFormation> {
  const { identity, checkout } = found;
  const client = await surroundings.openCluster(clusterOf(found));
  try {
    throwIfAny(serverProblems(client, { server: checkout?.destination.cluster?.server }));
    const room = await readRoom(client, identity, 'create');
    if (room === undefined)
      return { removed: [], left: [], problems: [], isUnknown: true, at: surroundings.clock(), identity };
    const { repository } = identity;
    if (
      room.server !== surroundings.run.server ||
      !isOfRepository({ repository: room.repository }, { repository })
    )
      throw roomForeign(room);
    return { ...(await endInstance({ client, room, lockTimeout }, surroundings)), identity, room };
  } finally {
    client.close();
  }
}

/** Why the removal stopped is what is reported, whatever becomes of this. */
async function recordStopped(
  found: FoundFormation,
  removed: Removed,
  surroundings: DeliverySurroundings,
): Promise<void> {
  try {
    await recordRemoval(found, removed, surroundings);
  } catch (error) {
    surroundings.logger.warning(
      `Whether the registry knows that the removal stopped is not known: ${String(error)}`,
    );
  }
}
