import type { ClusterClient } from '@slipway/cluster';
import { type FoundFormation, findFormation } from '../formation/find-formation.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** Opens the cluster of a formation that is released already, does the work, and closes the cluster again. */
export async function withFormation<Result>(
  choice: FormationChoice,
  surroundings: DeliverySurroundings,
  work: (found: FoundFormation, client: ClusterClient) => Promise<Result>,
): Promise<Result> {
  const found = await findFormation(choice, surroundings);
  const client = await surroundings.openCluster(clusterOf(found));
  try {
    return await work(found, client);
  } finally {
    client.close();
  }
}

/** What is known of the destination whose cluster is to be opened. */
export function clusterOf({ identity, checkout }: FoundFormation): {
  readonly name: string | undefined;
  readonly context: string;
} {
  return { name: identity.destination, context: checkout?.destination.context ?? '' };
}
