import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, silentLogger, textMap } from '@slipway/core';
import { type KubernetesObject, type ObjectReference, objectKey, referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  applyRelease,
  applySetId,
  closeRelease,
  listReleases,
  prepareRelease,
  pruneAfterSuccess,
  type ReleaseRequest,
  readRelease,
  rollBack,
} from '../src/index.ts';
import { clock, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

class Killed extends Error {}

/** A client whose process dies at its n-th write: before it is sent, or before its answer is read. Nothing is sent afterwards. */
function dying(at: number, sent: boolean): { readonly client: ClusterClient; writes: number } {
  const state = { client, writes: 0 };
  const mortal =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const isDryRun = args.some(argument => (argument as { dryRun?: boolean } | undefined)?.dryRun === true);
      if (isDryRun) return await method(...args);
      state.writes += 1;
      if (state.writes > at || (state.writes === at && !sent)) throw new Killed();
      const answer = await method(...args);
      if (state.writes >= at) throw new Killed();
      return answer;
    };
  const { apply, create, update, patch, delete: remove } = client;
  state.client = {
    ...client,
    within: () => state.client,
    apply: mortal(apply),
    create: mortal(create),
    update: mortal(update),
    patch: mortal(patch),
    delete: mortal(remove),
  };
  return state;
}

/** If the last write of a run is the release of its lock, it need not be killed. */
async function untilKilled(run: Promise<unknown>): Promise<void> {
  await run.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

/** Deletes the lease of a dead run, which would expire; the tests of the lock show that. */
async function expireLock(namespace: string): Promise<void> {
  await client.delete({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace,
    name: 'slipway.shop.staging',
  });
}

async function membersOf(namespace: string): Promise<KubernetesObject[]> {
  const labelSelector = `applyset.kubernetes.io/part-of=${applySetId({ application: 'shop', formation: 'staging' }, namespace)}`;
  const kinds = ['ConfigMap', 'Secret', 'Service'].map(kind =>
    client.list({ apiVersion: 'v1', kind, namespace, labelSelector }),
  );
  return (await Promise.all(kinds)).flatMap(({ items }) => items);
}

const data = (objects: readonly KubernetesObject[]): Record<string, unknown> =>
  Object.fromEntries(
    objects.map(object => [`${object.kind} ${object.metadata.name}`, object['data'] ?? object['spec']]),
  );

const givenNames = async (namespace: string): Promise<string[]> =>
  (await membersOf(namespace))
    .map(({ kind, metadata }) => {
      const given = textMap(metadata['annotations'] ?? null)['slipway.dev/given-name'];
      return `${kind} ${given ?? metadata.name}`;
    })
    .sort();

/** The content of the ConfigMap that the CronJob's pods would get. */
async function usedVersion(namespace: string): Promise<unknown> {
  const user = await client.get({ apiVersion: 'batch/v1', kind: 'CronJob', namespace, name: 'user' });
  const name = /"configMapRef":{"name":"([^"]+)"/.exec(JSON.stringify(user))?.[1] ?? '';
  return (await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }))?.['data'];
}

const key = (object: ObjectReference): string => objectKey(object);

/** Every object has an owner, every release except the newest has a verdict, and no one holds the lock. */
async function expectOrder(namespace: string, request: ReleaseRequest): Promise<void> {
  const [newest, ...others] = await listReleases(client, request.identity);
  expect(others.filter(({ verdict }) => verdict === undefined)).toEqual([]);
  const record = await readRelease(client, request.identity, newest?.number ?? 0);
  const owned = new Set([...record.objects, ...(record.pending ?? [])].map(key));
  expect((await membersOf(namespace)).map(referenceTo).filter(object => !owned.has(key(object)))).toEqual([]);
  for (const { uid } of [...record.objects, ...(record.pending ?? [])]) expect(uid).toBeDefined();
  const leases = Object.keys(await snapshotOf(client, namespace)).filter(name => name.startsWith('Lease'));
  expect(leases.filter(name => name !== 'Lease slipway.shop.staging.status')).toEqual([]);
}

const service = (name: string, order: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, annotations: { 'slipway.dev/order': order } },
  spec: { ports: [{ port: 80 }] },
});

/** A CronJob whose pods use a ConfigMap and a Secret, which are therefore named by their content. */
const contents = (v: string): JsonObject[] => [
  configMap('settings', { v }),
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { v } },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'user' },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [
                {
                  name: 'a',
                  image: 'a',
                  envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'token' } }],
                },
              ],
            },
          },
        },
      },
    },
  },
];

const before = [
  configMap('stays', { v: '1' }),
  configMap('leaves', {}),
  service('early', '-1'),
  ...contents('1'),
];
const after = [
  ...contents('2'),
  configMap('stays', { v: '2' }),
  configMap('comes', {}),
  service('early', '-1'),
  service('late', '1'),
];

