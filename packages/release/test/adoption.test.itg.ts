import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, silentLogger, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { toolPath } from '@slipway/testbed';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, planOf, prepareRelease, rollBack } from '../src/index.ts';
import { clock, codesOf, deployment, never } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);
let folder: string;

const run = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adoption-'));
});

const OURS = 'slipway:shop/staging';

const settings = (data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  ...configMap('settings', data),
  metadata: { name: 'settings', ...metadata },
});

async function kubectlApply(namespace: string, objects: readonly JsonObject[]): Promise<void> {
  const file = join(folder, `${namespace}.json`);
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await run(cluster.kubectl ?? '', ['apply', '-n', namespace, '-f', file], {
    env: { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: folder },
  });
}

const liveSettings = async (namespace: string): Promise<KubernetesObject> => {
  const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
  if (live === undefined) throw new Error('there are no settings');
  return live;
};

const managersOf = ({ metadata }: KubernetesObject): string[] => {
  const entries = metadata['managedFields'];
  return Array.isArray(entries) ? entries.filter(isJsonObject).map(({ manager }) => String(manager)) : [];
};

const annotationsOf = ({ metadata }: KubernetesObject) => textMap(metadata['annotations'] ?? null);

/** Adopts, and then removes a field from the manifest, which must really be removed. */
async function expectMoved(namespace: string): Promise<void> {
  const adopting = requestFor(namespace, [settings({ kept: 'ours', later: 'gone' })], { adopt: true });
  const prepared = await prepareRelease({ client, request: adopting });
  expect(prepared.problems).toEqual([]);
  const [change] = planOf(prepared).changes;
  expect(change).toMatchObject({ action: 'change', note: expect.stringContaining('adopted') });
  expect(change?.fields).toEqual(
    expect.arrayContaining([
      { pointer: '/data/kept', before: 'theirs', after: 'ours' },
      { pointer: '/data/dropped', before: 'theirs' },
    ]),
  );
  await deploy(client, adopting);
  const adopted = await liveSettings(namespace);
  expect(adopted['data']).toEqual({ kept: 'ours', later: 'gone' });
  expect(managersOf(adopted)).toEqual([OURS]);
  expect(annotationsOf(adopted)).not.toHaveProperty(['kubectl.kubernetes.io/last-applied-configuration']);
  await deploy(client, requestFor(namespace, [settings({ kept: 'ours' })]));
  expect((await liveSettings(namespace))['data']).toEqual({ kept: 'ours' });
}

const THEIRS = { kept: 'theirs', later: 'gone', dropped: 'theirs' };

