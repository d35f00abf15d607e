import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { toolPath } from '@slipway/testbed';
import { configMap, workload } from '@slipway/testkit/objects';
import { reportOf, useBundle } from './bundle-on-testbed.ts';
import { runKubectl } from './watch-again.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });
let helm: string;

beforeAll(async () => {
  helm = await toolPath('helm');
});

/** A chart with these objects; what is JSON is YAML too. */
function writeChart(objects: readonly KubernetesObject[]): string {
  const chart = bundle.newFolder();
  mkdirSync(join(chart, 'templates'));
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  objects.forEach((object, index) => {
    writeFileSync(join(chart, 'templates', `${index}.yaml`), JSON.stringify(object));
  });
  return chart;
}

async function upgrade(namespace: string, objects: readonly KubernetesObject[], ...more: string[]) {
  const where = [`--kubeconfig=${bundle.kubeconfig}`, `--namespace=${namespace}`];
  const home = bundle.newFolder();
  const args = ['upgrade', '--install', 'shop', writeChart(objects), ...where, ...more];
  await promisify(execFile)(helm, args, { env: { HOME: home, PATH: process.env['PATH'] } });
}

describe("a release of Helm's", () => {
  it('succeeds when its objects do', async () => {
    const namespace = await bundle.newNamespace();
    await upgrade(namespace, [workload('api'), configMap('settings', { value: 'a' })]);
    await upgrade(namespace, [
      workload('api', undefined, 'shop/main:2'),
      configMap('settings', { value: 'b' }),
    ]);
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
    expect(reportOf(step).objects).toHaveLength(2);
    expect(step.log).toContain("Revision 2 of Helm's release shop: 2 objects");
  });

  it('fails with the reason, where Helm itself calls it deployed', async () => {
    const namespace = await bundle.newNamespace();
    await upgrade(namespace, [workload('api', 'crash-loop')]);
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(reportOf(step).summary).toMatch(/Deployment shop-\d+\/api failed: .*exit code 3/);
  });

  it('is not a success if Helm calls it failed, whatever the state of its objects', async () => {
    const namespace = await bundle.newNamespace();
    const slow = upgrade(namespace, [workload('api', 'slow')], '--wait', '--timeout=2s');
    await expect(slow).rejects.toThrow();
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(reportOf(step).summary).toMatch(
      /^Helm calls revision 1 of "shop" "failed": ".+"; of its objects: 1 object became ready/,
    );
  });

  it('is superseded by its next revision', async () => {
    const namespace = await bundle.newNamespace();
    await upgrade(namespace, [workload('api', 'never-ready')]);
    const step = await bundle.verifyWhile({ 'helm-release': 'shop', namespace }, /[Rr]evision 1 of /, () =>
      upgrade(namespace, [workload('api')]),
    );
    expect(step.outputs['verdict']).toBe('superseded');
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'that is still being worked on',
      { status: 'pending-upgrade' },
      /revision 1 of Helm's release "shop" is "pending-upgrade"; wait until Helm has ended/,
    ],
    ['whose record is junk', {}, /Helm's record of the release "shop" cannot be read; see helm status/],
  ])('is refused with one sentence: one %s', async (_, info, sentence) => {
    const { gzipSync } = await import('node:zlib');
    const namespace = await bundle.newNamespace();
    const release = gzipSync(JSON.stringify({ name: 'shop', version: 1, info, manifest: '' })).toString(
      'base64',
    );
    await bundle.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'sh.helm.release.v1.shop.v1',
        namespace,
        labels: { owner: 'helm', name: 'shop', version: '1' },
      },
      type: 'helm.sh/release.v1',
      stringData: { release: 'status' in info ? release : 'junk' },
    });
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect(step.annotations).toMatchObject([{ severity: 'error', message: expect.stringMatching(sentence) }]);
  });

  const kubectl = async (namespace: string, ...args: string[]): Promise<void> => {
    await runKubectl(bundle.testbed.cluster, namespace, args);
  };
  const changedLater = async (namespace: string, ...args: string[]): Promise<void> => {
    // The API server notes to a second when someone wrote.
    await sleep(1_100);
    await kubectl(namespace, ...args);
  };
  const patched = (what: string, patch: JsonObject): string[] => [
    'patch',
    ...what.split(' '),
    '--type=merge',
    '-p',
    JSON.stringify(patch),
  ];
  const web = (replicas: number): KubernetesObject => ({
    ...workload('api'),
    spec: { ...(workload('api')['spec'] as JsonObject), replicas },
  });

  it.each<[string, string[], RegExp]>([
    [
      'an image',
      ['set', 'image', 'deployment/api', 'main=shop/main:2'],
      /Deployment .*api failed: since the release .*image was overwritten by "kubectl-set"/,
    ],
    [
      'a key of a ConfigMap',
      patched('configmap settings', { data: { value: 'bad' } }),
      /ConfigMap .*settings failed: since the release \/data\/value was overwritten by "kubectl-patch"/,
    ],
    [
      'a value of a Secret',
      patched('secret login', { stringData: { password: 'tr0ub4dor' } }),
      /Secret .*login failed: since the release \/data\/password was overwritten by "kubectl-patch"/,
    ],
  ])('fails once someone overwrote %s', async (_what, args, sentence) => {
    const namespace = await bundle.newNamespace();
    const login = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'login' },
      stringData: { password: 'correct' },
    };
    await upgrade(namespace, [web(2), configMap('settings', { value: 'good' }), login]);
    await changedLater(namespace, ...args);
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(reportOf(step).summary).toMatch(sentence);
    expect(JSON.stringify(step)).not.toContain('tr0ub4dor');
  });

  it('succeeds though others wrote what is not its own, or before it, or what an autoscaler sets', async () => {
    const namespace = await bundle.newNamespace();
    const autoscaler: KubernetesObject = {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'api' } },
      spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } },
    };
    const objects = [web(2), autoscaler, configMap('settings', { value: 'good', other: 'a' })];
    await upgrade(namespace, objects);
    await changedLater(namespace, ...patched('configmap settings', { data: { value: 'good', mine: 'b' } }));
    await upgrade(namespace, objects, '--set=x=y');
    await changedLater(namespace, 'rollout', 'restart', 'deployment/api');
    await kubectl(namespace, 'label', 'configmap/settings', 'more=1');
    const step = await bundle.verify({ 'helm-release': 'shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
  });

  it('that is not there is refused with one sentence', async () => {
    const step = await bundle.verify({ 'helm-release': 'shop', namespace: 'default' });
    expect(step.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /Helm has no release "shop" in namespace "default"; check "helm-release"/,
        ),
      },
    ]);
  });
});

