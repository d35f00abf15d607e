import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { quote, SlipwayError } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { roomBinding, roomFence } from '@slipway/release';
import type { Spawned } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { isCounted } from '../spawned/await-room.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

const LOOK_EVERY = 200;

/**
 * Puts the fence into the namespace of an instance, waits until its quota counts, and gives it to the tenant last: until then no one can
 * do anything in it.
 * @param timeout milliseconds
 * @throws SlipwayError `room-not-ready` if the quota does not count in that time
 */
export async function furnish(
  client: ClusterClient,
  namespace: string,
  block: Spawned['block'],
  { timeout, clock, signal }: { readonly timeout: number } & Pick<DeliverySurroundings, 'clock' | 'signal'>,
): Promise<void> {
  for (const object of roomFence(namespace, block)) await put(client, object);
  const deadline = clock().getTime() + timeout;
  while (!(await isCounted(client, namespace))) {
    if (clock().getTime() >= deadline) throw uncounted(namespace);
    await sleep(LOOK_EVERY, undefined, { signal });
  }
  await put(client, roomBinding(namespace, block));
}

/** Creates an object, or makes what there is of it as it should be. */
async function put(client: ClusterClient, object: KubernetesObject): Promise<void> {
  const live = await client.get(referenceTo(object));
  if (live === undefined) await client.create(object, { fieldManager: 'slipway-room' });
  else if (!isAsMeant(live, object)) await client.update(object, { fieldManager: 'slipway-room' });
}

function isAsMeant(live: KubernetesObject, object: KubernetesObject): boolean {
  const fields = ['spec', 'roleRef', 'subjects'] as const;
  return fields.every(field => isDeepStrictEqual(live[field], object[field]));
}

function uncounted(namespace: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'room-not-ready',
    message: `the namespace ${quote(namespace)} of the instance was not ready in time: its quota does not count yet`,
    remedy: 'look whether the kube-controller-manager of the cluster works, and run the job again',
  });
}
