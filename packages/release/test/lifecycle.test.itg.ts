import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, type Seal, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  applyRelease,
  closeRelease,
  listReleases,
  type OpenedSecrets,
  prepareRelease,
  pruneAfterSuccess,
  readRelease,
  rollBack,
  type Unseal,
} from '../src/index.ts';
import { actionsOf, clock, codesOf, deployment, never, secretsWith, snapshotOf } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster'] });

const client = useClient(() => testbed.cluster.kubeconfig);

const run = () => ({ client, clock, signal: never, logger: silentLogger });
const writer = () => ({ ...run(), repository: 'acme/shop', lockTimeout: 5_000, timeout: 20_000 });

const undo = (release: Release) =>
  rollBack({
    ...writer(),
    release,
    actor: 'someone',
    run: 'https://github.example/run/2',
    reason: 'it failed',
  });

const prune = (release: Release) =>
  pruneAfterSuccess({ ...run(), release, repository: 'acme/shop', holder: 'a test', timeout: 5_000 });

const names = async (namespace: string): Promise<string[]> =>
  Object.keys(await snapshotOf(client, namespace)).filter(name => !name.includes('slipway.'));

const configMapOf = async (namespace: string, name: string): Promise<unknown> =>
  (await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }))?.['data'];

const job = (command: string, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'slipway.dev/order': '-1' } },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { annotations },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'run', image: 'registry.example/app:1', command: [command] }],
      },
    },
  },
});

const jobNames = async (namespace: string): Promise<string[]> =>
  (await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace })).items.map(
    ({ metadata }) => metadata.name,
  );

const untilNoJobs = (namespace: string): Promise<void> =>
  until(async () => (await jobNames(namespace)).length === 0);

const reasonsIn = async (namespace: string): Promise<unknown[]> =>
  (await client.list({ apiVersion: 'v1', kind: 'Event', namespace })).items.map(({ reason }) => reason);

describe('pruning', () => {
  it('deletes what left the formation, but not before the release has succeeded', async () => {
    const namespace = await createNamespace(client, 'prune');
    await deploy(client, requestFor(namespace, [configMap('stays', {}), configMap('leaves', {})]));
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stranger', namespace } });
    const { release } = await deploy(client, requestFor(namespace, [configMap('stays', {})]));
    expect(await names(namespace)).toContain('ConfigMap leaves');
    const closed = await closeRelease(client, release, 'succeeded', clock);
    expect((await prune(closed)).map(({ name }) => name)).toEqual(['leaves']);
    expect(await names(namespace)).toEqual(expect.arrayContaining(['ConfigMap stays', 'ConfigMap stranger']));
    expect(await names(namespace)).not.toContain('ConfigMap leaves');
    expect(await readRelease(client, release, 2)).toMatchObject({
      verdict: 'succeeded',
      pruned: true,
      pending: [],
    });
  });

  it('does not delete objects that someone created again, claims without an annotation, or anything when nothing is deployed', async () => {
    const namespace = await createNamespace(client, 'prune-not');
    const claim = (name: string, annotations: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, annotations },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'none',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    const objects = [
      configMap('stays', {}),
      configMap('again', {}),
      claim('kept', {}),
      claim('given-up', { 'slipway.dev/prune': 'allow' }),
    ];
    const { prepared } = await deploy(client, requestFor(namespace, objects));
    const labels = prepared.objects[0]?.answer?.metadata['labels'] ?? {};
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'again' });
    await client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'again', namespace, labels },
    });
    const { release } = await deploy(client, requestFor(namespace, [configMap('stays', {})]));
    const removed = await prune(await closeRelease(client, release, 'succeeded', clock));
    expect(removed.map(({ name }) => name)).toEqual(['given-up']);
    expect(await names(namespace)).toContain('ConfigMap again');
    const { release: empty } = await deploy(client, requestFor(namespace, []));
    expect(await prune(await closeRelease(client, empty, 'succeeded', clock))).toEqual([]);
    expect(await names(namespace)).toContain('ConfigMap stays');
  });

  it('is done by the next deploy if no one verified, and then spares what that deploy contains again', async () => {
    const namespace = await createNamespace(client, 'prune-next');
    const all = [configMap('a', {}), configMap('b', {}), configMap('c', {})];
    await deploy(client, requestFor(namespace, all));
    await deploy(client, requestFor(namespace, all.slice(0, 1)));
    await deploy(client, requestFor(namespace, all.slice(0, 2)));
    expect(
      (await listReleases(client, requestFor(namespace, []).identity)).map(({ verdict }) => verdict),
    ).toEqual([undefined, 'succeeded', 'succeeded']);
    expect(await names(namespace)).toEqual(expect.arrayContaining(['ConfigMap a', 'ConfigMap b']));
    expect(await names(namespace)).not.toContain('ConfigMap c');
  });
});