async function attempt(namespace: string, mortal: ClusterClient): Promise<void> {
  const request = requestFor(namespace, after);
  const prepared = await prepareRelease({ client: mortal, request });
  await applyRelease({
    client: mortal,
    prepared,
    prepareAgain: locked => prepareRelease({ client: locked, request }),
    lockTimeout: 1_000,
    timeout: 5_000,
    clock,
    signal: never,
    logger: silentLogger,
    onRecorded: () => {},
  });
}

/** The number of writes of a run from `before` to `after`, counted by one that is not killed. */
async function countWrites(): Promise<number> {
  const namespace = await createNamespace(client, 'counting');
  await deploy(client, requestFor(namespace, before));
  const immortal = dying(Number.POSITIVE_INFINITY, true);
  await attempt(namespace, immortal.client);
  return immortal.writes;
}

describe('a run that is killed', () => {
  it('at any write of a release leaves a state that the next run repairs', async () => {
    const writes = await countWrites();
    expect(writes).toBeGreaterThan(8);
    for (let at = 1; at <= writes; at++)
      for (const sent of [false, true]) {
        const namespace = await createNamespace(client, `killed-${at}-${sent}`);
        await deploy(client, requestFor(namespace, before));
        await untilKilled(attempt(namespace, dying(at, sent).client));
        await expireLock(namespace);
        const request = requestFor(namespace, after);
        const { release } = await deploy(client, request);
        await expectOrder(namespace, request);
        const closed = await closeRelease(client, release, 'succeeded', clock);
        await pruneAfterSuccess({
          client,
          clock,
          signal: never,
          logger: silentLogger,
          release: closed,
          repository: 'acme/shop',
          holder: 'x',
          timeout: 1_000,
        });
        // Both versions exist, since the earlier release could be restored.
        expect(await givenNames(namespace)).toEqual([
          'ConfigMap comes',
          'ConfigMap settings',
          'ConfigMap settings',
          'ConfigMap stays',
          'Secret token',
          'Secret token',
          'Service early',
          'Service late',
        ]);
        expect(await usedVersion(namespace)).toEqual({ v: '2' });
      }
  });

  it('at any write of a prune leaves a state that the next prune repairs', async () => {
    const options = {
      clock,
      signal: never,
      logger: silentLogger,
      repository: 'acme/shop',
      holder: 'x',
      timeout: 1_000,
    };
    for (let at = 1; at <= 5; at++)
      for (const sent of [false, true]) {
        const namespace = await createNamespace(client, `prune-${at}-${sent}`);
        await deploy(client, requestFor(namespace, before));
        const { release } = await deploy(client, requestFor(namespace, before.slice(0, 1)));
        const closed = await closeRelease(client, release, 'succeeded', clock);
        await untilKilled(pruneAfterSuccess({ ...options, client: dying(at, sent).client, release: closed }));
        await expireLock(namespace);
        await pruneAfterSuccess({
          ...options,
          client,
          release: await readRelease(client, closed, closed.number),
        });
        expect(await givenNames(namespace)).toEqual([
          'ConfigMap settings',
          'ConfigMap stays',
          'Secret token',
        ]);
        await expectOrder(namespace, requestFor(namespace, []));
      }
  });

  it('at any write of a rollback leaves a release that can be rolled back again', async () => {
    const options = {
      clock,
      signal: never,
      logger: silentLogger,
      repository: 'acme/shop',
      actor: 'x',
      run: '',
      reason: 'x',
      lockTimeout: 1_000,
      timeout: 5_000,
    };
    for (let at = 1; at <= 12; at++)
      for (const sent of [false, true]) {
        const namespace = await createNamespace(client, `back-${at}-${sent}`);
        const first = await deploy(client, requestFor(namespace, before));
        await closeRelease(client, first.release, 'succeeded', clock);
        const { release } = await deploy(client, requestFor(namespace, after));
        await untilKilled(rollBack({ ...options, client: dying(at, sent).client, release }));
        await expireLock(namespace);
        const newest = (await listReleases(client, release))[0]?.number ?? 0;
        const broken = await readRelease(client, release, newest);
        const restored = await rollBack({ ...options, client, release: broken });
        expect(restored?.restores).toBe(1);
        const owner = requestFor(namespace, []);
        for (const { number, verdict } of await listReleases(client, release))
          if (verdict === undefined && number < (restored?.number ?? 0))
            await closeRelease(client, await readRelease(client, release, number), 'rolled-back', clock);
        await expectOrder(namespace, owner);
        const names = Object.keys(data(await membersOf(namespace)));
        expect(names).toEqual(
          expect.arrayContaining(['ConfigMap stays', 'ConfigMap leaves', 'Service early']),
        );
        const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'stays' });
        expect(live?.['data']).toEqual({ v: '1' });
        expect(await usedVersion(namespace)).toEqual({ v: '1' });
      }
  });
});
