import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, SlipwayError, silentLogger } from '@slipway/core';
import { isTerminating, type KubernetesObject, type ObjectReference, referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, type ReleaseChanges, requestFor } from '@slipway/testkit/releases';
import {
  destroyFormation,
  listReleases,
  planOf,
  prepareRelease,
  readRelease,
  rollBack,
} from '../src/index.ts';
import { clock, deployment, never } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const HOLD = 'example.org/hold';

const settings = (namespace: string): ObjectReference => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  ...{ namespace, name: 'settings' },
});

/** Deletes an object that a finalizer keeps. */
async function deleteHeld(reference: ObjectReference): Promise<KubernetesObject> {
  const held = await client.patch(reference, { metadata: { finalizers: [HOLD] } });
  await client.delete(reference);
  return held;
}

const letGo = (reference: ObjectReference): Promise<unknown> =>
  client.patch(reference, { metadata: { finalizers: null } });

/** Lets an object go once someone waits for it. */
const lettingGo = (reference: ObjectReference) => ({
  logger: {
    ...silentLogger,
    info(line: string) {
      if (line.endsWith('is being deleted; waiting until it is gone')) void letGo(reference);
    },
  },
});

const messagesOf = async (work: Promise<unknown>): Promise<string[]> =>
  await work.then(
    () => [],
    (error: unknown) => {
      if (error instanceof SlipwayError)
        return error.problems.map(({ code, message }) => `${code}: ${message}`);
      throw error;
    },
  );

const owner = (namespace: string) => ({ application: 'shop', formation: 'staging', namespace });
const newest = async (namespace: string) => (await listReleases(client, owner(namespace)))[0];

async function planned(namespace: string, objects: readonly JsonObject[], changes: ReleaseChanges = {}) {
  const request = requestFor(namespace, objects, changes);
  return planOf(await prepareRelease({ client, request })).changes.map(({ action, note }) => ({
    action,
    note,
  }));
}

const CREATED_LATER =
  'it is being deleted (finalizers: example.org/hold), and is created again once it is gone; not tried out';
const STAYS = (namespace: string) =>
  `object-stays: ConfigMap ${namespace}/settings is being deleted, but its finalizers keep it: "example.org/hold"`;

describe.each([
  ['that did not change', { level: 'info' }],
  ['that changes', { level: 'debug' }],
])('an object %s and is being deleted', (what, data) => {
  const prefix = `terminating-${what.endsWith('change') ? 'same' : 'other'}`;

  it('is created again once it is gone', async () => {
    const namespace = await createNamespace(client, `${prefix}-goes`);
    await deploy(client, requestFor(namespace, [configMap('settings', { level: 'info' })]));
    const old = await deleteHeld(settings(namespace));
    expect(await planned(namespace, [configMap('settings', data)])).toEqual([
      { action: 'create', note: CREATED_LATER },
    ]);
    const request = requestFor(namespace, [configMap('settings', data)]);
    const { release } = await deploy(client, request, undefined, lettingGo(settings(namespace)));
    const live = await client.get(settings(namespace));
    expect(live).toMatchObject({ data });
    expect(live?.metadata['uid']).not.toBe(old.metadata['uid']);
    expect(release.objects).toMatchObject([{ uid: live?.metadata['uid'], written: true }]);
  });

  it('is refused with its finalizers if it stays, and nothing is written', async () => {
    const namespace = await createNamespace(client, `${prefix}-stays`);
    await deploy(client, requestFor(namespace, [configMap('settings', { level: 'info' })]));
    await deleteHeld(settings(namespace));
    const request = requestFor(namespace, [configMap('settings', data), configMap('more', {})]);
    const work = deploy(client, request, undefined, { timeout: 300 });
    expect(await messagesOf(work)).toEqual([STAYS(namespace)]);
    expect(await newest(namespace)).toMatchObject({ number: 1 });
    expect(await client.get({ ...settings(namespace), name: 'more' })).toBeUndefined();
    await letGo(settings(namespace));
  });
});

it('an object of someone else that is being deleted is created once it is gone', async () => {
  const namespace = await createNamespace(client, 'terminating-stranger');
  const stranger = { ...configMap('settings', { old: 'yes' }), metadata: { name: 'settings', namespace } };
  await client.create(stranger as unknown as KubernetesObject, { fieldManager: 'curl' });
  await deleteHeld(settings(namespace));
  const request = requestFor(namespace, [configMap('settings', { level: 'info' })]);
  await deploy(client, request, undefined, lettingGo(settings(namespace)));
  expect((await client.get(settings(namespace)))?.['data']).toEqual({ level: 'info' });
});

it('an object whose deletion begins between the comparison and the write fails the release', async () => {
  const namespace = await createNamespace(client, 'terminating-late');
  await deploy(client, requestFor(namespace, [configMap('settings', { level: 'info' })]));
  let isDeleted = false;
  const meanwhile: ClusterClient = {
    ...client,
    within: () => meanwhile,
    async apply(object, options) {
      if (options.dryRun !== true && object.metadata.name === 'settings' && !isDeleted) {
        isDeleted = true;
        await deleteHeld(settings(namespace));
      }
      return await client.apply(object, options);
    },
  };
  const work = deploy(meanwhile, requestFor(namespace, [configMap('settings', { level: 'debug' })]));
  expect(await messagesOf(work)).toEqual([STAYS(namespace)]);
  expect(await newest(namespace)).toMatchObject({ number: 2, verdict: 'failed' });
  await letGo(settings(namespace));
});

