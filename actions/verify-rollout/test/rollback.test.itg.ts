import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Release, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { configMap, ordered, statefulSet, workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { reportOf, useBundle } from './bundle-on-testbed.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });
const { client } = bundle;

beforeAll(async () => {
  await client.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'lazy' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
});

function verifyRelease({ number, namespace }: Release, inputs: Readonly<Record<string, string>> = {}) {
  return bundle.verify({ release: String(number), namespace, ...inputs });
}

function exists(namespace: string, kind: string, name: string): Promise<boolean> {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return client.get({ apiVersion, kind, namespace, name }).then(object => object !== undefined);
}

/** Another run is about to write. */
async function holdLock(namespace: string): Promise<void> {
  await client.create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'slipway.shop.staging', namespace },
    spec: {
      holderIdentity: 'run 4711',
      leaseDurationSeconds: 30,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    },
  });
}

function claim(name: string): KubernetesObject {
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'lazy',
  };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec };
}

/** With all of a ConfigMap and a Secret in its environment. */
function configured(object: KubernetesObject): KubernetesObject {
  const copy = structuredClone(object) as KubernetesObject & {
    spec: { template: { spec: { containers: object[] } } };
  };
  const envFrom = [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'token' } }];
  copy.spec.template.spec.containers = copy.spec.template.spec.containers.map(container => ({
    ...container,
    envFrom,
  }));
  return copy;
}

/** What the Deployment's environment comes from. */
async function envSources(namespace: string): Promise<unknown> {
  const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
  return valueAt(live ?? null, ['spec', 'template', 'spec', 'containers', 0, 'envFrom']);
}

/** A policy and its binding, as a record keeps them. */
function forbiddingImage(image: string): NonNullable<Release['policies']>['documents'] {
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'images' },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['deployments'],
          },
        ],
      },
      validations: [
        {
          expression: `object.spec.template.spec.containers.all(c, c.image != "${image}")`,
          message: `no ${image} any more`,
        },
      ],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'images' },
    spec: { policyName: 'images', validationActions: ['Deny'] },
  };
  return [policy, binding].map((value, index) => ({ path: 'policies/images.yaml', line: index + 1, value }));
}

