import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { deploy, type ReleaseChanges, requestFor } from '@slipway/testkit/releases';
import { prepareRelease } from '../src/index.ts';
import {
  defineScalable,
  hpa,
  numbersSince,
  type Running,
  referenceOf,
  SCALED,
  versionNow,
  within,
  workload,
} from './support/scalable.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

beforeAll(async () => {
  await defineScalable(client);
});

/** How the workload came to its replicas: by hand or another tool, before Slipway knew it. */
const OWNERS = {
  'a client-side apply of kubectl': (object: KubernetesObject) =>
    client.create(object, { fieldManager: 'kubectl-client-side-apply' }),
  'a server-side apply of kubectl': (object: KubernetesObject) =>
    client.apply(object, { fieldManager: 'kubectl' }),
  Helm: (object: KubernetesObject) => client.apply(object, { fieldManager: 'helm' }),
  'another formation': (object: KubernetesObject) =>
    client.apply(object, { fieldManager: 'slipway:shop/other' }),
  'someone with curl': (object: KubernetesObject) => client.create(object, { fieldManager: 'curl' }),
} as const;

const release = (running: Running, objects: readonly JsonObject[], changes: ReleaseChanges = {}) =>
  deploy(client, requestFor(running.namespace, objects, changes));

describe.each(Object.entries(OWNERS))('replicas that belong to %s', (owner, create) => {
  it.each([
    ['no number', undefined],
    ['another number', 2],
  ])(
    'stay when a release with an autoscaler adopts the workload, and its manifest says %s',
    async (_, said) => {
      const namespace = await createNamespace(
        client,
        `adopt-${owner}-${said}`.toLowerCase().replaceAll(' ', '-'),
      );
      const running: Running = { namespace, kind: 'Deployment' };
      await create(within(namespace, workload('Deployment', 6)));
      await client.create(within(namespace, hpa('Deployment')));
      const since = await versionNow(client, running);
      const objects = [workload('Deployment', said, { minReadySeconds: 1 }), hpa('Deployment')];
      const { prepared } = await release(running, objects, { adopt: true });
      expect(prepared.objects.flatMap(({ fields }) => fields).map(({ pointer }) => pointer)).not.toContain(
        '/spec/replicas',
      );
      await release(running, [workload('Deployment', said, { minReadySeconds: 2 }), hpa('Deployment')]);
      expect(await numbersSince(client, running, since)).toEqual([6]);
    },
  );
});

describe.each(SCALED)('the replicas of a %s', (kind, name, autoscaler) => {
  const prefix = `${kind}-${name.includes('KEDA') ? 'keda' : 'hpa'}`.toLowerCase();
  const changed = { minReadySeconds: 1 };

  it(`stay when ${name} comes with the release that leaves the number to it`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-with`) };
    await release(running, [workload(kind, 5)]);
    const since = await versionNow(client, running);
    await release(running, [workload(kind, undefined, changed), autoscaler(kind)]);
    await release(running, [workload(kind, undefined), autoscaler(kind)]);
    expect(await numbersSince(client, running, since)).toEqual([5]);
  });

  it(`stay when the number is left to ${name} that someone else made`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-first`) };
    await release(running, [workload(kind, 5)]);
    await client.create(within(running.namespace, autoscaler(kind)));
    const since = await versionNow(client, running);
    await release(running, [workload(kind, undefined, changed)]);
    expect(await numbersSince(client, running, since)).toEqual([5]);
  });

  it(`stay when ${name} is added beside a number, which is dropped later`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-later`) };
    await release(running, [workload(kind, 5)]);
    const since = await versionNow(client, running);
    await release(running, [workload(kind, 2), autoscaler(kind)]);
    await release(running, [workload(kind, undefined, changed), autoscaler(kind)]);
    expect(await numbersSince(client, running, since)).toEqual([5]);
  });
});

describe('the replicas of a workload that an autoscaler has changed', () => {
  const scaled = async (name: string): Promise<Running> => {
    const running: Running = { kind: 'Deployment', namespace: await createNamespace(client, name) };
    await release(running, [workload('Deployment', 2), hpa('Deployment')]);
    await client.patch(referenceOf(running), { spec: { replicas: 7 } });
    return running;
  };

  it('stay when the workload is deleted and created again', async () => {
    const running = await scaled('created-again');
    const selector = { matchLabels: { app: 'api', tier: 'web' } };
    const { template } = workload('Deployment')['spec'] as JsonObject;
    const labelled = isJsonObject(template)
      ? { ...template, metadata: { labels: { app: 'api', tier: 'web' } } }
      : {};
    const replaced = workload('Deployment', undefined, { selector, template: labelled });
    const metadata = { name: 'api', annotations: { 'slipway.dev/replace': 'allow' } };
    const { prepared } = await release(running, [{ ...replaced, metadata }, hpa('Deployment')]);
    expect(prepared.objects[0]?.action).toBe('replace');
    expect(prepared.objects[0]?.fields.map(({ pointer }) => pointer)).not.toContain('/spec/replicas');
    const live = await client.get(referenceOf(running));
    expect(valueAt(live ?? {}, ['spec', 'selector'])).toEqual(selector);
    expect(valueAt(live ?? {}, ['spec', 'replicas'])).toBe(7);
  });

  it('stay with force-conflicts, even if they change between the comparison and the write', async () => {
    const running = await scaled('forced');
    const request = requestFor(
      running.namespace,
      [workload('Deployment', 3, { minReadySeconds: 1 }), hpa('Deployment')],
      { forceConflicts: true },
    );
    const since = await versionNow(client, running);
    let isScaled = false;
    const meanwhile: ClusterClient = {
      ...client,
      within: () => meanwhile,
      async apply(object, options) {
        if (options.dryRun !== true && object.kind === 'Deployment' && !isScaled) {
          isScaled = true;
          await client.patch(referenceOf(running), { spec: { replicas: 8 } });
        }
        return await client.apply(object, options);
      },
    };
    await deploy(meanwhile, request);
    expect((await client.get(referenceOf(running)))?.['spec']).toMatchObject({ minReadySeconds: 1 });
    expect((await numbersSince(client, running, since)).filter(number => number !== 7)).toEqual([8]);
  });

  it('are not part of a plan', async () => {
    const running = await scaled('planned');
    const request = requestFor(running.namespace, [workload('Deployment'), hpa('Deployment')]);
    const { objects } = await prepareRelease({ client, request });
    expect(objects.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });
});