describe('a release that no one verified', () => {
  it('has not succeeded for the next deploy if someone made one of its objects again', async () => {
    const namespace = await createNamespace(client, 'unverified-replaced');
    const all = [configMap('a', {}), configMap('b', {})];
    await deploy(client, requestFor(namespace, all));
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' };
    await client.delete(reference);
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'a' } });
    await deploy(client, requestFor(namespace, all));
    expect(await readRelease(client, requestFor(namespace, []).identity, 1)).toMatchObject({
      verdict: 'superseded',
    });
  });

  it('has for it if its Job completed and was removed at once, which then does not run again', async () => {
    const namespace = await createNamespace(client, 'unverified-job');
    const migration = job('one');
    const objects = [
      { ...migration, spec: { ...(migration['spec'] as JsonObject), ttlSecondsAfterFinished: 0 } },
    ];
    const { release } = await deploy(client, requestFor(namespace, objects));
    expect(release.jobs).toEqual({});
    await untilNoJobs(namespace);
    // The event is written on its own, at about the time at which the Job is removed.
    await until(async () => (await reasonsIn(namespace)).includes('Completed'));
    await deploy(client, requestFor(namespace, [configMap('b', {})]));
    const first = await readRelease(client, release, 1);
    expect([first.verdict, Object.keys(first.jobs ?? {}).length]).toEqual(['succeeded', 1]);
    const again = await prepareRelease({ client, request: requestFor(namespace, objects) });
    expect(Object.values(actionsOf(again))).toEqual(['skip']);
  });
});

describe('Jobs', () => {
  it('run once for each content, before the next stage, and are not run again after they are deleted', async () => {
    const namespace = await createNamespace(client, 'jobs');
    const objects = [deployment('api'), job('one')];
    const first = await deploy(client, requestFor(namespace, objects));
    const [name] = await jobNames(namespace);
    expect(name).toMatch(/^migrate-[0-9a-f]{10}$/);
    expect(Object.values(first.release.jobs ?? {})).toEqual([name]);
    const again = await deploy(client, requestFor(namespace, objects));
    expect(actionsOf(again.prepared)).toEqual({
      'Deployment api': 'unchanged',
      [`Job ${name}`]: 'unchanged',
    });
    await client.delete({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: name ?? '' });
    const gone = await deploy(client, requestFor(namespace, objects));
    expect(actionsOf(gone.prepared)[`Job ${name}`]).toBe('skip');
    expect(await jobNames(namespace)).toEqual([]);
    const { prepared } = await deploy(client, requestFor(namespace, [deployment('api'), job('two')]));
    expect(Object.values(actionsOf(prepared))).toEqual(['unchanged', 'create']);
    expect(await jobNames(namespace)).toHaveLength(1);
  });

  it.each<[string, JsonObject, JsonObject, (namespace: string) => Promise<void>]>([
    [
      'fail and are removed at once',
      { backoffLimit: 0, ttlSecondsAfterFinished: 0 },
      { 'testbed.slipway.dev/behaviour': 'crash-loop' },
      async () => {},
    ],
    [
      'are deleted while they run',
      {},
      { 'testbed.slipway.dev/behaviour': 'never-ready' },
      async namespace => {
        await until(async () => (await jobNames(namespace)).length > 0);
        const [name = ''] = await jobNames(namespace);
        await client.delete({ apiVersion: 'batch/v1', kind: 'Job', namespace, name });
      },
    ],
  ])(
    'that %s stop the release, and run again with the next one',
    async (what, spec, annotations, meanwhile) => {
      const namespace = await createNamespace(client, `jobs-${what.replaceAll(' ', '-')}`);
      const migration = job('one', annotations);
      const objects = [
        deployment('api'),
        { ...migration, spec: { ...(migration['spec'] as JsonObject), ...spec } },
      ];
      const [codes] = await Promise.all([
        codesOf(deploy(client, requestFor(namespace, objects))),
        meanwhile(namespace),
      ]);
      expect(codes).toEqual(['stage-failed']);
      expect(await names(namespace)).not.toContain('Deployment api');
      const record = await readRelease(client, requestFor(namespace, []).identity, 1);
      expect(record).toMatchObject({ verdict: 'failed', jobs: {}, stopped: expect.stringContaining('Job ') });
      await untilNoJobs(namespace);
      const again = await prepareRelease({ client, request: requestFor(namespace, objects) });
      expect(Object.values(actionsOf(again))).toEqual(['create', 'create']);
    },
  );

  it('that are suspended have not run', async () => {
    const namespace = await createNamespace(client, 'jobs-suspended');
    const migration = job('one');
    const spec = { ...(migration['spec'] as JsonObject), suspend: true };
    const { release } = await deploy(
      client,
      requestFor(namespace, [deployment('api'), { ...migration, spec }]),
    );
    expect(release.jobs).toEqual({});
    expect((await closeRelease(client, release, 'succeeded', clock)).jobs).toEqual({});
  });

  it('that fail stop the release before the next stage, and are run again by the next release', async () => {
    const namespace = await createNamespace(client, 'jobs-failed');
    const objects = [deployment('api'), job('one', { 'testbed.slipway.dev/behaviour': 'crash-loop' })];
    expect(await codesOf(deploy(client, requestFor(namespace, objects)))).toEqual(['stage-failed']);
    expect(await names(namespace)).not.toContain('Deployment api');
    const owner = requestFor(namespace, []).identity;
    const failed = await readRelease(client, owner, 1);
    expect(failed).toMatchObject({ verdict: 'failed', jobs: {} });
    expect(failed.applied).toBeUndefined();
    const again = await prepareRelease({ client, request: requestFor(namespace, objects) });
    expect(Object.values(actionsOf(again))).toEqual(['create', 'replace']);
    const before = (await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace })).items[0]?.metadata[
      'uid'
    ];
    expect(await codesOf(deploy(client, requestFor(namespace, objects)))).toEqual(['stage-failed']);
    const after = (await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace })).items[0]?.metadata[
      'uid'
    ];
    expect(after).not.toBe(before);
  });
});

