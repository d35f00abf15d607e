import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  parseRelease,
  type RecordedObject,
  type Release,
  SlipwayError,
  type Snapshot,
  silentLogger,
  textMap,
} from '@slipway/core';
import { destroyFormation, listReleases, rollBack } from '@slipway/release';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap, workload } from '@slipway/testkit/objects';
import { close, deploy, recordOf, requestFor } from '@slipway/testkit/releases';
import { findRelease } from '../src/what/find-release.ts';
import { watchAgain } from './watch-again.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);
const clock = (): Date => new Date();
const signal = new AbortController().signal;

const secretOf = (namespace: string, number: number) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', namespace },
  name: `slipway.shop.staging.${number}`,
});

/** Someone changes a record, as with kubectl edit and some patience. */
async function change(
  { namespace, number }: Release,
  edit: (release: Release) => Partial<Release>,
): Promise<void> {
  const secret = await client.get(secretOf(namespace, number));
  const packed = Buffer.from(textMap(secret?.['data'] ?? null)['release'] ?? '', 'base64');
  const release = parseRelease(gunzipSync(packed).toString('utf8'), 'the record');
  const changed = gzipSync(JSON.stringify({ ...release, ...edit(release) }));
  await client.patch(secretOf(namespace, number), { data: { release: changed.toString('base64') } });
}

const label =
  (key: string, value: string) =>
  async ({ namespace, number }: Release): Promise<void> => {
    await client.patch(secretOf(namespace, number), { metadata: { labels: { [key]: value } } });
  };

const verify = ({ namespace, number }: Release): Promise<Release> =>
  findRelease(
    client,
    {
      application: 'shop',
      formation: 'staging',
      namespace,
      destination: 'main',
      context: '',
    },
    number,
  );

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SlipwayError)
      return error.problems.map(({ code, message }) => `${code}: ${message}`).join();
    throw error;
  }
  return 'done';
}

const rollBackFrom = (release: Release) =>
  rollBack({
    ...{ client, release, clock, signal, logger: silentLogger, repository: 'acme/shop' },
    ...{ actor: 'someone', run: '', reason: 'test', lockTimeout: 5_000, timeout: 20_000 },
  });

const SNAPSHOT: Snapshot = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: 'v2' },
  ...{ created: '2026-01-01T00:00:00Z', registry: 'registry.example/shop', images: {} },
};

/** Two releases: one that succeeded, and one of a snapshot that is open. */
async function twoReleases(name: string): Promise<{ readonly first: Release; readonly second: Release }> {
  const namespace = await createNamespace(client, `changed-${name}`);
  const objects = (value: string) => [configMap('settings', { value }), configMap(`only-${value}`, {})];
  const first = await deploy(client, requestFor(namespace, objects('1')));
  await close(client, first.release);
  const request = requestFor(namespace, objects('2'), { snapshot: SNAPSHOT, deploymentTag: 'v2' });
  const second = await deploy(client, request);
  return { first: first.release, second: second.release };
}

const mapsNow = async (namespace: string): Promise<unknown> =>
  (await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace })).items.map(({ metadata, data }) => [
    metadata.name,
    metadata['uid'],
    data,
  ]);

type Edit = (release: Release, first: Release) => Promise<void>;
const edit =
  (how: (release: Release, first: Release) => Partial<Release>): Edit =>
  async (release, first) =>
    await change(release, recorded => how(recorded, first));
const but = (objects: readonly RecordedObject[], changes: Partial<RecordedObject>): RecordedObject[] =>
  objects.map(object => ({ ...object, ...changes }));

