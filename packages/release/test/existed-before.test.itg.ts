import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type Release, silentLogger } from '@slipway/core';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  destroyFormation,
  planOf,
  prepareRelease,
  pruneAfterSuccess,
  type ReleaseRequest,
  rollBack,
} from '../src/index.ts';
import { clock, never } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster'] });

const client = useClient(() => testbed.cluster.kubeconfig);

const run = () => ({ client, clock, signal: never, logger: silentLogger, repository: 'acme/shop' });
const succeed = async (release: Release): Promise<string[]> => {
  const closed = await closeRelease(client, release, 'succeeded', clock);
  const pruned = await pruneAfterSuccess({ ...run(), release: closed, holder: 'a test', timeout: 5_000 });
  return pruned.map(({ name }) => name);
};
const dataOf = async (namespace: string): Promise<unknown> =>
  (await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' }))?.['data'];
const changesOf = async (request: ReleaseRequest) =>
  planOf(await prepareRelease({ client, request })).changes;

const MAKER = 'kube-controller-manager';

/** An object that a controller of the cluster created, with a value that no manifest has. */
async function madeByTheCluster(name: string): Promise<string> {
  const namespace = await createNamespace(client, name);
  const { kubectl = '', kubeconfig = '' } = testbed.cluster;
  const values = ['--from-literal=theirs=1', '--from-literal=level=info'];
  const as = ['--field-manager', MAKER, '--namespace', namespace];
  const args = ['create', 'configmap', 'settings', ...values, ...as];
  expect(spawnSync(kubectl, args, { env: { KUBECONFIG: kubeconfig, HOME: testbed.directory } }).status).toBe(
    0,
  );
  return namespace;
}

const own = configMap('own', {});
const settings = configMap('settings', { level: 'info' });

describe('an object that a controller of the cluster created', () => {
  it('is taken over with a note, and is not deleted when it leaves the formation', async () => {
    const namespace = await madeByTheCluster('by-hand');
    const both = requestFor(namespace, [own, settings]);
    expect(await changesOf(both)).toContainEqual(
      expect.objectContaining({
        object: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
        action: 'change',
        note: 'already exists, created by "kube-controller-manager"; it is not deleted when it leaves the formation, unless adopt takes it over',
      }),
    );
    await succeed((await deploy(client, both)).release);
    const again = await deploy(client, both);
    expect(again.prepared.objects.map(({ action, note }) => [action, note])).toEqual([
      ['unchanged', undefined],
      ['unchanged', undefined],
    ]);
    const without = requestFor(namespace, [own]);
    expect(await changesOf(without)).toContainEqual(
      expect.objectContaining({
        action: 'prune',
        note: 'not deleted: it existed before this formation deployed it',
      }),
    );
    expect(await succeed((await deploy(client, without)).release)).toEqual([]);
    expect(await succeed((await deploy(client, both)).release)).toEqual([]);
    expect(await succeed((await deploy(client, without)).release)).toEqual([]);
    const { left } = await destroyFormation({
      ...run(),
      identity: both.identity,
      holder: 'a test',
      timeout: 5_000,
    });
    expect(left.map(({ name }) => name)).toEqual(['settings']);
    expect(await dataOf(namespace)).toEqual({ theirs: '1', level: 'info' });
  });

  it('belongs to the formation once it was adopted, and is then pruned', async () => {
    const namespace = await madeByTheCluster('adopted');
    const both = requestFor(namespace, [own, settings]);
    await succeed((await deploy(client, both)).release);
    await succeed((await deploy(client, { ...both, adopt: true })).release);
    await succeed((await deploy(client, both)).release);
    expect(await succeed((await deploy(client, requestFor(namespace, [own]))).release)).toEqual(['settings']);
    expect(await dataOf(namespace)).toBeUndefined();
  });

  it('is not deleted by undoing the release that took it over', async () => {
    const namespace = await madeByTheCluster('undone');
    await succeed((await deploy(client, requestFor(namespace, [own]))).release);
    const { release } = await deploy(client, requestFor(namespace, [own, settings]));
    const restored = await rollBack({
      ...run(),
      release,
      actor: 'someone',
      run: '',
      reason: 'it failed',
      lockTimeout: 5_000,
      timeout: 20_000,
    });
    expect(restored).toMatchObject({ restores: 1, pending: [{ name: 'settings', existedBefore: true }] });
    if (restored !== undefined) expect(await succeed(restored)).toEqual([]);
    expect(await dataOf(namespace)).toEqual({ theirs: '1', level: 'info' });
  });

  it('is not assumed when only the label of a deployed object was removed', async () => {
    const namespace = await createNamespace(client, 'unlabelled');
    await succeed((await deploy(client, requestFor(namespace, [own, settings]))).release);
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    await client.patch(reference, { metadata: { labels: { 'applyset.kubernetes.io/part-of': null } } });
    const { prepared, release } = await deploy(client, requestFor(namespace, [own, settings]));
    expect(prepared.objects.map(({ note }) => note)).toEqual([undefined, undefined]);
    await succeed(release);
    expect(await succeed((await deploy(client, requestFor(namespace, [own]))).release)).toEqual(['settings']);
  });
});