describe('secrets', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'database' },
    stringData: { url: 'db://STAND-IN@host', user: 'shop' },
  };
  const seal: Seal = {
    file: 'manifests/secret.yaml',
    document: 0,
    object: { apiVersion: 'v1', kind: 'Secret', name: 'database' },
    pointer: '/stringData/url',
    standIn: 'STAND-IN',
    word: 'database.password',
    placement: 'stringData',
  };
  const opener = (value: string) => async (): Promise<OpenedSecrets> => ({
    unseal: opening(value),
    versions: [],
  });
  const opening =
    (value: string): Unseal =>
    manifest => {
      const data = manifest['stringData'] as JsonObject;
      return { ...manifest, stringData: { ...data, url: String(data['url']).replace('STAND-IN', value) } };
    };
  const live = async (namespace: string) =>
    (await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'database' }))?.['data'];
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  it('are opened only for the cluster, and are in no record and no plan', async () => {
    const namespace = await createNamespace(client, 'secrets');
    const request = requestFor(namespace, [secret], { seals: [seal] });
    const { prepared } = await deploy(client, request, opener('first-secret'));
    expect(await live(namespace)).toEqual({ url: base64('db://first-secret@host'), user: base64('shop') });
    const kept = await secretsWith(client, namespace, 'first-secret');
    expect(kept).toEqual(['database', expect.stringMatching(/^slipway\.shop\.staging\.1\.[0-9a-f]{10}$/)]);
    expect(JSON.stringify(await readRelease(client, request.identity, 1))).not.toContain('first-secret');
    expect(JSON.stringify(prepared.objects.map(({ fields, note }) => ({ fields, note })))).not.toContain(
      'first-secret',
    );
    const same = await prepareRelease({ client, request, openSecrets: opener('first-secret') });
    expect(actionsOf(same)).toEqual({ 'Secret database': 'unchanged' });
    const changed = await prepareRelease({ client, request, openSecrets: opener('second-secret') });
    expect(changed.objects[0]).toMatchObject({ action: 'change', fields: [{ pointer: '/data/url' }] });
    expect(changed.objects[0]?.fields).toEqual([{ pointer: '/data/url' }]);
    const plan = await prepareRelease({ client, request });
    expect(plan.objects[0]).toMatchObject({ action: 'unchanged', note: 'content known at deploy' });
  });

  it('are restored by a rollback without asking a store', async () => {
    const namespace = await createNamespace(client, 'secrets-back');
    const request = requestFor(namespace, [secret], { seals: [seal] });
    const { release: first } = await deploy(client, request, opener('first-secret'));
    await closeRelease(client, first, 'succeeded', clock);
    const { release: second } = await deploy(client, request, opener('second-secret'));
    expect(await live(namespace)).toMatchObject({ url: base64('db://second-secret@host') });
    expect(await undo(second)).toMatchObject({ number: 3, restores: 1, rollbackOf: 2 });
    expect(await live(namespace)).toEqual({ url: base64('db://first-secret@host'), user: base64('shop') });
  });

  it('are not restored from a deleted record whose number is used again', async () => {
    const namespace = await createNamespace(client, 'secrets-renumbered');
    const request = requestFor(namespace, [secret], { seals: [seal] });
    const { release: lost } = await deploy(client, request, opener('lost-secret'));
    await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging.1' });
    const { release: first } = await deploy(client, request, opener('first-secret'));
    expect(first.number).toBe(lost.number);
    await closeRelease(client, first, 'succeeded', clock);
    const { release: second } = await deploy(client, request, opener('second-secret'));
    await undo(second);
    expect(await secretsWith(client, namespace, 'lost-secret')).toEqual([]);
    expect(await secretsWith(client, namespace, 'first-secret')).toContain('database');
  });
});

