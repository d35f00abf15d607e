import type { ClusterClient } from '@slipway/cluster';
import { inParallel } from '@slipway/core';
import { APPLICATION, FORMATION, referenceTo } from '@slipway/kubernetes';
import { asRead } from '../objects/identity.ts';
import type { RecordOwner } from '../records/records.ts';

/**
 * Deletes the Secrets of a formation's own that no record leads to, such as parts of one that was never written, since the run was killed.
 * It is called with the lock, once nothing else of it is left.
 */
export async function forgetLeftovers(client: ClusterClient, owner: RecordOwner): Promise<void> {
  const { application, formation, namespace } = owner;
  const labelSelector = `${APPLICATION}=${application},${FORMATION}=${formation},!applyset.kubernetes.io/part-of`;
  const { items } = await client.listMetadata({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector });
  const own = items.filter(({ metadata }) => metadata.name.startsWith(`slipway.${application}.${formation}`));
  await inParallel(own, item => client.delete({ ...referenceTo(item), namespace }, asRead(item)));
}
