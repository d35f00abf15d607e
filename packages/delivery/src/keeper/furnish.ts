import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { quote, SlipwayError } from '@slipway/core';
import { type KubernetesObject, referenceTo, textAt } from '@slipway/kubernetes';
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
 * @throws SlipwayError `room-not-ready` if the quota does not count in that time, `room-unfurnished` if a part of the fence is refused
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
  try {
    const live = await client.get(referenceTo(object));
    if (live === undefined) await client.create(object, { fieldManager: 'slipway-room' });
    else if (!isAsMeant(live, object)) await client.update(object, { fieldManager: 'slipway-room' });
  } catch (error) {
    const isRefusal =
      error instanceof SlipwayError && ['cluster-refused', 'cluster-forbidden'].includes(error.code);
    throw isRefusal ? unfurnished(object, error) : error;
  }
}

function isAsMeant(live: KubernetesObject, object: KubernetesObject): boolean {
  const fields = ['spec', 'roleRef', 'subjects'] as const;
  return fields.every(field => isDeepStrictEqual(live[field], object[field]));
}

/** What the block asks for and what the fence allows are in two files, which only the cluster compares. */
function unfurnished(object: KubernetesObject, cause: SlipwayError): SlipwayError<DeliveryErrorCode> {
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const said = cause.problems.map(({ message }) => message).join('; ');
  return new SlipwayError(
    {
      code: 'room-unfurnished',
      message: `the namespace ${quote(namespace)} of the instance stays without a part of its fence: the cluster refused its ${object.kind}: ${said}`,
      remedy:
        'make the ConfigMap of examples/roles/spawner.yaml and the spawn block agree in quota and tenant, and run the job again, which goes on with that namespace; "mode: destroy" removes it',
    },
    { cause },
  );
}

function uncounted(namespace: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'room-not-ready',
    message: `the namespace ${quote(namespace)} of the instance was not ready in time: its quota does not count yet`,
    remedy: 'look whether the kube-controller-manager of the cluster works, and run the job again',
  });
}
