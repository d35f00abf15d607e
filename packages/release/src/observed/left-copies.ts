import type { ClusterClient } from '@slipway/cluster';
import { isTerminating, PART_OF } from '@slipway/kubernetes';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { applySetId } from '../names.ts';
import { isLeftover } from '../plan/foreign-copies.ts';
import type { RecordOwner } from '../records/records.ts';

/**
 * The names of a formation's copies in the cluster, whatever its records say: one that was deleted leaves them with users that no run
 * looks at. Undefined if the credentials may not list Deployments.
 */
export async function readLeftCopies(
  client: Pick<ClusterClient, 'list'>,
  owner: RecordOwner,
): Promise<readonly string[] | undefined> {
  const { namespace } = owner;
  const set = applySetId(owner, namespace);
  const found = await unlessForbidden(
    client.list({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace },
      labelSelector: `${PART_OF}=${set}`,
    }),
  );
  return found?.items
    .filter(live => isLeftover(live, set) && !isTerminating(live))
    .map(({ metadata }) => metadata.name);
}
