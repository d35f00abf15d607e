import { expect, it } from '@jest/globals';
import { type Release, silentLogger } from '@slipway/core';
import { isTerminating, type ObjectReference } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, recordOf, requestFor } from '@slipway/testkit/releases';
import { closeRelease, pruneAfterSuccess, rollBack } from '../src/index.ts';
import { clock, never } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const held = (namespace: string): ObjectReference => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  ...{ namespace, name: 'held' },
});

const hold = (namespace: string): Promise<unknown> =>
  client.patch(held(namespace), { metadata: { finalizers: ['example.org/hold'] } });
const letGo = (namespace: string): Promise<unknown> =>
  client.patch(held(namespace), { metadata: { finalizers: null } });

const STAYS = (namespace: string): string =>
  `ConfigMap ${namespace}/held is being deleted, but its finalizers keep it: "example.org/hold"; it stays recorded, and the next prune looks at it again`;

/** Notes what a run says, with the time that deletions may take. */
function listening(mostForDeletion: number) {
  const said: string[] = [];
  const note = (line: string): void => void said.push(line);
  const logger = { ...silentLogger, info: note, warning: note };
  return { said, run: { client, clock, signal: never, logger, mostForDeletion, repository: 'acme/shop' } };
}

/** Prunes a release that succeeded. */
async function prune(release: Release, mostForDeletion = 5_000) {
  const { said, run } = listening(mostForDeletion);
  const closed = await closeRelease(client, release, 'succeeded', clock);
  const pruned = await pruneAfterSuccess({ ...run, release: closed, holder: 'a test', timeout: 5_000 });
  return { said, removed: pruned.map(({ name }) => name) };
}

const pendingOf = async (namespace: string, number: number): Promise<unknown> =>
  (await recordOf(client, namespace, number)).pending?.map(({ name }) => name);

const release = async (namespace: string, ...names: string[]): Promise<Release> => {
  const objects = names.map(name => configMap(name, {}));
  return (await deploy(client, requestFor(namespace, objects))).release;
};

it('an object that a finalizer keeps is not said to be removed, and is looked at by each prune until it is gone', async () => {
  const namespace = await createNamespace(client, 'held-prune');
  await prune(await release(namespace, 'settings', 'held', 'leaving'));
  await hold(namespace);
  const first = await prune(await release(namespace, 'settings'), 300);
  expect(first.removed).toEqual(['leaving']);
  expect(first.said).toEqual([STAYS(namespace), `Deleted ConfigMap ${namespace}/leaving`]);
  expect(await pendingOf(namespace, 2)).toEqual(['held']);

  // It had its time: no later release waits for it, however long it may.
  const second = await prune(await release(namespace, 'settings'), 3_600_000);
  expect(second).toEqual({ removed: [], said: [STAYS(namespace)] });
  expect(await pendingOf(namespace, 3)).toEqual(['held']);

  await letGo(namespace);
  expect(await prune(await release(namespace, 'settings'))).toEqual({ removed: [], said: [] });
  expect(await pendingOf(namespace, 4)).toEqual([]);
});

it('an object that goes while a prune waits for it was removed', async () => {
  const namespace = await createNamespace(client, 'held-goes');
  await prune(await release(namespace, 'settings', 'held'));
  await hold(namespace);
  const second = await release(namespace, 'settings');
  const pruning = prune(second, 3_600_000);
  await until(async () =>
    [await client.get(held(namespace))].some(live => live !== undefined && isTerminating(live)),
  );
  await letGo(namespace);
  expect(await pruning).toEqual({ removed: ['held'], said: [`Deleted ConfigMap ${namespace}/held`] });
  expect(await pendingOf(namespace, 2)).toEqual([]);
});

it('what a failed release added and a finalizer keeps is left by its rollback, until a prune finds it gone', async () => {
  const namespace = await createNamespace(client, 'held-rollback');
  await prune(await release(namespace, 'settings'));
  const failed = await release(namespace, 'settings', 'held');
  await hold(namespace);
  const { said, run } = listening(300);
  const restored = await rollBack({
    ...{ ...run, release: failed, actor: 'someone', run: '', reason: 'it failed' },
    ...{ lockTimeout: 5_000, timeout: 20_000 },
  });
  expect(said).toContain(STAYS(namespace));
  expect(said).not.toContain(`Deleted ConfigMap ${namespace}/held`);
  expect(restored?.pending?.map(({ name }) => name)).toEqual(['held']);
  await letGo(namespace);
});
