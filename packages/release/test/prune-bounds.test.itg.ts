import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Release, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  applySetId,
  closeRelease,
  destroyFormation,
  planOf,
  prepareRelease,
  pruneAfterSuccess,
  readRelease,
} from '../src/index.ts';
import { clock, never } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const run = () => ({ client, clock, signal: never, logger: silentLogger, timeout: 5_000, holder: 'a test' });
const prune = (release: Release) => pruneAfterSuccess({ ...run(), release, repository: 'acme/shop' });
const exists = async (namespace: string, name: string): Promise<boolean> =>
  (await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name })) !== undefined;

/** What someone who may edit only one namespace would write into a record: an object of another one that has the set's label. */
async function forge(
  release: Release,
  victim: KubernetesObject,
  changes: Partial<Release>,
): Promise<Release> {
  const { uid, name, namespace } = victim.metadata;
  const forgedObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: String(namespace),
    name,
    uid: String(uid),
    written: true,
  };
  const forged: Release = { ...release, pending: [forgedObject], ...changes };
  const secret = `slipway.shop.staging.${release.number}`;
  await client.patch(
    { apiVersion: 'v1', kind: 'Secret', namespace: release.namespace, name: secret },
    { data: { release: gzipSync(JSON.stringify(forged)).toString('base64') } },
  );
  return forged;
}

async function labelledIn(elsewhere: string, namespace: string): Promise<KubernetesObject> {
  const set = applySetId({ application: 'shop', formation: 'staging' }, namespace);
  return await client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'victim',
      namespace: elsewhere,
      labels: { 'applyset.kubernetes.io/part-of': set },
    },
  });
}

describe('an object of another namespace that a forged record names', () => {
  it('is neither pruned nor destroyed if the record does not allow it', async () => {
    const [namespace, elsewhere] = [
      await createNamespace(client, 'bounds'),
      await createNamespace(client, 'bounds-eu'),
    ];
    const request = requestFor(namespace, [configMap('settings', {})]);
    const { release } = await deploy(client, request);
    const closed = await closeRelease(client, release, 'succeeded', clock);
    const forged = await forge(closed, await labelledIn(elsewhere, namespace), {});
    expect(await prune(forged)).toEqual([]);
    expect(await exists(elsewhere, 'victim')).toBe(true);
    const destroyed = await destroyFormation({ ...run(), identity: request.identity });
    expect(destroyed.left.map(({ name }) => name)).toEqual(['victim']);
    expect(await exists(elsewhere, 'victim')).toBe(true);
  });

  it('is not deleted by a deploy or destroy whose formation does not allow it, whatever the record says', async () => {
    const [namespace, elsewhere] = [
      await createNamespace(client, 'allowed'),
      await createNamespace(client, 'allowed-eu'),
    ];
    const request = requestFor(namespace, [configMap('settings', {})], { prune: 'now' });
    const { release } = await deploy(client, request);
    const victim = await labelledIn(elsewhere, namespace);
    await forge(release, victim, { allow: { namespaces: [elsewhere] }, prune: 'after-success' });
    const plan = planOf(await prepareRelease({ client, request }));
    expect(plan.changes).toContainEqual({
      object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: elsewhere, name: 'victim' },
      action: 'prune',
      note: "not deleted: the formation's allow does not name its namespace or kind",
    });
    await deploy(client, request);
    expect(await exists(elsewhere, 'victim')).toBe(true);
    const destroyed = await destroyFormation({ ...run(), identity: request.identity, allow: {} });
    expect(destroyed.left.map(({ name }) => name)).toEqual(['victim']);
    expect(await exists(elsewhere, 'victim')).toBe(true);
  });
});

it('an object whose label someone removed is neither pruned nor destroyed, nor forgotten', async () => {
  const namespace = await createNamespace(client, 'unlabelled');
  await deploy(client, requestFor(namespace, [configMap('settings', {}), configMap('leaving', {})]));
  const label = { metadata: { labels: { 'applyset.kubernetes.io/part-of': null } } };
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'leaving' };
  const request = requestFor(namespace, [configMap('settings', {})]);
  const { release } = await deploy(client, request);
  await client.patch(reference, label);
  expect(await prune(await closeRelease(client, release, 'succeeded', clock))).toEqual([]);
  expect((await readRelease(client, release, release.number)).pending?.map(({ name }) => name)).toEqual([
    'leaving',
  ]);
  const destroyed = await destroyFormation({ ...run(), identity: request.identity });
  expect(destroyed.left.map(({ name }) => name)).toEqual(['leaving']);
  await client.delete(reference);
  expect((await destroyFormation({ ...run(), identity: request.identity })).left).toEqual([]);
});

it('an object in a namespace that the formation allows is pruned when it leaves', async () => {
  const namespace = await createNamespace(client, 'outside');
  const elsewhere = await createNamespace(client, 'outside-eu');
  const far = { ...configMap('far', {}), metadata: { name: 'far', namespace: elsewhere } };
  const allow = { namespaces: [elsewhere] };
  await deploy(client, requestFor(namespace, [configMap('settings', {}), far], { allow }));
  const { release } = await deploy(client, requestFor(namespace, [configMap('settings', {})], { allow }));
  const pruned = await prune(await closeRelease(client, release, 'succeeded', clock));
  expect(pruned.map(({ name }) => name)).toEqual(['far']);
  expect(await exists(elsewhere, 'far')).toBe(false);
});