it('a rollback creates again what is being deleted', async () => {
  const namespace = await createNamespace(client, 'terminating-rollback');
  await deploy(client, requestFor(namespace, [configMap('settings', { level: 'info' })]));
  const { release } = await deploy(
    client,
    requestFor(namespace, [configMap('settings', { level: 'debug' })]),
  );
  await deleteHeld(settings(namespace));
  await rollBack({
    ...{ client, clock, signal: never, release, repository: 'acme/shop' },
    ...{ actor: 'someone', run: 'https://github.example/run/2', reason: 'test' },
    ...{ lockTimeout: 5_000, timeout: 20_000, ...lettingGo(settings(namespace)) },
  });
  const live = await client.get(settings(namespace));
  expect(live?.['data']).toEqual({ level: 'info' });
  expect(live && isTerminating(live)).toBe(false);
});

it('a Job that is deleted before it has completed is run again', async () => {
  const namespace = await createNamespace(client, 'terminating-job');
  const job: JsonObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate' },
    spec: {
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'registry.example/app:1' }] },
      },
    },
  };
  const { release } = await deploy(client, requestFor(namespace, [job]));
  const reference = referenceTo({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name: release.objects[0]?.name ?? '' },
  });
  const old = await deleteHeld(reference);
  await deploy(client, requestFor(namespace, [job]), undefined, lettingGo(reference));
  const live = await client.get(reference);
  expect(live && isTerminating(live)).toBe(false);
  expect(live?.metadata['uid']).not.toBe(old.metadata['uid']);
});

it('an object that is replaced and does not go is named with its finalizers', async () => {
  const namespace = await createNamespace(client, 'terminating-replaced');
  const metadata = { name: 'api', annotations: { 'slipway.dev/replace': 'allow' } };
  const selector = (tier: string) => {
    const labels = { app: 'api', tier };
    const { template } = deployment('api')['spec'] as JsonObject;
    const spec = (template as JsonObject)['spec'] as JsonObject;
    const pods = { metadata: { labels }, spec };
    return { ...deployment('api', { selector: { matchLabels: labels }, template: pods }), metadata };
  };
  await deploy(client, requestFor(namespace, [selector('one')]));
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
  await client.patch(reference, { metadata: { finalizers: [HOLD] } });
  const work = deploy(client, requestFor(namespace, [selector('two')]), undefined, { timeout: 300 });
  const [message] = await messagesOf(work);
  expect(message).toContain(`Deployment ${namespace}/api is being deleted, but its finalizers keep it: `);
  expect(message).toContain(HOLD);
  await letGo(reference);
});

it('destroy names what finalizers keep, and clears it once they are gone', async () => {
  const namespace = await createNamespace(client, 'terminating-destroyed');
  const request = requestFor(namespace, [configMap('settings', {}), configMap('more', {})]);
  await deploy(client, request);
  await client.patch(settings(namespace), { metadata: { finalizers: [HOLD] } });
  const destroy = (mostForDeletion: number) =>
    destroyFormation({
      ...{ client, clock, signal: never, identity: request.identity, holder: 'a test', timeout: 5_000 },
      ...{ mostForDeletion, logger: silentLogger },
    });
  const first = await destroy(300);
  expect([first.removed, first.left].map(objects => objects.map(({ name }) => name))).toEqual([
    ['more'],
    ['settings'],
  ]);
  expect(first.problems).toMatchObject([
    { code: 'object-stays', message: expect.stringContaining('its finalizers keep it: "example.org/hold"') },
  ]);
  await letGo(settings(namespace));
  const second = await destroy(5_000);
  expect([second.left, second.problems]).toEqual([[], []]);
  expect(await newest(namespace)).toBeUndefined();
});

describe('another namespace that is being deleted', () => {
  const inOther = (namespace: string): JsonObject => ({
    ...configMap('settings', { level: 'info' }),
    metadata: { name: 'settings', namespace },
  });
  const namespaceOf = (name: string): ObjectReference => ({ apiVersion: 'v1', kind: 'Namespace', name });

  it('is refused once, also if its objects are not deleted yet', async () => {
    const namespace = await createNamespace(client, 'terminating-own');
    const other = await createNamespace(client, 'terminating-foreign');
    const allow = { namespaces: [other] };
    const more = { ...configMap('more', {}), metadata: { name: 'more', namespace: other } };
    await deploy(client, requestFor(namespace, [inOther(other), more], { allow }));
    await client.patch(settings(other), { metadata: { finalizers: [HOLD] } });
    await client.delete(namespaceOf(other));
    expect(
      await messagesOf(deploy(client, requestFor(namespace, [inOther(other), more], { allow }))),
    ).toEqual([`namespace-terminating: the namespace "${other}" is being deleted`]);
    expect(await newest(namespace)).toMatchObject({ number: 1 });
    await letGo(settings(other));
  });

  it('is created again if it is one of the release', async () => {
    const namespace = await createNamespace(client, 'terminating-with');
    const other = 'terminating-brought';
    const allow = { namespaces: [other], 'cluster-scoped': ['Namespace'] };
    const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } }, inOther(other)];
    await deploy(client, requestFor(namespace, objects, { allow }));
    const old = await deleteHeld(namespaceOf(other));
    await deploy(client, requestFor(namespace, objects, { allow }), undefined, lettingGo(namespaceOf(other)));
    const live = await client.get(namespaceOf(other));
    expect(live?.metadata['uid']).not.toBe(old.metadata['uid']);
    expect(await client.get(settings(other))).toMatchObject({ data: { level: 'info' } });
    const record = await readRelease(client, owner(namespace), 2);
    expect(record.objects.map(({ written }) => written)).toEqual([true, true]);
  });
});
