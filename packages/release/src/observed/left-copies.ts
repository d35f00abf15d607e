import type { ClusterClient } from '@slipway/cluster';
import { annotationOf, isTerminating, type KubernetesObject, PART_OF, WAY_HOME } from '@slipway/kubernetes';
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

/** The names of the copies among the metadata of a formation's objects: nothing else has the commands that take users off it. */
export function copiesAmong(members: readonly KubernetesObject[]): readonly string[] {
  return members
    .filter(live => annotationOf(live, WAY_HOME) !== undefined && !isTerminating(live))
    .map(({ metadata }) => metadata.name);
}

/** The names of a formation's copies by their metadata; undefined if the credentials may not list Deployments. */
export async function listCopies(
  client: Pick<ClusterClient, 'listMetadata'>,
  owner: RecordOwner,
): Promise<readonly string[] | undefined> {
  const { namespace } = owner;
  const labelSelector = `${PART_OF}=${applySetId(owner, namespace)}`;
  const query = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, labelSelector };
  const found = await unlessForbidden(client.listMetadata(query));
  return found && copiesAmong(found.items);
}

/** What to do about copies that no open release has. */
export function leftCopiesRemedy(namespace: string, names: readonly string[]): string {
  return `find out whether someone deleted the record of a release, and restore that Secret; or see that the Services send to stable, and remove it: kubectl --namespace ${namespace} delete deployment ${names.join(' ')}`;
}
