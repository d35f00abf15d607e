import type { Rooms } from '@slipway/release';

/** How many have room before an instance, which has none yet or is one of them. */
export function rankOf(instance: string, { rooms, broken }: Rooms): number {
  const own = rooms.findIndex(({ formation }) => formation === instance);
  return broken.length + (own === -1 ? rooms.length : own);
}
