import { inParallel } from '@slipway/core';
import { isOfRepository, type Room } from '@slipway/release';
import type { Run } from '../surroundings.ts';
import type { Pulls } from './pulls.ts';
import { isAsked, type RoomVerdict, roomVerdict } from './room-verdict.ts';

/** How many pull requests are asked about at a time. */
const CONCURRENCY = 4;

/** A room with what becomes of it. */
export interface JudgedRoom extends RoomVerdict {
  readonly room: Room;
}

export interface JudgeOptions {
  readonly now: Date;
  readonly pulls: Pulls;
  /** Whose rooms may be removed. */
  readonly run: Pick<Run, 'repository' | 'server'>;
}

/** Looks which instances are over, and asks about no more pull requests than that takes. Rooms of another repository stay. */
export async function judgeRooms(
  rooms: readonly Room[],
  { now, pulls, run }: JudgeOptions,
): Promise<JudgedRoom[]> {
  return await inParallel(
    rooms,
    async room => {
      if (!(await isOwn(room, run, pulls)))
        return { room, isOver: false, why: `it belongs to the repository ${room.repository}` };
      const seen = room.pull !== undefined && isAsked(room, now) ? await pulls.look(room.pull) : undefined;
      return { room, ...roomVerdict(room, now, seen) };
    },
    CONCURRENCY,
  );
}

/** A repository that was renamed has its number still, which is asked for only then. */
async function isOwn(
  room: Room,
  { repository, server }: JudgeOptions['run'],
  pulls: Pulls,
): Promise<boolean> {
  if (room.server !== undefined && room.server !== server) return false;
  const { repositoryId: _, ...byName } = room;
  if (isOfRepository(byName, { repository })) return true;
  const repositoryId = await pulls.repositoryId();
  return repositoryId !== undefined && repositoryId === room.repositoryId;
}
