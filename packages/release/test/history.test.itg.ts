import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type Release, silentLogger, valueAt } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, listReleases, readRelease, rollBack, undoRelease } from '../src/index.ts';
import { clock, codesOf, deployment, never } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

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

const isGone = async (namespace: string): Promise<void> => {
  const jobs = { apiVersion: 'batch/v1', kind: 'Job', namespace };
  for (const { metadata } of (await client.list(jobs)).items)
    await client.delete({ ...jobs, name: metadata.name });
  await until(async () => (await client.list(jobs)).items.length === 0);
};

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

describe('a rollback that names its release', () => {
  const migration = (annotations: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', ...metadata },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'run', image: 'registry.example/app:1', command: ['migrate'] }],
        },
      },
    },
  });
  const first = { annotations: { 'slipway.dev/order': '-1' } };
  const crashing = { 'testbed.slipway.dev/behaviour': 'crash-loop' };
  const running = { 'testbed.slipway.dev/behaviour': 'never-ready' };
  const settings = (level: string) => configMap('settings', { level });
  const owner = (namespace: string) => ({ application: 'shop', formation: 'staging', namespace });

  const restore = async (namespace: string, to: number): Promise<Release> => {
    const [newest] = await listReleases(client, owner(namespace));
    const release = await readRelease(client, owner(namespace), newest?.number ?? 0);
    return await undoRelease({ ...undoing(release), to });
  };

  it.each<[string, readonly JsonObject[], string]>([
    [
      'whose migration failed, so that it stopped',
      [migration(crashing, first), settings('two'), deployment('api')],
      'ended before',
    ],
    ['whose last stage has a Job that failed', [migration(crashing), settings('two')], 'never completed'],
    ['whose last stage has a Job that did not end', [migration(running), settings('two')], 'never completed'],
  ])('is refused for one %s, with the Job and after it is gone', async (what, objects, reason) => {
    const namespace = await createNamespace(client, what.replaceAll(/[^a-z]+/g, '-').slice(0, 50));
    await close(await push(namespace, 'one'), 'succeeded');
    await deploy(client, requestFor(namespace, objects)).catch(() => undefined);
    await fail(await readRelease(client, owner(namespace), 2));
    await expect(restore(namespace, 2)).rejects.toThrow(reason);
    await isGone(namespace);
    expect(await codesOf(restore(namespace, 2))).toEqual(['release-unfinished']);
    expect(await levelIn(namespace)).toBe('one');
    expect((await listReleases(client, owner(namespace)))[0]?.number).toBe(3);
  });

  it.each<[string, JsonObject]>([
    ['completed in an early stage', migration({}, first)],
    ['completed in its only stage', migration({})],
  ])('restores one that succeeded and whose Job %s and is gone', async (what, job) => {
    const namespace = await createNamespace(client, what.replaceAll(' ', '-'));
    const { release } = await deploy(client, requestFor(namespace, [job, settings('one')]));
    await close(release, 'succeeded');
    await close(await push(namespace, 'two'), 'succeeded');
    await isGone(namespace);
    await restore(namespace, 1);
    expect(await levelIn(namespace)).toBe('one');
  });

  it('restores one that was rolled back after its migration had completed', async () => {
    const namespace = await createNamespace(client, 'rolled-back-migrated');
    await close(await push(namespace, 'one'), 'succeeded');
    const objects = [migration({}, first), settings('two'), deployment('api')];
    await fail((await deploy(client, requestFor(namespace, objects))).release);
    await isGone(namespace);
    await restore(namespace, 2);
    expect(await levelIn(namespace)).toBe('two');
  });
});
