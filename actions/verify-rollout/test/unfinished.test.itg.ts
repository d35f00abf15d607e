import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { until } from '@slipway/testkit/cluster';
import { configMap, ordered, workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { reportOf, useBundle } from './bundle-on-testbed.ts';
import { expireLock, type Stop, stoppedDeploy } from './stopped-deploy.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });
const { client } = bundle;

function job(name: string): KubernetesObject {
  const containers = [{ name: 'main', image: 'shop/migrate:1' }];
  const template = { spec: { restartPolicy: 'Never', containers } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
}

const INGRESS = { spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } };

function where({ metadata }: KubernetesObject) {
  return { name: metadata.name, namespace: String(metadata['namespace']) };
}

/** Three stages: configuration, the database, and what needs both. */
const before = [
  configMap('settings', { value: 'good' }),
  configMap('same', { value: 'good' }),
  configMap('leaves', { value: 'good' }),
  ordered(workload('db'), '-1'),
  workload('web'),
];
const after = [
  configMap('settings', { value: 'bad' }),
  configMap('same', { value: 'good' }),
  configMap('comes', { value: 'bad' }),
  ordered(workload('db', undefined, 'shop/main:2'), '-1'),
  workload('web', undefined, 'shop/main:2'),
  job('migrate'),
];

const untilReady = (namespace: string, name: string): Promise<void> =>
  until(async () => {
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
    const [updated, available] = ['updatedReplicas', 'availableReplicas'].map(field =>
      valueAt(live ?? null, ['status', field]),
    );
    return updated === 1 && available === 1;
  });

async function untilRecorded(namespace: string, number: number): Promise<void> {
  const record = { apiVersion: 'v1', kind: 'Secret', namespace, name: `slipway.shop.staging.${number}` };
  await until(async () => (await client.get(record)) !== undefined);
}

/** What the namespace has of the two releases, by kind and name. */
async function stateOf(namespace: string): Promise<Record<string, unknown>> {
  const list = async (apiVersion: string, kind: string) =>
    (await client.list({ apiVersion, kind, namespace })).items;
  const [maps, deployments, jobs] = await Promise.all([
    list('v1', 'ConfigMap'),
    list('apps/v1', 'Deployment'),
    list('batch/v1', 'Job'),
  ]);
  const entries = [
    ...maps.map(object => [object.metadata.name, valueAt(object, ['data', 'value'])] as const),
    ...deployments.map(
      object =>
        [
          object.metadata.name,
          valueAt(object, ['spec', 'template', 'spec', 'containers', 0, 'image']),
        ] as const,
    ),
    ...jobs.map(({ metadata }) => [metadata.name, 'job'] as const),
  ];
  return Object.fromEntries(entries.filter(([name]) => name !== 'kube-root-ca.crt'));
}

const RESTORED = { settings: 'good', same: 'good', leaves: 'good', db: 'shop/main:1', web: 'shop/main:1' };

function verify(namespace: string, inputs: Readonly<Record<string, string>> = {}) {
  return bundle.verify({ release: '2', namespace, 'stable-for': '0s', ...inputs });
}

describe('a release that deploy did not finish', () => {
  it.each<[Stop, string, RegExp]>([
    ['refusal', 'settings', /no settings today/],
    ['refusal', 'web', /no web today/],
    ['lost lock', 'db', /lost the lock/],
    ['kill before the write', 'comes', /it was killed/],
    ['kill after the write', 'db', /it was killed/],
    ['kill after the write', 'migrate', /it was killed/],
    ['kill after the write', 'web', /it was killed/],
    ['cancel', 'db', /the run was cancelled/],
  ])(
    'because of a %s at %s has failed and is rolled back, though everything is healthy',
    async (stop, at, reason) => {
      const namespace = await bundle.newNamespace();
      await close(client, await deployObjects(client, { namespace }, before));
      await stoppedDeploy(client, { namespace }, after, { stop, at });
      await expireLock(client, namespace);
      const step = await verify(namespace, { 'on-failure': 'rollback' });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rolled-back']);
      expect(reportOf(step).summary).toMatch(reason);
      expect(await stateOf(namespace)).toEqual(RESTORED);
      const verdicts = [1, 2, 3].map(async number => (await recordOf(client, namespace, number)).verdict);
      expect(await Promise.all(verdicts)).toEqual(['succeeded', 'rolled-back', 'succeeded']);
    },
  );

  it('because a stage ran out of time has failed for good, and prunes nothing', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, before));
    const slow = ordered(workload('db', 'slow', 'shop/main:2'), '-1');
    const objects = after.map(object => (object.metadata.name === 'db' ? slow : object));
    await expect(deployObjects(client, { namespace, timeout: 1_500 }, objects)).rejects.toThrow('db');
    // The database becomes ready after its 10 s, so that all that was written is healthy.
    await untilReady(namespace, 'db');
    for (const _ of ['first', 'second']) {
      const step = await verify(namespace);
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
      const { summary, objects: told } = reportOf(step);
      expect(summary).toMatch(
        /^deploy did not write the release completely: Deployment .*db stopped making progress/,
      );
      const unwritten = told.filter(({ reason }) => reason === 'NotApplied');
      expect(unwritten.map(({ object }) => object.name.replace(/-[0-9a-f]{10}$/, '')).sort()).toEqual([
        'migrate',
        'web',
      ]);
      expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'failed', jobs: {} });
    }
    expect(await stateOf(namespace)).toMatchObject({ leaves: 'good', web: 'shop/main:1' });
  });

  it('yet is waited for, and succeeds once it is written', async () => {
    const namespace = await bundle.newNamespace();
    const slow = ordered(workload('db', 'slow'), '-1');
    const deploying = deployObjects(client, { namespace }, [slow, workload('web')]);
    await untilRecorded(namespace, 1);
    const step = await bundle.verify({ release: '1', namespace, 'stable-for': '0s' });
    expect(step.log).toMatch(/Release 1 is not written yet; waiting until no run writes it/);
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
    expect((await deploying).number).toBe(1);
  });

  it('because it is still being written is not judged at all', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, before));
    await stoppedDeploy(client, { namespace }, after, { stop: 'kill after the write', at: 'db' });
    const step = await verify(namespace, { 'lock-timeout': '1s' });
    expect(step.exitCode).toBe(1);
    expect(step.outputs['verdict']).toBeUndefined();
    expect(step.log).toMatch(/Release 2 is not written yet; waiting until no run writes it/);
    expect(step.annotations.find(({ severity }) => severity === 'error')?.message).toMatch(
      /has been locked by .*runs\/1/,
    );
    expect((await recordOf(client, namespace, 2)).verdict).toBeUndefined();
  });
});

