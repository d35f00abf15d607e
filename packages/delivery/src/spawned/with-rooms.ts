import type { ClusterClient } from '@slipway/cluster';
import { throwIfAny } from '@slipway/core';
import { listRooms, type Rooms, serverProblems } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import { clusterOf } from '../modes/with-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { formOf } from './spawning-targets.ts';

/**
 * Looks which instances of a spawned formation are at a destination, and does work with each look, before the cluster is closed.
 * @throws SlipwayError `cluster-…`, `server-differs`
 */
export async function withRooms<Result>(
  target: FoundFormation,
  { openCluster }: Pick<DeliverySurroundings, 'openCluster'>,
  work: (rooms: Rooms, client: ClusterClient) => Promise<Result>,
): Promise<Result> {
  const { application, formation: from, namespace } = target.identity;
  const client = await openCluster(clusterOf(target));
  try {
    throwIfAny(serverProblems(client, { server: target.checkout?.destination.cluster?.server }));
    return await work(await listRooms(client, { application, from, namespace }, formOf(target)), client);
  } finally {
    client.close();
  }
}
