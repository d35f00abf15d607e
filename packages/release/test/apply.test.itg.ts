import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { applySetId, prepareRelease, readRelease } from '../src/index.ts';
import { actionsOf, codesOf, deployment, snapshotOf } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster'] });

const client = useClient(() => testbed.cluster.kubeconfig);

function kubectlApply(namespace: string, manifest: string) {
  const { kubectl = '', kubeconfig = '' } = testbed.cluster;
  const set = ['--applyset', 'secret/slipway.shop.staging', '--prune'];
  return spawnSync(kubectl, ['apply', '--server-side', '--namespace', namespace, ...set, '--filename', '-'], {
    input: manifest,
    encoding: 'utf8',
    env: { KUBECONFIG: kubeconfig, HOME: testbed.directory, KUBECTL_APPLYSET: 'true' },
  });
}

describe('applying a release', () => {
  it('creates its objects in the set, under record 1, and leaves no lock', async () => {
    const namespace = await createNamespace(client, 'first');
    const request = requestFor(namespace, [configMap('settings', { a: '1' }), deployment('api')], {
      deploymentTag: 'v1',
    });
    const { prepared, release } = await deploy(client, request);
    expect(actionsOf(prepared)).toEqual({ 'ConfigMap settings': 'create', 'Deployment api': 'create' });
    expect(release).toMatchObject({ number: 1, application: 'shop', deploymentTag: 'v1', actor: 'someone' });
    const set = applySetId(request.identity, namespace);
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    expect(live?.metadata['labels']).toEqual({ 'applyset.kubernetes.io/part-of': set });
    expect(live?.metadata['annotations']).toMatchObject({
      'slipway.dev/release': '1',
      'slipway.dev/deployment-tag': 'v1',
    });
    expect(release.objects).toContainEqual(
      expect.objectContaining({
        kind: 'Deployment',
        uid: live?.metadata['uid'],
        generation: 1,
        written: true,
      }),
    );
    const parent = await client.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace,
      name: 'slipway.shop.staging',
    });
    expect(parent?.metadata).toMatchObject({
      labels: { 'applyset.kubernetes.io/id': set },
      annotations: {
        'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps',
        'slipway.dev/repository': 'acme/shop',
      },
    });
    expect(await readRelease(client, request.identity, 1)).toEqual(release);
    expect(Object.keys(await snapshotOf(client, namespace))).not.toContain('Lease slipway.shop.staging');
  });

  it('creates a set that kubectl recognises, and does not change, since another tool created it', async () => {
    const namespace = await createNamespace(client, 'kubectl');
    await deploy(client, requestFor(namespace, [configMap('settings', {})]));
    const manifest = JSON.stringify({ ...configMap('other', {}), metadata: { name: 'other', namespace } });
    const refused = kubectlApply(namespace, manifest);
    expect(refused.stderr).toContain('managed by tooling "slipway" instead of "kubectl"');
    expect(refused.status).toBe(1);
    // kubectl compares the id with its own only after that.
    const parent = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging' };
    await client.patch(parent, {
      metadata: { annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/v1.36.3' } },
    });
    const accepted = kubectlApply(namespace, manifest);
    expect(accepted.stdout).toContain('configmap/settings pruned');
    expect(accepted.status).toBe(0);
  });

  it('does not write objects that did not change', async () => {
    const namespace = await createNamespace(client, 'again');
    const objects = [configMap('settings', { a: '1' }), deployment('api'), configMap('empty', {})];
    await deploy(client, requestFor(namespace, objects, { deploymentTag: 'v1' }));
    const watched = ['ConfigMap settings', 'ConfigMap empty'];
    const before = await snapshotOf(client, namespace);
    const { prepared, release } = await deploy(
      client,
      requestFor(namespace, objects, { deploymentTag: 'v2' }),
    );
    expect(new Set(Object.values(actionsOf(prepared)))).toEqual(new Set(['unchanged']));
    expect(release.number).toBe(2);
    expect(release.objects.map(({ written }) => written)).toEqual([false, false, false]);
    const after = await snapshotOf(client, namespace);
    for (const name of watched) expect(after[name]).toBe(before[name]);
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    expect(live?.metadata['generation']).toBe(1);
    expect(live?.metadata['annotations']).toMatchObject({ 'slipway.dev/release': '1' });
  });

  it('says which fields change and which pods restart, and changes them', async () => {
    const namespace = await createNamespace(client, 'change');
    await deploy(client, requestFor(namespace, [configMap('settings', { a: '1' }), deployment('api')]));
    const changed = deployment('api', { replicas: 3 });
    const { prepared } = await deploy(
      client,
      requestFor(namespace, [configMap('settings', { a: '2' }), changed]),
    );
    expect(prepared.objects.map(({ action, fields }) => ({ action, fields }))).toEqual([
      { action: 'change', fields: [{ pointer: '/data/a', before: '1', after: '2' }] },
      { action: 'change', fields: [{ pointer: '/spec/replicas', before: 2, after: 3 }] },
    ]);
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(live?.['data']).toEqual({ a: '2' });
  });

  it('reports all refusals together and leaves the cluster as it was', async () => {
    const namespace = await createNamespace(client, 'refused');
    const before = await snapshotOf(client, namespace);
    const objects = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'far', namespace: 'default' } },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'wide' } },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'odd', labels: { 'slipway.dev/verdict': 'x' } },
      },
      configMap('twice', {}),
      configMap('twice', {}),
      deployment('bad', { unknown: true }),
      { apiVersion: 'example.org/v1', kind: 'Unknown', metadata: { name: 'x' } },
    ];
    expect(await codesOf(deploy(client, requestFor(namespace, objects)))).toEqual([
      'object-duplicate',
      'object-reserved',
      'object-outside',
      'object-outside',
      'cluster-refused',
      'cluster-unknown-kind',
    ]);
    expect(await snapshotOf(client, namespace)).toEqual(before);
  });

  it('gives the command to create a namespace that does not exist', async () => {
    const { problems } = await prepareRelease({
      client,
      request: requestFor('nowhere', [configMap('a', {})]),
    });
    expect(problems).toEqual([
      {
        code: 'namespace-missing',
        message: 'the namespace "nowhere" does not exist',
        remedy: 'create it: kubectl create namespace nowhere',
      },
    ]);
  });

  it('names the manager whose field it would take over, and takes it over only on request', async () => {
    const namespace = await createNamespace(client, 'conflict');
    await deploy(client, requestFor(namespace, [configMap('settings', { a: '1' })]));
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace },
      data: { a: 'theirs' },
    };
    await client.apply(theirs, { fieldManager: 'someone-else', force: true });
    const { problems } = await prepareRelease({
      client,
      request: requestFor(namespace, [configMap('settings', { a: '2' })]),
    });
    expect(problems.map(({ code }) => code)).toEqual(['cluster-field-conflict']);
    expect(problems[0]?.message).toContain('.data.a belongs to "someone-else"');
    await deploy(
      client,
      requestFor(namespace, [configMap('settings', { a: '2' })], { forceConflicts: true }),
    );
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(live?.['data']).toEqual({ a: '2' });
  });

  it('refuses an object of another owner, names the owner, and takes it over on request', async () => {
    const namespace = await createNamespace(client, 'foreign');
    await client.create(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'settings',
          namespace,
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
          annotations: { 'meta.helm.sh/release-name': 'old-shop' },
        },
        data: { a: '1' },
      },
      { fieldManager: 'helm' },
    );
    await deploy(client, requestFor(namespace, [configMap('own', {})]));
    const request = requestFor(namespace, [configMap('settings', { a: '2' }), configMap('own', {})]);
    const other = { ...request, objects: request.objects.slice(0, 1) };
    const { problems } = await prepareRelease({ client, request: { ...other, forceConflicts: true } });
    expect(problems).toMatchObject([
      { code: 'object-foreign', message: expect.stringContaining('Helm release "old-shop"') },
    ]);
    const { release } = await deploy(
      client,
      requestFor(namespace, [configMap('settings', { a: '2' })], { adopt: true }),
    );
    expect(release.objects).toMatchObject([{ name: 'settings', written: true }]);
    const ours = requestFor(namespace, [configMap('settings', { a: '3' })], { repository: 'evil/shop' });
    expect((await prepareRelease({ client, request: ours })).problems).toMatchObject([
      { code: 'object-foreign', message: expect.stringContaining('"acme/shop"') },
    ]);
    const namesake = requestFor(namespace, [configMap('settings', { a: '3' })], { application: 'other' });
    expect((await prepareRelease({ client, request: namesake })).problems.map(({ code }) => code)).toContain(
      'object-foreign',
    );
  });

  it('leaves the replicas to an autoscaler once it has set them', async () => {
    const namespace = await createNamespace(client, 'scaled');
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'api' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
        minReplicas: 1,
        maxReplicas: 9,
      },
    };
    const live = () => client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    await deploy(client, requestFor(namespace, [deployment('api', { replicas: 2 }), autoscaler]));
    await deploy(client, requestFor(namespace, [deployment('api', { replicas: 4 }), autoscaler]));
    expect((await live())?.['spec']).toMatchObject({ replicas: 2 });
    await client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' },
      { spec: { replicas: 7 } },
    );
    const changed = deployment('api', { replicas: 4, minReadySeconds: 1 });
    await deploy(client, requestFor(namespace, [changed, autoscaler]));
    expect((await live())?.['spec']).toMatchObject({ replicas: 7, minReadySeconds: 1 });
  });
});
