import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, inParallel, SlipwayError } from '@slipway/core';
import { type Room, type Rooms, serverTime } from '@slipway/release';
import { endInstance } from '../instances/end-instance.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { judgeRooms } from './ended-rooms.ts';
import type { Pulls } from './pulls.ts';

export interface MakeRoomOptions {
  readonly client: ClusterClient;
  readonly pulls: Pulls;
  /** Milliseconds for all that are removed together. */
  readonly lockTimeout: number;
  readonly surroundings: Pick<DeliverySurroundings, 'run' | 'clock' | 'signal' | 'logger'>;
}

/** Most of the time they wait for objects to be gone. */
const CONCURRENCY = 16;

/**
 * Removes the oldest of those that are over, as a sweep would, until there is room for one more. Those whose removal had begun are waited
 * for together with the first of them, so that one that never goes takes no time of its own.
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
  const deadline = clock().getTime() + lockTimeout;
  let over = judged.filter(({ isOver }) => isOver);
  while (taken >= atMost && over.length > 0) {
    const begun = over.filter(({ room }) => room.isEnding === true);
    const next = over.filter(({ room }) => room.isEnding !== true).slice(0, taken - atMost + 1);
    const ended = await inParallel(
      [...begun, ...next],
      async ({ room, why }) => {
        logger.info(`Removing ${room.application}/${room.formation} to make room: ${why}`);
        const left = Math.max(0, deadline - clock().getTime());
        return await isEnded(room, { client, lockTimeout: left, surroundings });
      },
      CONCURRENCY,
    );
    taken -= ended.filter(Boolean).length;
    over = over.filter(one => !begun.includes(one) && !next.includes(one));
    if (clock().getTime() >= deadline) break;
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