describe('a record whose', () => {
  it.concurrent.each<[string, string, Edit, string]>([
    [
      'objects were emptied',
      'empty',
      edit(() => ({ objects: [] })),
      'lists no object, though its manifests have ConfigMap',
    ],
    [
      'objects lack one of the manifests',
      'lacking',
      edit(({ objects }) => ({ objects: objects.slice(1) })),
      'does not list ConfigMap',
    ],
    [
      'objects are those of another release',
      'other',
      edit((_release, first) => ({ objects: first.objects, pending: [] })),
      'does not list ConfigMap',
    ],
    [
      'objects have one that its manifests do not have',
      'more',
      edit(({ objects }, first) => ({ objects: [...objects, ...first.objects.slice(1)], pending: [] })),
      'which its manifests do not have',
    ],
    [
      'objects are to be pruned too',
      'pending',
      edit(({ objects }) => ({ pending: objects })),
      'both as an object of the release and as one that left it',
    ],
    [
      'objects were not all written, though the release was',
      'unwritten',
      edit(({ objects }) => ({ objects: but(objects, { toWrite: true, written: false }) })),
      'says that all was written, and that ConfigMap',
    ],
    [
      'snapshot is another one',
      'snapshot',
      edit(() => ({ snapshot: { ...SNAPSHOT, deploymentTag: 'v1' } })),
      'and its snapshot of "shop v1"',
    ],
    [
      'verdict is another one than its label',
      'label',
      label('slipway.dev/verdict', 'succeeded'),
      'its content says "open"',
    ],
    [
      'verdict was made one of a success',
      'verdict',
      edit(() => ({ verdict: 'succeeded' })),
      'has slipway.dev/verdict "open", and its content says "succeeded"',
    ],
  ])('%s is not verified, nor rolled back, and nothing is built on it', async (_what, name, spoil, what) => {
    const { first, second } = await twoReleases(name);
    const { namespace } = second;
    const before = await mapsNow(namespace);
    await spoil(second, first);
    const refused = new RegExp(
      `^record-inconsistent: .*"slipway.shop.staging.2" in namespace "${namespace}" .*${what}`,
    );
    expect(await refusalOf(verify(second))).toMatch(refused);
    expect(await refusalOf(rollBackFrom(second))).toMatch(refused);
    expect(await refusalOf(deploy(client, requestFor(namespace, [configMap('settings', {})])))).toMatch(
      refused,
    );
    expect(await mapsNow(namespace)).toEqual(before);
    expect((await listReleases(client, second)).map(({ number }) => number)).toEqual([2, 1]);
  });
});

it('a record that was emptied is not destroyed as one that left nothing', async () => {
  const { second } = await twoReleases('destroyed');
  const { namespace } = second;
  await change(second, () => ({ objects: [], pending: [] }));
  const { identity } = requestFor(namespace, []);
  const options = { client, clock, signal, logger: silentLogger, holder: 'a test', timeout: 5_000 };
  expect(await refusalOf(destroyFormation({ ...options, identity }))).toMatch(/^record-inconsistent: /);
  expect((await listReleases(client, second)).map(({ number }) => number)).toEqual([2, 1]);
});

it('a release that is yet to come is not verified', async () => {
  const { second } = await twoReleases('future');
  await change(second, () => ({ created: '2199-01-01T00:00:00Z' }));
  expect(await refusalOf(verify(second))).toMatch(/^record-inconsistent: .*made at 2199-01-01T00:00:00Z/);
});

it('a record that was changed is not restored', async () => {
  const { first, second } = await twoReleases('target');
  await change(first, ({ objects }) => ({ objects: objects.slice(1) }));
  const before = await mapsNow(second.namespace);
  expect(await refusalOf(rollBackFrom(second))).toMatch(/^record-inconsistent: .*slipway.shop.staging.1"/);
  expect(await mapsNow(second.namespace)).toEqual(before);
});

it('an object that is said not to be written, and to have failed before, is judged if it has the number of the release', async () => {
  const namespace = await createNamespace(client, 'changed-excused');
  const { release } = await deploy(client, requestFor(namespace, [workload('web', 'never-ready') as never]));
  await change(release, ({ objects }) => ({
    objects: but(objects, { written: false, healthyBefore: false }),
  }));
  const changed = await recordOf(client, namespace, 1);
  expect(changed.objects).toMatchObject([{ written: false, healthyBefore: false }]);
  expect(await watchAgain(client, changed, { timeout: 1_000 })).toMatchObject({ verdict: 'timed-out' });
});

it('what a destroy had to leave is not taken for a change by hand', async () => {
  const namespace = await createNamespace(client, 'changed-left');
  const claim = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const request = requestFor(namespace, [claim, configMap('settings', {})]);
  await close(client, (await deploy(client, request)).release);
  await close(client, (await deploy(client, request)).release);
  const options = { client, clock, signal, logger: silentLogger, holder: 'a test', timeout: 5_000 };
  const { left } = await destroyFormation({ ...options, identity: request.identity });
  expect(left.map(({ name }) => name)).toEqual(['data']);
  const { release } = await deploy(client, request);
  expect(release.objects.map(({ name }) => name)).toEqual(['data', 'settings']);
});
