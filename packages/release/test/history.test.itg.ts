import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Release, silentLogger, valueAt } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { closeRelease, listReleases, readRelease, rollBack, undoRelease } from '../src/index.ts';
import { clock, codesOf, configMap, connect, createNamespace, deploy, never, requestFor } from './fixture.ts';

const cluster = useCluster();
let client: ClusterClient;

beforeAll(async () => {
  client = await connect(cluster.kubeconfig);
});

afterAll(() => client?.close());

const undoing = (release: Release) => ({
  ...{ client, clock, signal: never, logger: silentLogger, release, repository: 'acme/shop' },
  ...{ actor: 'someone', run: 'https://github.example/run/2', reason: 'test' },
  ...{ lockTimeout: 5_000, timeout: 20_000 },
});

const push = async (namespace: string, level: string): Promise<Release> =>
  (await deploy(client, requestFor(namespace, [configMap('settings', { level })]))).release;

const close = (release: Release, verdict: 'succeeded' | 'rolled-back') =>
  closeRelease(client, release, verdict, clock);

/** As verify-rollout ends a release that fails. */
async function fail(release: Release): Promise<void> {
  const restored = await rollBack(undoing(release));
  await close(release, 'rolled-back');
  if (restored !== undefined) await close(restored, 'succeeded');
}

async function undo(namespace: string): Promise<string> {
  const owner = { application: 'shop', formation: 'staging', namespace };
  const [newest] = await listReleases(client, owner);
  await undoRelease(undoing(await readRelease(client, owner, newest?.number ?? 0)));
  return await levelIn(namespace);
}

const levelIn = async (namespace: string): Promise<string> => {
  const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
  return String(valueAt(live ?? {}, ['data', 'level']));
};

describe('the history of a formation', () => {
  it('keeps what was good through twelve pushes that fail, and each rollback by hand goes one content back', async () => {
    const namespace = await createNamespace(client, 'history');
    for (const level of ['one', 'two', 'three']) await close(await push(namespace, level), 'succeeded');
    for (let attempt = 1; attempt <= 12; attempt++) await fail(await push(namespace, `bad ${attempt}`));
    expect(await levelIn(namespace)).toBe('three');
    expect(await undo(namespace)).toBe('two');
    expect(await undo(namespace)).toBe('one');
    expect(await codesOf(undo(namespace))).toEqual(['nothing-to-restore']);
    expect(await levelIn(namespace)).toBe('one');
  });

  it('passes over releases that deployed the same content again', async () => {
    const namespace = await createNamespace(client, 'repeated');
    await close(await push(namespace, 'one'), 'succeeded');
    for (let attempt = 1; attempt <= 12; attempt++) await close(await push(namespace, 'two'), 'succeeded');
    expect(await undo(namespace)).toBe('one');
  });

  it('goes back from a release that failed to the last one that succeeded', async () => {
    const namespace = await createNamespace(client, 'failed');
    await close(await push(namespace, 'one'), 'succeeded');
    await close(await push(namespace, 'two'), 'succeeded');
    await push(namespace, 'bad');
    expect(await undo(namespace)).toBe('two');
    expect(await undo(namespace)).toBe('one');
  });
});
