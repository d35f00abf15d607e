import { expect, it } from '@jest/globals';
import { type JsonObject, type Release, silentLogger, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { pruneAfterSuccess } from '@slipway/release';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { workload } from '@slipway/testkit/objects';
import { close, deployObjects } from '@slipway/testkit/releases';
import { watchAgain } from './watch-again.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);

const web = (replicas: number): KubernetesObject => {
  const object = workload('web');
  return { ...object, spec: { ...(object['spec'] as JsonObject), replicas } };
};

const autoscaler = (minReplicas: number, maxReplicas: number): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas,
    maxReplicas,
  },
});

const numberAt = async (namespace: string, ...path: readonly string[]): Promise<unknown> =>
  valueAt(
    (await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' })) ?? {},
    path,
  );

const numberOf = (namespace: string): Promise<unknown> => numberAt(namespace, 'spec', 'replicas');

const prune = async (release: Release): Promise<string[]> => {
  const run = { client, clock: () => new Date(), signal: new AbortController().signal, logger: silentLogger };
  const options = { ...run, release, repository: 'acme/shop', holder: 'a test', timeout: 5_000 };
  return (await pruneAfterSuccess(options)).map(({ kind }) => kind);
};

it.concurrent.each([
  ['more', 4, 6],
  ['fewer', 1, 1],
])(
  'an autoscaler that leaves with a release and sets %s replicas until it is pruned does not fail it, and then the manifest counts',
  async (name, least, most) => {
    const namespace = await createNamespace(client, `departed-${name}`);
    await close(client, await deployObjects(client, { namespace }, [web(2), autoscaler(least, most)]));
    // While it is being scaled it is unhealthy, and what was unhealthy before a release that does not write it is excused.
    await until(async () => (await numberAt(namespace, 'status', 'availableReplicas')) === least);
    const release = await deployObjects(client, { namespace }, [web(2)]);
    await until(async () => (await numberOf(namespace)) === least);
    const { verdict, objects } = await watchAgain(client, release);
    expect([verdict, objects[0]?.message]).toEqual([
      'succeeded',
      expect.stringContaining(`${least} of ${least} `),
    ]);
    expect(await numberOf(namespace)).toBe(least);
    expect(await prune(await close(client, release))).toEqual(['HorizontalPodAutoscaler']);
    expect(await numberOf(namespace)).toBe(2);
    expect(await watchAgain(client, release)).toMatchObject({ verdict: 'succeeded' });
  },
);
