import type { ClusterClient } from '@slipway/cluster';
import { inParallel, quote } from '@slipway/core';
import { type KubernetesObject, labelsOf, PART_OF } from '@slipway/kubernetes';
import { type StepsProblem, type StepWorkload, sharedSelectors } from '@slipway/steps';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { managerEntries } from '../objects/managed-fields.ts';

const KINDS = [
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
];

/** Which formation applied an object, by the name of its field manager. */
const MANAGER = /^slipway:(.+)$/;

/**
 * Other formations of the namespace whose Services or pods share selectors with workloads that go in steps: one would take the other's
 * pods for its own.
 * @param set that of the release's formation
 */
export async function otherFormations(
  client: Pick<ClusterClient, 'list'>,
  { namespace, set }: { readonly namespace: string; readonly set: string },
  workloads: readonly StepWorkload[],
): Promise<StepsProblem[]> {
  const lists = await inParallel(KINDS, async kind =>
    unlessForbidden(client.list({ ...kind, namespace, labelSelector: `${PART_OF},${PART_OF}!=${set}` })),
  );
  // The items of a list have no kind.
  const objects = lists.flatMap((list, index) =>
    (list?.items ?? []).map(item => ({ ...item, ...KINDS[index] }) as KubernetesObject),
  );
  const byOwner = Map.groupBy(objects, ownerOf);
  return [...byOwner].flatMap(([name, theirs]) => sharedSelectors(workloads, { name, objects: theirs }));
}

function ownerOf(object: KubernetesObject): string {
  const names = managerEntries(object).flatMap(({ name }) => MANAGER.exec(name)?.[1] ?? []);
  return names[0] ?? `another set (${PART_OF} ${quote(labelsOf(object)[PART_OF] ?? '')})`;
}