describe('adopting', () => {
  it('what kubectl applied client-side moves its fields, and removes its annotation', async () => {
    const namespace = await createNamespace(client, 'from-kubectl');
    await kubectlApply(namespace, [settings(THEIRS)]);
    expect(annotationsOf(await liveSettings(namespace))).toHaveProperty([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
    const unasked = requestFor(namespace, [settings({ kept: 'ours' })]);
    expect(await codesOf(deploy(client, unasked))).toEqual(['object-foreign']);
    const at = { path: 'settings.yaml', line: 3, column: 1 };
    const written = {
      ...unasked,
      objects: unasked.objects.map(object => ({ ...object, positionAt: () => at })),
    };
    expect((await prepareRelease({ client, request: written })).problems).toMatchObject([{ at }]);
    await expectMoved(namespace);
    const again = await prepareRelease({
      client,
      request: requestFor(namespace, [settings({ kept: 'ours' })]),
    });
    expect(again.objects.map(({ action }) => action)).toEqual(['unchanged']);
  });

  it('what Helm installed moves its fields, and removes its marks', async () => {
    const namespace = await createNamespace(client, 'from-helm');
    const chart = join(folder, 'chart');
    const helm = await toolPath('helm');
    await run(helm, ['create', chart], { env: { HOME: folder } });
    await run('rm', ['-r', join(chart, 'templates')]);
    await run('mkdir', [join(chart, 'templates')]);
    await writeFile(join(chart, 'templates/settings.yaml'), JSON.stringify(settings(THEIRS)));
    await run(helm, ['install', 'old', chart, '-n', namespace], {
      env: { HOME: folder, KUBECONFIG: cluster.kubeconfig, PATH: dirname(helm) },
    });
    const unasked = requestFor(namespace, [settings({ kept: 'ours' })]);
    const { problems } = await prepareRelease({ client, request: unasked });
    expect(problems).toMatchObject([
      { code: 'object-foreign', message: expect.stringContaining('the Helm release "old"') },
    ]);
    await expectMoved(namespace);
    const live = await liveSettings(namespace);
    expect(annotationsOf(live)).not.toHaveProperty(['meta.helm.sh/release-name']);
    expect(textMap(live.metadata['labels'] ?? null)).not.toHaveProperty(['app.kubernetes.io/managed-by']);
  });

  it.each<[string, string, JsonObject]>([
    [
      'Argo CD',
      'argocd-controller',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/settings' } },
    ],
    ['Flux', 'kustomize-controller', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }],
  ])('what %s applied moves its fields and takes its marks away', async (name, manager, metadata) => {
    const namespace = await createNamespace(client, `from-${manager}`);
    const theirs = settings(THEIRS, { ...metadata, namespace }) as KubernetesObject;
    await client.apply(theirs, { fieldManager: manager });
    const { problems } = await prepareRelease({
      client,
      request: requestFor(namespace, [settings({ kept: 'ours' })]),
    });
    expect(problems).toMatchObject([{ code: 'object-foreign', message: expect.stringContaining(name) }]);
    await expectMoved(namespace);
    const live = await liveSettings(namespace);
    expect(annotationsOf(live)).not.toHaveProperty(['argocd.argoproj.io/tracking-id']);
    expect(live.metadata['labels']).not.toHaveProperty(['kustomize.toolkit.fluxcd.io/name']);
  });

  it('leaves fields to the controllers that own them, and is refused if the manifest contradicts them', async () => {
    const namespace = await createNamespace(client, 'from-mixed');
    await kubectlApply(namespace, [deployment('api')]);
    const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
    const patch: KubernetesObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api', namespace },
      spec: { minReadySeconds: 5, progressDeadlineSeconds: 700 },
    };
    await client.apply(patch, { fieldManager: 'some-operator', force: true });
    const conflicting = requestFor(namespace, [deployment('api', { minReadySeconds: 1 })], { adopt: true });
    const { problems } = await prepareRelease({ client, request: conflicting });
    expect(problems).toMatchObject([
      { code: 'cluster-field-conflict', message: expect.stringContaining('"some-operator"') },
    ]);
    await deploy(client, requestFor(namespace, [deployment('api')], { adopt: true }));
    expect((await client.get(api))?.['spec']).toMatchObject({
      minReadySeconds: 5,
      progressDeadlineSeconds: 700,
      replicas: 2,
    });
  });

  it('does not let a rollback delete what others created', async () => {
    const namespace = await createNamespace(client, 'from-undone');
    const first = await deploy(client, requestFor(namespace, [configMap('own', {})]));
    await closeRelease(client, first.release, 'succeeded', clock);
    await kubectlApply(namespace, [settings(THEIRS)]);
    const both = [configMap('own', {}), settings({ kept: 'ours' })];
    const { release } = await deploy(client, requestFor(namespace, both, { adopt: true }));
    await rollBack({
      client,
      release,
      repository: 'acme/shop',
      actor: 'a',
      run: '',
      reason: 'x',
      lockTimeout: 5_000,
      timeout: 20_000,
      clock,
      signal: never,
      logger: silentLogger,
    });
    expect((await liveSettings(namespace))['data']).toEqual({ kept: 'ours' });
  });

  it('that is killed between moving the fields and applying is finished by the next run', async () => {
    const namespace = await createNamespace(client, 'from-killed');
    await kubectlApply(namespace, [settings(THEIRS)]);
    const dying: ClusterClient = {
      ...client,
      within: () => dying,
      patch: async (reference, patch, options) => {
        const answer = await client.patch(reference, patch, options);
        if (options?.dryRun === true) return answer;
        throw new Error('killed');
      },
    };
    const request = requestFor(namespace, [settings({ kept: 'ours' })], { adopt: true });
    await expect(deploy(dying, request)).rejects.toThrow('killed');
    expect((await liveSettings(namespace))['data']).toEqual(THEIRS);
    await deploy(client, request);
    expect((await liveSettings(namespace))['data']).toEqual({ kept: 'ours' });
  });
});
