import { expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import { PART_OF } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { destroyFormation } from '../src/index.ts';
import { clock, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const NAMES = ['plain', 'kept', 'taken', 'foreign', 'gone', 'other', 'last'];

it('a removal of many objects sees by its lists what was edited, replaced, removed, and what a finalizer keeps', async () => {
  const namespace = await createNamespace(client, 'listed');
  const request = requestFor(
    namespace,
    NAMES.map(name => configMap(name, { name })),
  );
  await deploy(client, request);
  const reference = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  const change = async (name: string, metadata: object): Promise<void> => {
    await client.patch(reference(name), { metadata } as never);
  };
  await change('kept', { finalizers: ['example.com/keep'] });
  await change('taken', { labels: { [PART_OF]: null } });
  await client.delete(reference('gone'));
  await client.delete(reference('foreign'));
  await client.create({ ...configMap('foreign', {}), metadata: { name: 'foreign', namespace } });

  const reads: string[] = [];
  const counted: typeof client = {
    ...client,
    get: asked => {
      if (asked.kind === 'ConfigMap') reads.push(asked.name);
      return client.get(asked);
    },
  };
  const { removed, left, problems } = await destroyFormation({
    ...{ client: counted, identity: request.identity, holder: 'a', clock, signal: never },
    ...{ logger: silentLogger, timeout: 2_000 },
  });
  const names = (objects: readonly { readonly name: string }[]): string[] =>
    objects.map(({ name }) => name).sort();
  expect(names(removed)).toEqual(['last', 'other', 'plain']);
  expect(names(left)).toEqual(['kept', 'taken']);
  expect(problems.map(({ code }) => code)).toEqual(['object-stays']);
  expect(Object.keys(await snapshotOf(client, namespace)).filter(key => key.startsWith('ConfigMap'))).toEqual(
    ['ConfigMap foreign', 'ConfigMap kept', 'ConfigMap taken'],
  );
  // What the lists show is not read by its name.
  expect(reads).not.toContain('plain');
  expect(reads).not.toContain('other');
  expect(reads).not.toContain('last');
  await change('kept', { finalizers: null });
});
