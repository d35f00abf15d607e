import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, SlipwayError } from '@slipway/core';
import { type Room, type Rooms, serverTime } from '@slipway/release';
import { endInstance } from '../instances/end-instance.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { judgeRooms } from './ended-rooms.ts';
import type { Pulls } from './pulls.ts';

export interface MakeRoomOptions {
  readonly client: ClusterClient;
  readonly pulls: Pulls;
  /** Milliseconds. */
  readonly lockTimeout: number;
  readonly surroundings: Pick<DeliverySurroundings, 'run' | 'clock' | 'signal' | 'logger'>;
}

/**
 * Removes the oldest of those that are over, as a sweep would, until there is room for one more.
 * @returns whether there is
 */
export async function makeRoom(
  { rooms, broken }: Rooms,
  atMost: number,
  { client, pulls, lockTimeout, surroundings }: MakeRoomOptions,
): Promise<boolean> {
  const { run, clock, logger } = surroundings;
  let taken = rooms.length + broken.length;
  const now = await serverTime(client, clock);
  const judged = await judgeRooms(rooms, { now, pulls, run });
  for (const { room, why } of judged.filter(({ isOver }) => isOver)) {
    if (taken < atMost) return true;
    logger.info(`Removing ${room.application}/${room.formation} to make room: ${why}`);
    if (await isEnded(room, { client, lockTimeout, surroundings })) taken--;
  }
  return taken < atMost;
}

/** One that cannot be removed keeps its room, and the sweep says why. */
async function isEnded(
  room: Room,
  { surroundings, ...options }: Omit<MakeRoomOptions, 'pulls'>,
): Promise<boolean> {
  try {
    return (await endInstance({ ...options, room }, surroundings)).left.length === 0;
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    surroundings.logger.warning(error.problems.map(formatProblem).join('; '));
    return false;
  }
}
