import type { ClusterClient, DeleteOptions } from '@slipway/cluster';
import { type KubernetesObject, referenceTo, uidIfAny } from '@slipway/kubernetes';
import { asRead } from '../objects/identity.ts';
import { unlessCode } from './expected-errors.ts';

/**
 * Deletes a live object as it was read: a delete that arrives late must not remove what another run has made of the object. If it
 * has changed since, it is read and looked at again.
 * @param isMeant whether it is still to be deleted once it has changed; by default as long as it is the same object
 * @returns whether it was deleted, or is gone
 */
export async function deleteAsRead(
  client: ClusterClient,
  object: KubernetesObject,
  propagation: DeleteOptions['propagation'] = 'Background',
  isMeant: (live: KubernetesObject) => boolean = live => uidIfAny(live) === uidIfAny(object),
): Promise<boolean> {
  const reference = referenceTo(object);
  for (let live = object; ; ) {
    const isDeleted = await unlessCode('cluster-conflict', async () => {
      await client.delete(reference, { ...asRead(live), propagation });
      return true;
    });
    if (isDeleted === true) return true;
    const now = await client.get(reference);
    if (now === undefined) return true;
    if (!isMeant(now)) return false;
    live = now;
  }
}