describe('a release that fails', () => {
  it('is rolled back to the newest one that succeeded, which is verified too', async () => {
    const namespace = await bundle.newNamespace();
    const good = [workload('api'), configMap('settings', { value: 'good' })];
    await close(client, await deployObjects(client, { namespace }, good));
    await deployObjects(client, { namespace }, [
      workload('api', 'image-pull'),
      configMap('settings', { value: 'worse' }),
    ]);
    const bad = [
      workload('api', 'crash-loop', 'shop/main:2'),
      configMap('settings', { value: 'bad' }),
      workload('extra'),
      claim('data'),
    ];
    const step = await verifyRelease(await deployObjects(client, { namespace }, bad), {
      'on-failure': 'rollback',
    });
    expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
      1,
      'rolled-back',
      '1',
    ]);
    const named = (kind: string, name: string) => expect.objectContaining({ kind, name });
    expect(reportOf(step).rolledBackTo).toEqual({
      release: 1,
      as: 4,
      released: (await recordOf(client, namespace, 4)).created,
      deploymentTag: 'v1',
      restored: [named('Deployment', 'api'), named('ConfigMap', 'settings')],
      removed: [named('Deployment', 'extra')],
      left: [named('PersistentVolumeClaim', 'data')],
      untouched: [],
    });
    expect(step.summary).toMatch(
      /- Left, as their kind is protected, they are not ours, or finalizers keep them: PersistentVolumeClaim/,
    );
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    expect(await client.get(settings)).toMatchObject({ data: { value: 'good' } });
    expect(await exists(namespace, 'Deployment', 'extra')).toBe(false);
    expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'rolled-back' });
    expect(await recordOf(client, namespace, 4)).toMatchObject({
      verdict: 'succeeded',
      rollbackOf: 3,
      restores: 1,
    });
    expect(step.summary).toContain('### After the rollback');
  });

  it('is rolled back also where a StatefulSet is stuck on a pod that never becomes ready', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [statefulSet('db')]));
    const release = await deployObjects(client, { namespace }, [
      statefulSet('db', { behaviour: 'crash-loop' }),
    ]);
    const step = await verifyRelease(release, { 'on-failure': 'rollback' });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rolled-back']);
    expect(reportOf(step).summary).toMatch(
      /^StatefulSet shop-\d+\/db failed: container "main" of pod "db-\d"/,
    );
  });

  it('is undone also where deploy stopped half-way', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const broken = ordered(workload('api', 'config-error'), '-1');
    await expect(deployObjects(client, { namespace }, [broken, workload('web')])).rejects.toThrow();
    const release = await recordOf(client, namespace, 2);
    const step = await verifyRelease(release, { 'on-failure': 'rollback' });
    expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
      1,
      'rolled-back',
      '1',
    ]);
    expect(reportOf(step).objects).toContainEqual(
      expect.objectContaining({ message: 'it was never applied: the release stopped before it' }),
    );
  });

  it('is not rolled back where nothing succeeded before, and that is said', async () => {
    const namespace = await bundle.newNamespace();
    const release = await deployObjects(client, { namespace, verify: { 'on-failure': 'rollback' } }, [
      workload('api', 'crash-loop'),
    ]);
    const step = await verifyRelease(release);
    expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
      1,
      'failed',
      '',
    ]);
    expect(reportOf(step).summary).toContain('Nothing was rolled back: no release before it succeeded');
    expect(await exists(namespace, 'Deployment', 'api')).toBe(true);
  });

  it('says what state things are in when the rollback fails as well', async () => {
    const namespace = await bundle.newNamespace();
    // It succeeded then and would not today.
    await close(client, await deployObjects(client, { namespace }, [workload('api', 'crash-loop')]));
    const step = await verifyRelease(
      await deployObjects(client, { namespace }, [workload('api', 'crash-loop', 'shop/main:2')]),
      { 'on-failure': 'rollback' },
    );
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
    expect(reportOf(step).summary).toMatch(
      /Release 1 was put back as release 3, and that failed too: .*exit code 3/,
    );
    expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'failed' });
  });

  it('does not call its rollback a failure where a newer release overtakes that', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const worse = workload('api', 'crash-loop', 'shop/main:2');
    const { number } = await deployObjects(client, { namespace }, [worse]);
    const step = await bundle.verifyWhile(
      { release: String(number), namespace, 'on-failure': 'rollback', 'stable-for': '5m' },
      /^Put back: /,
      () => deployObjects(client, { namespace }, [workload('api', undefined, 'shop/main:3')]),
    );
    expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
      1,
      'superseded',
      '1',
    ]);
    expect(step.summary).toMatch(/^## ⏭️ shop\/staging at main: <code>v1<\/code> was superseded by a newer/m);
    expect(reportOf(step).summary).toMatch(
      /exit code 3.*\. Release 1 was put back as release 3, but a newer release has started, so this one is no longer watched$/,
    );
    expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'failed' });
  });

  it('has its configuration and secrets back too', async () => {
    const namespace = await bundle.newNamespace();
    const objects = (value: string, behaviour?: string) => [
      configured(workload('api', behaviour)),
      configMap('settings', { value: value }),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { token: value } },
    ];
    await close(client, await deployObjects(client, { namespace }, objects('good')));
    const before = await envSources(namespace);
    const release = await deployObjects(client, { namespace }, objects('bad', 'crash-loop'));
    expect(await envSources(namespace)).not.toEqual(before);
    const step = await verifyRelease(release, { 'on-failure': 'rollback' });
    expect(step.outputs['verdict']).toBe('rolled-back');
    expect(await envSources(namespace)).toEqual(before);
  });

  it('stays where the policies of today forbid what was there before', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const rules = { packs: [], documents: forbiddingImage('shop/main:1') };
    const worse = workload('api', 'crash-loop', 'shop/main:2');
    const step = await verifyRelease(await deployObjects(client, { namespace, rules }, [worse]), {
      'on-failure': 'rollback',
    });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
    expect(reportOf(step).summary).toMatch(
      /Rolling back failed too: .*no shop\/main:1 any more.* Nothing was changed: what release 2 applied is still there$/,
    );
  });

  it('says that nothing was changed where rolling back is refused', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const release = await deployObjects(client, { namespace }, [
      workload('api', 'crash-loop', 'shop/main:2'),
    ]);
    await holdLock(namespace);
    const step = await verifyRelease(release, { 'on-failure': 'rollback', 'lock-timeout': '1s' });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
    expect(reportOf(step).summary).toMatch(
      /Rolling back failed too: .*run 4711.* Nothing was changed: what release 2 applied is still there$/,
    );
    expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'rollback-failed' });
  });
});
