import type { ClusterClient } from '@slipway/cluster';
import { throwIfAny } from '@slipway/core';
import { serverProblems } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import { checkRecorded } from '../guard/recorded-destination.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/**
 * Opens the cluster of a formation that is released already, does the work, and closes the cluster again.
 * @param admit decides whether anything is read of it at all
 * @throws SlipwayError `server-differs` before anything is asked of the cluster, `destination-differs` before anything is written
 */
export async function withFormation<Result>(
  found: FoundFormation,
  surroundings: DeliverySurroundings,
  work: (client: ClusterClient) => Promise<Result>,
  admit?: (client: ClusterClient) => Promise<void>,
): Promise<Result> {
  const client = await surroundings.openCluster(clusterOf(found));
  try {
    throwIfAny(serverProblems(client, { server: found.checkout?.destination.cluster?.server }));
    await admit?.(client);
    await checkRecorded(client, found);
    return await work(client);
  } finally {
    client.close();
  }
}

/** What is known of the destination whose cluster is to be opened. */
export function clusterOf({ identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>): {
  readonly name: string | undefined;
  readonly context: string;
} {
  return { name: identity.destination, context: checkout?.destination.context ?? '' };
}