describe('a release of which something is no longer as it was written', () => {
  it.each(['ConfigMap', 'Secret', 'ServiceAccount', 'Ingress'])(
    'has failed where a %s was deleted',
    async kind => {
      const namespace = await bundle.newNamespace();
      const apiVersion = kind === 'Ingress' ? 'networking.k8s.io/v1' : 'v1';
      const object = { apiVersion, kind, metadata: { name: 'lost' }, ...(kind === 'Ingress' ? INGRESS : {}) };
      await deployObjects(client, { namespace }, [object, configMap('same', { value: 'good' })]);
      await client.delete({ apiVersion, kind, namespace, name: 'lost' });
      const step = await bundle.verify({ release: '1', namespace });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
      expect(reportOf(step).summary).toMatch(
        new RegExp(`^${kind} .*lost failed: it was deleted after it was applied`),
      );
    },
  );

  it.each<[string, (live: KubernetesObject) => Promise<unknown>, RegExp]>([
    [
      'made again by someone else',
      async live => {
        await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', ...where(live) });
        await client.create({ ...configMap('lost', { value: 'other' }), metadata: where(live) });
      },
      /it was replaced by another object of the same name/,
    ],
    [
      'replaced in its place',
      live => client.update({ ...configMap('lost', { value: 'other' }), metadata: where(live) }),
      /someone replaced it/,
    ],
    [
      'taken over by another formation',
      live =>
        client.patch(
          { apiVersion: 'v1', kind: 'ConfigMap', ...where(live) },
          {
            metadata: {
              labels: { 'applyset.kubernetes.io/part-of': 'applyset-other-v1' },
              annotations: { 'slipway.dev/release': '7' },
            },
          },
        ),
      /it was taken over by another formation, in its release "7"/,
    ],
  ])('has failed where a ConfigMap was %s', async (_, change, words) => {
    const namespace = await bundle.newNamespace();
    await deployObjects(client, { namespace }, [
      configMap('lost', { value: 'good' }),
      configMap('same', { value: 'good' }),
    ]);
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'lost' });
    if (live === undefined) throw new Error('it was not written');
    await change(live);
    const step = await bundle.verify({ release: '1', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(reportOf(step).summary).toMatch(words);
  });

  it('has failed where a ConfigMap is deleted while it is watched', async () => {
    const namespace = await bundle.newNamespace();
    await deployObjects(client, { namespace }, [workload('api'), configMap('lost', { value: 'good' })]);
    const lost = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'lost' };
    const onLine = (line: string): void => {
      if (/Deployment .*ready/.test(line)) void client.delete(lost);
    };
    const inputs = { release: '1', namespace, 'stable-for': '3s' };
    const step = await bundle.verify(inputs, undefined, { onLine });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
  });
});
