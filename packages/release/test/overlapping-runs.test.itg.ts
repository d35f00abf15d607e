import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Logger, type Release, silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { applyRelease, destroyFormation, type PreparedRelease, prepareRelease } from '../src/index.ts';
import { withLock } from '../src/records/lock.ts';
import { clock, never } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const run = () => ({ client, clock, signal: never, logger: silentLogger });

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const objects = [configMap('a', { v: '1' }), configMap('b', { v: '1' }), claim];

/** A deploy that compares, then lets something else happen, then applies. */
async function deployAround(
  namespace: string,
  between: (waitsForLock: Promise<void>) => Promise<unknown>,
): Promise<{ readonly release: Release; readonly comparisons: number }> {
  const request = requestFor(namespace, objects);
  let comparisons = 0;
  const prepare = async (with_: ClusterClient): Promise<PreparedRelease> => {
    comparisons += 1;
    return await prepareRelease({ client: with_, request });
  };
  const prepared = await prepare(client);
  const waiting = Promise.withResolvers<void>();
  await between(waiting.promise);
  const logger: Logger = {
    ...silentLogger,
    info(text) {
      if (text.startsWith('Waiting for the lock')) waiting.resolve();
    },
  };
  const options = { logger, prepared, prepareAgain: prepare, lockTimeout: 20_000, timeout: 20_000 };
  const release = await applyRelease({ ...run(), ...options, onRecorded: () => {} });
  return { release, comparisons };
}

async function present(namespace: string): Promise<string[]> {
  const lists = ['ConfigMap', 'PersistentVolumeClaim'].map(kind =>
    client.listMetadata({ apiVersion: 'v1', kind, namespace }),
  );
  const names = (await Promise.all(lists)).flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
  return names.filter(name => name !== 'kube-root-ca.crt').sort();
}

const remove = (namespace: string, name: string) =>
  client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });

describe('a deploy that compared before', () => {
  it.each<[string, (namespace: string) => (waitsForLock: Promise<void>) => Promise<unknown>]>([
    [
      'a destroy that left something',
      namespace => () =>
        destroyFormation({
          ...run(),
          identity: requestFor(namespace, []).identity,
          holder: 'a test',
          timeout: 5_000,
        }),
    ],
    ['a destroy that stopped on its way', namespace => () => remove(namespace, 'a')],
    [
      'a run that holds the lock and removes something',
      namespace => async waitsForLock => {
        const held = Promise.withResolvers<void>();
        const owner = requestFor(namespace, []).identity;
        const holding = withLock({ ...run(), owner, holder: 'another', timeout: 1_000 }, async () => {
          held.resolve();
          await waitsForLock;
          await remove(namespace, 'b');
        });
        await held.promise;
        void holding;
      },
    ],
  ])('%s compares again and writes what is missing', async (what, between) => {
    const namespace = await createNamespace(client, what.replaceAll(' ', '-').slice(0, 40));
    await deploy(client, requestFor(namespace, objects));
    const { comparisons } = await deployAround(namespace, between(namespace));
    expect(comparisons).toBe(2);
    expect(await present(namespace)).toEqual(['a', 'b', 'data']);
  });

  it('nothing that happened does not compare again', async () => {
    const namespace = await createNamespace(client, 'calm');
    await deploy(client, requestFor(namespace, objects));
    expect((await deployAround(namespace, async () => {})).comparisons).toBe(1);
  });
});
