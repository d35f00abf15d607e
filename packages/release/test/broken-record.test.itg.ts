import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Problem, type Release, silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  findUnreadable,
  listReleases,
  prepareRelease,
  pruneAfterSuccess,
  readRelease,
  rollBack,
} from '../src/index.ts';
import { clock, codesOf, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const recordOf = (namespace: string, number: number) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace,
  name: `slipway.shop.staging.${number}`,
});

const overwrite = (namespace: string, number: number, packed: Buffer) =>
  client.patch(recordOf(namespace, number), { data: { release: packed.toString('base64') } });

const BOMB = gzipSync(Buffer.alloc(400 * 1024 * 1024), { level: 9 });
const edited = (release: Release, changes: Partial<Release>): Buffer =>
  gzipSync(JSON.stringify({ ...release, ...changes }));

describe('a newest record that someone', () => {
  it.each([
    ['edited to another number', 'number', (release: Release) => edited(release, { number: 9 })],
    ['edited to another namespace', 'moved', (release: Release) => edited(release, { namespace: 'default' })],
    ['overwrote', 'junk', () => Buffer.from('no gzip')],
    ['filled with what unpacks to hundreds of megabytes', 'bomb', () => BOMB],
  ])(
    '%s refuses the release before its first write, with the command that removes it',
    async (_what, name, broken) => {
      const namespace = await createNamespace(client, `broken-${name}`);
      const request = requestFor(namespace, [configMap('settings', { a: '1' })]);
      const { release } = await deploy(client, request);
      await overwrite(namespace, 1, broken(release));
      const before = await snapshotOf(client, namespace);
      const { problems } = await prepareRelease({ client, request: requestFor(namespace, []) });
      expect(problems).toMatchObject([
        {
          code: 'record-broken',
          message: expect.stringContaining('"slipway.shop.staging.1"'),
          remedy: expect.stringContaining(
            `kubectl delete secret slipway.shop.staging.1 --namespace ${namespace};`,
          ),
        },
      ] satisfies Partial<Record<keyof Problem, unknown>>[]);
      expect(await codesOf(deploy(client, request))).toEqual(['record-broken']);
      expect(await snapshotOf(client, namespace)).toEqual(before);
      await client.delete(recordOf(namespace, 1));
      expect((await deploy(client, request)).release).toMatchObject({ number: 1 });
    },
  );
});

it('an older record that someone broke is found by listing, and does not affect later releases', async () => {
  const namespace = await createNamespace(client, 'broken-older');
  for (const value of ['1', '2']) {
    const objects = [configMap('settings', { value }), configMap(`only-${value}`, {})];
    const { release } = await deploy(client, requestFor(namespace, objects));
    await closeRelease(client, release, 'succeeded', clock);
  }
  await overwrite(namespace, 1, Buffer.from('junk'));
  const third = await deploy(client, requestFor(namespace, [configMap('settings', { value: '3' })]));
  const closed = await closeRelease(client, third.release, 'succeeded', clock);
  const run = { client, clock, signal: never, logger: silentLogger, repository: 'acme/shop' };
  const pruned = await pruneAfterSuccess({ ...run, release: closed, holder: 'a test', timeout: 5_000 });
  expect(pruned.map(({ name }) => name).sort()).toEqual(['only-1', 'only-2']);
  const releases = await listReleases(client, closed);
  expect(releases.map(({ number }) => number)).toEqual([3, 2, 1]);
  expect([...(await findUnreadable(client, closed, releases))]).toMatchObject([
    [1, { code: 'record-broken' }],
  ]);
  const failed = await deploy(client, requestFor(namespace, [configMap('settings', { value: '4' })]));
  const restored = await rollBack({
    ...run,
    release: failed.release,
    actor: 'someone',
    run: '',
    reason: 'it failed',
    lockTimeout: 5_000,
    timeout: 20_000,
  });
  expect(restored).toMatchObject({ number: 5, restores: 3 });
  expect(await readRelease(client, closed, 3)).toMatchObject({ verdict: 'succeeded' });
});