describe('rolling back', () => {
  it('restores the newest release that succeeded, deletes what the failed one added, and runs no Job', async () => {
    const namespace = await createNamespace(client, 'back');
    const v1 = [configMap('settings', { version: '1' }), deployment('api'), job('one')];
    const first = await deploy(client, requestFor(namespace, v1, { deploymentTag: 'v1' }));
    await closeRelease(client, first.release, 'succeeded', clock);
    const [ran] = await jobNames(namespace);
    const v2 = [
      configMap('settings', { version: '2' }),
      configMap('added', {}),
      deployment('api', { replicas: 5 }),
      job('two'),
    ];
    const second = await deploy(client, requestFor(namespace, v2, { deploymentTag: 'v2' }));
    const restored = await undo(second.release);
    expect(restored).toMatchObject({
      number: 3,
      restores: 1,
      rollbackOf: 2,
      deploymentTag: 'v1',
      reason: 'it failed',
    });
    expect(await configMapOf(namespace, 'settings')).toEqual({ version: '1' });
    expect(await names(namespace)).not.toContain('ConfigMap added');
    expect(await jobNames(namespace)).toEqual([ran]);
    expect(restored?.objects.filter(({ kind }) => kind === 'Job')).toMatchObject([
      { name: ran, written: false },
    ]);
    if (restored !== undefined) await prune(await closeRelease(client, restored, 'succeeded', clock));
    expect(await jobNames(namespace)).toEqual([ran]);
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    expect(live?.['spec']).toMatchObject({ replicas: 2 });
    const afterwards = await closeRelease(client, second.release, 'rolled-back', clock);
    expect(afterwards.verdict).toBe('rolled-back');
    expect(Object.keys(await snapshotOf(client, namespace))).not.toContain('Lease slipway.shop.staging');
  });

  it('changes nothing if no release succeeded before, or if there is a newer one', async () => {
    const namespace = await createNamespace(client, 'back-not');
    const { release } = await deploy(client, requestFor(namespace, [configMap('a', { v: '1' })]));
    const before = await snapshotOf(client, namespace);
    expect(await undo(release)).toBeUndefined();
    expect(await snapshotOf(client, namespace)).toEqual(before);
    await deploy(client, requestFor(namespace, [configMap('a', { v: '2' })]));
    expect(await codesOf(undo(release))).toEqual(['release-overtaken']);
  });
});