describe('manifests that another tool applies', () => {
  const apply = (namespace: string, object: KubernetesObject) =>
    bundle.client.apply(
      { ...object, metadata: { ...object.metadata, namespace } },
      { fieldManager: 'argocd', force: true },
    );

  function written(...objects: readonly KubernetesObject[]): string {
    const workspace = bundle.newFolder();
    objects.forEach((object, index) => {
      writeFileSync(join(workspace, `${index}.yaml`), JSON.stringify(object));
    });
    return workspace;
  }

  it('are waited for until the live objects are what they say', async () => {
    const namespace = await bundle.newNamespace();
    await apply(namespace, workload('api', undefined, 'shop/main:1'));
    const workspace = written(
      workload('api', undefined, 'shop/main:2'),
      configMap('settings', { value: 'b' }),
    );
    const step = await bundle.verifyWhile(
      { manifests: '*.yaml', namespace },
      /containers\/0\/image is "shop\/main:1", not/,
      async () => {
        await apply(namespace, workload('api', undefined, 'shop/main:2'));
        await apply(namespace, configMap('settings', { value: 'b' }));
      },
      workspace,
    );
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
    expect(step.log).toContain(
      'it does not match its manifest yet: /spec/template/spec/containers/0/image is "shop/main:1", not "shop/main:2"',
    );
  });

  it('are not a success while the live objects differ', async () => {
    const namespace = await bundle.newNamespace();
    await apply(namespace, workload('api', undefined, 'shop/main:1'));
    const workspace = written(workload('api', undefined, 'shop/main:2'));
    const step = await bundle.verify({ manifests: '*.yaml', namespace, timeout: '3s' }, workspace);
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'timed-out']);
    expect(reportOf(step).summary).toMatch(
      /does not match its manifest yet: .*image is .*; check that the manifest is applied/,
    );
  });

  it('leave the replicas to an autoscaler', async () => {
    const namespace = await bundle.newNamespace();
    await apply(namespace, {
      ...workload('api'),
      spec: { ...(workload('api')['spec'] as JsonObject), replicas: 2 },
    });
    const autoscaler: KubernetesObject = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'api' },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } },
    };
    await apply(namespace, autoscaler);
    const step = await bundle.verify(
      { manifests: '*.yaml', namespace },
      written(workload('api'), autoscaler),
    );
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
  });

  it('say where an annotation is wrong', async () => {
    const annotated = {
      ...workload('api'),
      metadata: { name: 'api', annotations: { 'slipway.dev/timeout': 'soon' } },
    };
    const step = await bundle.verify({ manifests: '*.yaml', namespace: 'default' }, written(annotated));
    expect(step.annotations).toMatchObject([
      {
        severity: 'error',
        message: expect.stringMatching(
          /Deployment api has slipway.dev\/timeout "soon", which is not a duration; write a duration in quotes/,
        ),
        file: '0.yaml',
      },
    ]);
  });
});
