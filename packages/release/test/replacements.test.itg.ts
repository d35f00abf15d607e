import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, valueAt } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { planOf, prepareRelease, type ReleaseRequest } from '../src/index.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

beforeAll(async () => {
  await client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'disks.acme.io' },
    spec: {
      group: 'acme.io',
      scope: 'Namespaced',
      names: { kind: 'Disk', plural: 'disks', singular: 'disk' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: DISK } }],
    },
  });
  await untilCollected();
});

/** Waits until the garbage collector knows the new kind, for which it looks every 30 seconds: only then it deletes with dependents. */
async function untilCollected(): Promise<void> {
  const object = disk(false, {}) as KubernetesObject;
  const probe = { ...object, metadata: { name: 'probe', namespace: 'default' } };
  const reference = referenceTo(probe);
  await until(async () => (await client.create(probe).catch(() => undefined)) !== undefined);
  await client.delete(reference, { propagation: 'Foreground' });
  await until(async () => (await client.get(reference)) === undefined);
}

const DISK: JsonObject = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: {
          type: 'integer',
          maximum: 100,
          'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }],
        },
      },
    },
  },
};

const REPLACE = { 'slipway.dev/replace': 'allow' };
const BOTH = { ...REPLACE, 'slipway.dev/prune': 'allow' };

type Make = (changed: boolean, annotations: JsonObject) => JsonObject;

const workload =
  (kind: string, updateStrategy: JsonObject): Make =>
  changed => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'x' },
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      ...(kind === 'StatefulSet' ? { serviceName: 'x' } : {}),
      ...(changed ? { updateStrategy } : {}),
    },
  });

const pod: Make = (changed, annotations) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', annotations },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'a', image: 'a', ...(changed ? { command: ['sleep'] } : {}) }],
  },
});

const disk: Make = (changed, annotations) => ({
  apiVersion: 'acme.io/v1',
  kind: 'Disk',
  metadata: { name: 'x', annotations },
  spec: { size: changed ? 2 : 1 },
});

const claim: Make = (changed, annotations) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'x', annotations },
  spec: {
    accessModes: [changed ? 'ReadWriteMany' : 'ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
});

async function planned(request: ReleaseRequest) {
  const prepared = await prepareRelease({ client, request });
  return { problems: prepared.problems, changes: planOf(prepared).changes, objects: prepared.objects };
}

describe('a change that server-side apply alone would not make', () => {
  it.each<[string, Make]>([
    ['StatefulSet', workload('StatefulSet', { type: 'OnDelete' })],
    ['StatefulSet', workload('StatefulSet', { type: 'OnDelete', rollingUpdate: null })],
    ['DaemonSet', workload('DaemonSet', { type: 'OnDelete' })],
  ])('needs one step: %s from the default to OnDelete', async (kind, make) => {
    const namespace = await createNamespace(client, `on-delete-${kind.toLowerCase()}-${Date.now()}`);
    await deploy(client, requestFor(namespace, [make(false, {})]));
    const after = requestFor(namespace, [make(true, {})]);
    expect((await planned(after)).problems).toEqual([]);
    await deploy(client, after);
    const live = await client.get({ apiVersion: 'apps/v1', kind, namespace, name: 'x' });
    expect(valueAt(live ?? {}, ['spec', 'updateStrategy'])).toEqual({ type: 'OnDelete' });
    expect((await planned(after)).changes).toMatchObject([{ action: 'unchanged' }]);
  });
});

describe('a change that the server refuses', () => {
  it.each<[string, Make, JsonObject, JsonObject, string]>([
    ['a Pod', pod, {}, REPLACE, 'slipway.dev/replace: allow,'],
    ['a custom resource', disk, {}, REPLACE, 'slipway.dev/replace: allow,'],
  ])('names the way out, and it works: %s', async (title, make, lacking, whole, remedy) => {
    const namespace = await createNamespace(client, `refused-${title.toLowerCase().replaceAll(' ', '-')}`);
    await deploy(client, requestFor(namespace, [make(false, lacking)]));
    const refused = await planned(requestFor(namespace, [make(true, lacking)]));
    expect(refused.problems).toMatchObject([
      { code: 'cluster-refused', remedy: expect.stringContaining(remedy) },
    ]);
    const allowed = requestFor(namespace, [make(true, whole)]);
    const { problems, changes, objects } = await planned(allowed);
    expect(problems).toEqual([]);
    expect(changes).toMatchObject([{ action: 'replace' }]);
    const reference = referenceTo(objects[0]?.object as Parameters<typeof referenceTo>[0]);
    const before = await client.get(reference);
    await deploy(client, allowed);
    const after = await client.get(reference);
    expect(after?.metadata['uid']).not.toBe(before?.metadata['uid']);
    expect((await planned(allowed)).changes).toMatchObject([{ action: 'unchanged' }]);
  });

  it.each<[string, Make, JsonObject, JsonObject, string]>([
    ['a claim', claim, {}, BOTH, 'slipway.dev/replace: allow and slipway.dev/prune: allow'],
    ['a claim that may be replaced', claim, REPLACE, BOTH, 'the manifest with slipway.dev/prune: allow'],
  ])('names the annotations that are missing: %s', async (title, make, lacking, whole, remedy) => {
    const namespace = await createNamespace(client, `refused-${title.toLowerCase().replaceAll(' ', '-')}`);
    await deploy(client, requestFor(namespace, [make(false, lacking)]));
    const refused = await planned(requestFor(namespace, [make(true, lacking)]));
    expect(refused.problems).toMatchObject([
      { code: 'cluster-refused', remedy: expect.stringContaining(remedy) },
    ]);
    const { problems, changes } = await planned(requestFor(namespace, [make(true, whole)]));
    expect(problems).toEqual([]);
    expect(changes).toMatchObject([{ action: 'replace' }]);
  });

  it('is not replaced if a new object would be refused too', async () => {
    const namespace = await createNamespace(client, 'refused-anyway');
    await deploy(client, requestFor(namespace, [disk(false, REPLACE)]));
    const wrong = { ...disk(true, REPLACE), spec: { size: 1000 } };
    const { problems, changes } = await planned(requestFor(namespace, [wrong]));
    expect(problems).toMatchObject([{ code: 'cluster-refused' }]);
    expect(changes).toEqual([]);
  });
});
