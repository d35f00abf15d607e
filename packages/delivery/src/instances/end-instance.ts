import type { ClusterClient } from '@slipway/cluster';
import { quote, SlipwayError } from '@slipway/core';
import {
  beginEnding,
  type Destroyed,
  destroyFormation,
  forgetLeftovers,
  leaveRoom,
  type ReleaseIdentity,
  type Room,
  readRoom,
} from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { endNamespace } from './end-namespace.ts';

export interface EndOptions {
  readonly client: ClusterClient;
  /** As it was when its end was decided. */
  readonly room: Room;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

/**
 * Removes an instance: its objects in reverse order, its volumes, its records, and last its room, so that whatever a killed run leaves
 * is found again. One that has a namespace of its own goes with that. Nothing is removed of one that another run has taken on since.
 * @throws SlipwayError `spawn-renewed`, and as `destroyFormation`
 */
export async function endInstance(
  { client, room, lockTimeout }: EndOptions,
  { run, clock, signal, logger }: Pick<DeliverySurroundings, 'run' | 'clock' | 'signal' | 'logger'>,
): Promise<Destroyed> {
  if (room.form === 'create') {
    const ended = await endNamespace({ client, room, timeout: lockTimeout }, { clock, signal, logger });
    if (ended !== undefined) return ended;
    throw renewed(room, await readRoom(client, room, room.form));
  }
  const { application, formation, namespace, destination, repository } = room;
  const identity = { application, formation, namespace, destination, repository };
  let ending: Room | undefined;
  const destroyed = await destroyFormation({
    ...{ client, identity, clock, signal, logger, allow: {}, volumes: 'deleted' },
    holder: run.url || 'slipway',
    timeout: lockTimeout,
    async onLocked(locked) {
      ending = await beginEnding(locked, room);
      if (ending === undefined) throw renewed(room, await readRoom(locked, room));
    },
    onGone: locked => forgetLeftovers(locked, room),
  });
  if (destroyed.left.length === 0 && ending !== undefined) await leaveRoom(client, ending);
  return destroyed;
}

/** Removes what there is of an instance without a room: nothing, or what is left since someone deleted its Lease. */
export async function endStray(
  { client, identity, lockTimeout }: Omit<EndOptions, 'room'> & { readonly identity: ReleaseIdentity },
  { run, clock, signal, logger }: Pick<DeliverySurroundings, 'run' | 'clock' | 'signal' | 'logger'>,
): Promise<Destroyed> {
  return await destroyFormation({
    ...{ client, identity, clock, signal, logger, allow: {}, volumes: 'deleted' },
    holder: run.url || 'slipway',
    timeout: lockTimeout,
    onGone: locked => forgetLeftovers(locked, identity),
  });
}

function renewed({ formation }: Room, live: Room | undefined): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'spawn-renewed',
    message: `the instance ${quote(formation)} ${live === undefined ? 'was removed by another run' : 'was deployed again'} meanwhile, so this run removes nothing of it`,
    remedy: 'nothing has to be done; the next sweep looks at it again',
  });
}
