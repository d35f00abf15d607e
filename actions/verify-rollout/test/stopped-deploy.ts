import type { ClusterClient } from '@slipway/cluster';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type DeployOptions, deployObjects } from '@slipway/testkit/releases';

export type Stop = 'refusal' | 'lost lock' | 'kill before the write' | 'kill after the write' | 'cancel';

class Killed extends Error {}

/** The lock counts as lost after 20 s without a renewal. */
const UNRENEWED = 25_000;

/** A deploy that ends in this way at the write of the object of this name, and the lock of one that cannot release it. */
export async function stoppedDeploy(
  client: ClusterClient,
  options: Pick<DeployOptions, 'namespace' | 'snapshot'>,
  objects: readonly KubernetesObject[],
  { stop, at }: { readonly stop: Stop; readonly at: string },
): Promise<void> {
  const cancel = new AbortController();
  let [dead, late] = [false, 0];
  const mortal =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (dead) throw new Killed();
      return await method(...args);
    };
  const stoppingAt = (inner: ClusterClient): ClusterClient => ({
    ...inner,
    create: mortal(inner.create),
    update: mortal(inner.update),
    patch: mortal(inner.patch),
    delete: mortal(inner.delete),
    get: mortal(inner.get),
    within: limit => stoppingAt(inner.within(limit)),
    apply: mortal(async (object, options) => {
      const isStop = options.dryRun !== true && object.metadata.name.startsWith(at);
      if (!isStop) return await inner.apply(object, options);
      if (stop === 'refusal') throw new SlipwayError({ code: 'cluster-refused', message: `no ${at} today` });
      dead = stop.startsWith('kill');
      if (stop === 'kill before the write') throw new Killed();
      const applied = await inner.apply(object, options);
      if (stop === 'kill after the write') throw new Killed();
      if (stop === 'lost lock') late = UNRENEWED;
      if (stop === 'cancel') cancel.abort(new Error('cancelled'));
      return applied;
    }),
  });
  const clock = (): Date => new Date(Date.now() + late);
  const failure = await deployObjects(
    stoppingAt(client),
    { ...options, clock, signal: cancel.signal },
    objects,
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) throw new Error(`the deploy was not stopped at ${at}`);
}

/** As after the 30 s in which a dead run did not renew it. */
export async function expireLock(client: ClusterClient, namespace: string): Promise<void> {
  await client.delete({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace,
    name: 'slipway.shop.staging',
  });
}
