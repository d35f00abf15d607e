import type { ClusterClient } from '@slipway/cluster';
import {
  defined,
  formatProblem,
  type InstanceStatus,
  type InstancesStatus,
  inParallel,
  SlipwayError,
  type StatusState,
} from '@slipway/core';
import { type Room, readNote } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import { withRooms } from '../spawned/with-rooms.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type StatusSurroundings = Pick<DeliverySurroundings, 'openCluster' | 'signal'>;

/** How many notes are read at a time. */
const CONCURRENCY = 8;

/** Which instances of a spawned formation are at a destination, and what each runs; or why that is not known. */
export async function instancesStatus(
  target: FoundFormation,
  surroundings: StatusSurroundings,
): Promise<InstancesStatus> {
  const { formation, destination = '', namespace } = target.identity;
  const atMost = target.checkout?.formation.spec.spawn?.['at-most'] ?? 0;
  const place = { formation, destination, namespace, atMost };
  try {
    return await withRooms(target, surroundings, async ({ rooms, broken }, client) => ({
      ...place,
      instances: await inParallel(rooms, room => statusOf(room, client, surroundings), CONCURRENCY),
      ...(broken.length === 0 ? {} : { broken: broken.map(({ metadata }) => metadata.name) }),
    }));
  } catch (error) {
    return { ...place, unknown: reasonsOf(error, surroundings) };
  }
}

/** The state of a look at instances alone: whatever is not known of them makes it unknown, and a room that says nothing is not known. */
export function stateOfInstances(places: readonly InstancesStatus[]): StatusState {
  const isKnown = places.every(
    ({ unknown, broken = [], instances = [] }) =>
      unknown === undefined && broken.length === 0 && instances.every(one => one.unknown === undefined),
  );
  return isKnown ? 'fine' : 'unknown';
}

/** What is noted of an instance can be written by anyone who may change Leases, as its room can. */
async function statusOf(
  room: Room,
  client: ClusterClient,
  surroundings: StatusSurroundings,
): Promise<InstanceStatus> {
  const { formation: instance, key, pull, repository, created, expires, isEnding, url } = room;
  const seen = {
    ...{ instance, key, repository, created: created.toISOString(), expires: expires.toISOString() },
    ...defined({ pull, isEnding, url }),
  };
  try {
    const note = await readNote(client, room);
    if (note === undefined) return seen;
    const { number: release, deploymentTag, deployed, verdict } = note;
    return {
      ...seen,
      live: { release, ...defined({ deploymentTag, since: deployed || undefined, verdict }) },
    };
  } catch (error) {
    return { ...seen, unknown: reasonsOf(error, surroundings) };
  }
}

function reasonsOf(error: unknown, { signal }: StatusSurroundings): string[] {
  signal.throwIfAborted();
  if (!(error instanceof SlipwayError)) throw error;
  return error.problems.map(formatProblem);
}
