import { isExpired, type Room } from '@slipway/release';
import type { PullSeen } from './pulls.ts';

/** Whether an instance is removed, and why, as the end of a sentence. */
export interface RoomVerdict {
  readonly isOver: boolean;
  readonly why: string;
}

/** Whether its pull request has to be asked about. */
export function isAsked(room: Room, now: Date): boolean {
  return room.pull !== undefined && room.isEnding !== true && !isExpired(room, now);
}

/**
 * What becomes of an instance. Only a plain answer that the pull request of this very repository is closed counts: whatever else is
 * answered, the instance stays until it expires.
 * @param seen undefined where it was not asked about
 */
export function roomVerdict(room: Room, now: Date, seen: PullSeen | undefined): RoomVerdict {
  if (room.isEnding === true) return over('its removal had begun');
  if (isExpired(room, now)) return over(`it expired at ${room.expires.toISOString()}`);
  const until = `until ${room.expires.toISOString()}`;
  if (room.pull === undefined || seen === undefined) return stays(`it stays ${until}`);
  const pull = `pull request ${room.pull}`;
  if (seen.state === 'unknown') return stays(`${pull} could not be seen (${seen.why}), so it stays ${until}`);
  if (seen.repositoryId !== room.repositoryId)
    return stays(`${pull} is of another repository by now, so it stays ${until}`);
  return seen.state === 'closed'
    ? over(`${pull} is closed`)
    : stays(`${pull} is open, and it stays ${until}`);
}

function over(why: string): RoomVerdict {
  return { isOver: true, why };
}

function stays(why: string): RoomVerdict {
  return { isOver: false, why };
}

/** How many of a number of instances one sweep removes by itself. */
export function mostRemoved(instances: number): number {
  return Math.max(5, Math.floor(instances / 3));
}
