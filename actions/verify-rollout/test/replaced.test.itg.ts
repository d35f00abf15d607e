import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Release } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { configMap, workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { runKubectl, watchAgain } from './watch-again.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);
let used = 0;

const kubectl = (namespace: string, args: readonly string[], object?: KubernetesObject) =>
  runKubectl(cluster, namespace, args, object);

const ROLE: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'same' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
};

const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'same' },
  spec: { type: 'ExternalName', externalName: 'example.com' },
};

/** A release that leaves everything but one ConfigMap as the release before it wrote it. */
async function secondRelease(unchanged: readonly KubernetesObject[]): Promise<Release> {
  const namespace = `replaced-${++used}`;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const first = await deployObjects(client, { namespace }, [...unchanged, configMap('own', { value: 'a' })]);
  await close(client, first);
  return await deployObjects(client, { namespace }, [...unchanged, configMap('own', { value: 'b' })]);
}

const sameIn = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

describe('an object that a release left as it was', () => {
  it.concurrent.each<[string, KubernetesObject]>([
    ['ConfigMap', configMap('same', { value: 'a' })],
    ['Role', ROLE],
    ['Service', SERVICE],
    ['Deployment', { ...workload('same') }],
  ])('and that someone replaced in place, a %s, has failed', async (_kind, object) => {
    const release = await secondRelease([object]);
    const { namespace, objects } = release;
    expect(objects.find(({ name }) => name === 'same')).toMatchObject({ written: false });
    expect((await watchAgain(client, release)).verdict).toBe('succeeded');
    await kubectl(namespace, ['replace', '-f'], object);
    const live = await client.get(referenceTo(sameIn(object, namespace)));
    expect(live?.metadata['uid']).toBe(objects.find(({ name }) => name === 'same')?.uid);
    const { verdict, summary } = await watchAgain(client, release);
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(/same failed: someone replaced it/)]);
  });
});

describe('an object that was failing before the release, and that the release did not write', () => {
  const failing = (): KubernetesObject => workload('same', 'never-ready');
  const reference = (namespace: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    name: 'same',
  });

  it.concurrent('is excused while it is still there as it was', async () => {
    const release = await secondRelease([failing()]);
    expect(release.objects.find(({ name }) => name === 'same')).toMatchObject({ healthyBefore: false });
    const { verdict, summary } = await watchAgain(client, release);
    expect([verdict, summary]).toEqual(['succeeded', expect.stringMatching(/1 object already failing/)]);
  });

  it.concurrent.each<[string, (release: Release) => Promise<void>, RegExp]>([
    [
      'was deleted',
      ({ namespace }) => client.delete(reference(namespace)).then(() => {}),
      /it (was deleted after it was applied|is being deleted)/,
    ],
    [
      'was replaced by another one',
      ({ namespace }) => kubectl(namespace, ['replace', '--force', '-f'], failing()),
      /it was replaced by another object/,
    ],
    [
      'was replaced in place',
      ({ namespace }) => kubectl(namespace, ['replace', '-f'], failing()),
      /someone replaced it/,
    ],
    [
      'was given another image',
      ({ namespace }) => kubectl(namespace, ['set', 'image', 'deployment/same', 'main=shop/main:2']),
      /image was overwritten by "kubectl-set"/,
    ],
    [
      'is being deleted, which a finalizer holds up',
      async ({ namespace }) => {
        await client.patch(reference(namespace), { metadata: { finalizers: ['example.com/stays'] } });
        await client.delete(reference(namespace));
      },
      /it is being deleted/,
    ],
    [
      'was taken over by another formation',
      async ({ namespace }) => {
        const labels: JsonObject = { 'applyset.kubernetes.io/part-of': 'applyset-of-another-v1' };
        await client.patch(reference(namespace), { metadata: { labels } });
      },
      /it was taken over by another formation/,
    ],
  ])('is not excused once it %s', async (_what, change, words) => {
    const release = await secondRelease([failing()]);
    await change(release);
    const { verdict, summary } = await watchAgain(client, release);
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(words)]);
    expect((await recordOf(client, release.namespace, 2)).verdict).toBeUndefined();
  });
});
