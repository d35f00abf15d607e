import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject, Release } from '@slipway/core';
import { type BundleOnTestbed, bundleOnTestbed, reportOf } from './bundle-on-testbed.ts';
import { close, configMap, deploy, ordered, recordOf, replicated, workload } from './releases.ts';

const START = 600_000;
const WAIT = 90_000;

let bundle: BundleOnTestbed;
let client: ClusterClient;

beforeAll(async () => {
  bundle = await bundleOnTestbed({ parts: ['cluster'], nodes: 2 });
  client = bundle.client;
  await client.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'lazy' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
}, START);

afterAll(async () => {
  await bundle?.stop();
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
      holderIdentity: 'somebody else',
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

describe('a release that fails', () => {
  it(
    'is rolled back to the newest one that succeeded, which is verified too',
    async () => {
      const namespace = await bundle.newNamespace();
      const good = [workload('api'), configMap('settings', 'good')];
      await close(client, await deploy(client, { namespace }, good));
      await deploy(client, { namespace }, [workload('api', 'image-pull'), configMap('settings', 'worse')]);
      const bad = [
        workload('api', 'config-error'),
        configMap('settings', 'bad'),
        workload('extra'),
        claim('data'),
      ];
      const step = await verifyRelease(await deploy(client, { namespace }, bad), {
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
        deploymentTag: 'v1',
        restored: [named('Deployment', 'api'), named('ConfigMap', 'settings')],
        removed: [named('Deployment', 'extra')],
        left: [named('PersistentVolumeClaim', 'data')],
        untouched: [],
      });
      expect(step.summary).toMatch(
        /- Left, as their kind is protected or they are not ours: PersistentVolumeClaim/,
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
    },
    WAIT,
  );

  it(
    'is rolled back also where a StatefulSet is stuck on a pod that never becomes ready',
    async () => {
      const namespace = await bundle.newNamespace();
      await close(client, await deploy(client, { namespace }, [replicated('db')]));
      const release = await deploy(client, { namespace }, [replicated('db', 'crash-loop')]);
      const step = await verifyRelease(release, { 'on-failure': 'rollback' });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rolled-back']);
      expect(reportOf(step).summary).toMatch(
        /^StatefulSet shop-\d+\/db failed: container "main" of pod "db-\d"/,
      );
    },
    WAIT,
  );

  it(
    'is undone also where deploy stopped half-way',
    async () => {
      const namespace = await bundle.newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const broken = ordered(workload('api', 'config-error'), '-1');
      await expect(deploy(client, { namespace }, [broken, workload('web')])).rejects.toThrow();
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
    },
    WAIT,
  );

  it(
    'is not rolled back where nothing succeeded before, and that is said',
    async () => {
      const namespace = await bundle.newNamespace();
      const release = await deploy(client, { namespace, verify: { 'on-failure': 'rollback' } }, [
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
    },
    WAIT,
  );

  it(
    'says what state things are in when the rollback fails as well',
    async () => {
      const namespace = await bundle.newNamespace();
      // It succeeded then and would not today.
      await close(client, await deploy(client, { namespace }, [workload('api', 'crash-loop')]));
      const step = await verifyRelease(
        await deploy(client, { namespace }, [workload('api', 'config-error')]),
        { 'on-failure': 'rollback' },
      );
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
      expect(reportOf(step).summary).toMatch(
        /Release 1 was put back as release 3, and that failed too: .*exit code 3/,
      );
      expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'failed' });
    },
    WAIT,
  );

  it(
    'says that nothing was changed where rolling back is refused',
    async () => {
      const namespace = await bundle.newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const release = await deploy(client, { namespace }, [workload('api', 'config-error')]);
      await holdLock(namespace);
      const step = await verifyRelease(release, { 'on-failure': 'rollback', 'lock-timeout': '1s' });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
      expect(reportOf(step).summary).toMatch(
        /Rolling back failed too: .*somebody.* Nothing was changed: what release 2 applied still stands$/,
      );
      expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'rollback-failed' });
    },
    WAIT,
  );
});