describe('records', () => {
  it('keeps the newest ten that succeeded', async () => {
    const namespace = await createNamespace(client, 'records');
    for (let number = 1; number <= 13; number++) {
      const { release } = await deploy(
        client,
        requestFor(namespace, [configMap('a', { number: String(number) })]),
      );
      await closeRelease(client, release, 'succeeded', clock);
    }
    const kept = await listReleases(client, requestFor(namespace, []).identity);
    expect(kept.map(({ number }) => number)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('closes a release that never wrote its last object as failed, and can prune what it had written', async () => {
    const namespace = await createNamespace(client, 'killed');
    const request = requestFor(namespace, [configMap('a', {}), configMap('b', {})]);
    const prepared = await prepareRelease({ client, request });
    const dying: ClusterClient = {
      ...client,
      within: () => dying,
      // The process dies with the answer for its second object, before it has recorded either of them.
      apply: async (object, options) => {
        const answer = await client.apply(object, options);
        if (object.metadata.name === 'b') throw new Error('killed');
        return answer;
      },
      update: async object => {
        if (object.kind === 'Secret') throw new Error('killed');
        return await client.update(object);
      },
    };
    const options = {
      ...writer(),
      client: dying,
      prepared,
      prepareAgain: async () => prepared,
      onRecorded: () => {},
    };
    await expect(applyRelease(options)).rejects.toThrow('killed');
    const { release } = await deploy(client, requestFor(namespace, [configMap('a', {})]));
    expect(await readRelease(client, request.identity, 1)).toMatchObject({ verdict: 'failed' });
    expect(await prune(await closeRelease(client, release, 'succeeded', clock))).toMatchObject([
      { name: 'b' },
    ]);
  });
});

describe('the lock', () => {
  const lease = (namespace: string, seconds: number): KubernetesObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'slipway.shop.staging', namespace },
    spec: { holderIdentity: 'https://github.example/run/9', leaseDurationSeconds: seconds },
  });

  it('makes a second run wait, and finally give up with a message that names the first', async () => {
    const namespace = await createNamespace(client, 'locked');
    await client.create(lease(namespace, 30));
    const before = await snapshotOf(client, namespace);
    const request = requestFor(namespace, [configMap('a', {})]);
    const prepared = await prepareRelease({ client, request });
    const options = {
      ...writer(),
      lockTimeout: 500,
      prepared,
      prepareAgain: async () => prepared,
      onRecorded: () => {},
    };
    await expect(applyRelease(options)).rejects.toThrow(/locked by "https:\/\/github\.example\/run\/9"/);
    expect(await snapshotOf(client, namespace)).toEqual(before);
  });

  it('is taken over once its holder has not renewed it for the duration of a lease', async () => {
    const namespace = await createNamespace(client, 'locked-dead');
    await client.create(lease(namespace, 30));
    const request = requestFor(namespace, [configMap('a', {})]);
    const prepared = await prepareRelease({ client, request });
    const options = {
      ...writer(),
      leaseDuration: 9_000,
      lockTimeout: 120_000,
      prepared,
      prepareAgain: async () => prepared,
      onRecorded: () => {},
    };
    await applyRelease(options);
    expect(await configMapOf(namespace, 'a')).toBeUndefined();
    expect(await names(namespace)).toContain('ConfigMap a');
  });

  it('lets two concurrent runs become two releases, of which the later one compared again', async () => {
    const namespace = await createNamespace(client, 'two-runs');
    const runs = ['1', '2'].map(version =>
      deploy(client, requestFor(namespace, [configMap('a', { version })])),
    );
    const numbers = (await Promise.all(runs)).map(({ release }) => release.number).sort();
    expect(numbers).toEqual([1, 2]);
    const newest = await readRelease(client, requestFor(namespace, []).identity, 2);
    const [manifest] = newest.manifests as unknown as KubernetesObject[];
    expect(await configMapOf(namespace, 'a')).toEqual(manifest?.['data']);
  });
});

describe('stages', () => {
  it('apply a definition, wait until its kind is served, and then the objects of that kind', async () => {
    const namespace = await createNamespace(client, 'kinds');
    const definition = definitionOf('Widget', 'widget');
    const widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'one' }, size: 3 };
    const allow = { 'cluster-scoped': ['CustomResourceDefinition'] };
    const { prepared } = await deploy(client, requestFor(namespace, [widget, definition], { allow }));
    expect(prepared.objects[0]).toMatchObject({
      action: 'create',
      note: 'not tried out: its kind comes with the release',
    });
    const live = await client.get({ apiVersion: 'example.org/v1', kind: 'Widget', namespace, name: 'one' });
    expect(live).toMatchObject({ size: 3 });
    const again = await deploy(client, requestFor(namespace, [widget, definition], { allow }));
    expect(actionsOf(again.prepared)).toEqual({
      'Widget one': 'unchanged',
      'CustomResourceDefinition widgets.example.org': 'unchanged',
    });
  });

  it('wait for a kind of another project with the name of one of Kubernetes that has no status', async () => {
    const namespace = await createNamespace(client, 'foreign-role');
    const definition = definitionOf('Role', 'role');
    const role = {
      apiVersion: 'example.org/v1',
      kind: 'Role',
      metadata: { name: 'one', annotations: { 'slipway.dev/order': '-1' } },
      status: {
        conditions: [{ type: 'Failed', status: 'True', reason: 'Denied', message: 'no such account' }],
      },
    };
    const allow = { 'cluster-scoped': ['CustomResourceDefinition'] };
    const request = requestFor(namespace, [deployment('api'), role, definition], { allow });
    expect(await codesOf(deploy(client, request))).toEqual(['stage-failed']);
    expect(await names(namespace)).not.toContain('Deployment api');
  });
});

function definitionOf(kind: string, singular: string): KubernetesObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.example.org` },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { kind, plural: `${singular}s`, singular },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
