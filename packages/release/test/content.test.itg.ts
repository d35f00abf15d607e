import { describe, expect, it } from '@jest/globals';
import {
  type JsonObject,
  type JsonValue,
  type Release,
  type Seal,
  silentLogger,
  valueAt,
} from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  destroyFormation,
  type OpenedSecrets,
  planOf,
  prepareRelease,
  pruneAfterSuccess,
  type ReleaseRequest,
  readRelease,
  rollBack,
  type Unseal,
} from '../src/index.ts';
import { clock, deployment, never, secretsWith, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const run = () => ({ client, clock, signal: never, logger: silentLogger });

const using = (name: string, spec: JsonObject): JsonObject => {
  const container = { name: 'app', image: 'registry.example/app:1', ...spec };
  return {
    ...deployment(name),
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
    },
  };
};

const fromConfig = { envFrom: [{ configMapRef: { name: 'settings' } }] };

const usedBy = async (
  namespace: string,
  path: (string | number)[] = ['envFrom', 0, 'configMapRef', 'name'],
) => {
  const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
  return String(valueAt(live ?? {}, ['spec', 'template', 'spec', 'containers', 0, ...path]));
};

const liveConfig = (namespace: string, name: string) =>
  client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });

const own = async (namespace: string): Promise<string[]> =>
  Object.keys(await snapshotOf(client, namespace)).filter(name => !name.includes('slipway.'));

const succeed = async (release: Release): Promise<void> => {
  const closed = await closeRelease(client, release, 'succeeded', clock);
  await pruneAfterSuccess({
    ...run(),
    release: closed,
    repository: 'acme/shop',
    holder: 'a',
    timeout: 5_000,
  });
};

const undo = (release: Release) =>
  rollBack({
    ...run(),
    release,
    repository: 'acme/shop',
    actor: 'a',
    run: '',
    reason: 'x',
    lockTimeout: 5_000,
    timeout: 20_000,
  });

async function planned(request: ReleaseRequest, openSecrets?: () => Promise<OpenedSecrets>) {
  const { changes } = planOf(await prepareRelease({ client, request, openSecrets }));
  return Object.fromEntries(changes.map(change => [`${change.object.kind} ${change.object.name}`, change]));
}

describe('a ConfigMap that only pod templates refer to', () => {
  const v = (version: string): JsonObject[] => [configMap('settings', { version }), using('api', fromConfig)];

  it('is named by its content and immutable, and the pods restart when it changes', async () => {
    const namespace = await createNamespace(client, 'content');
    const first = await deploy(client, requestFor(namespace, v('1')));
    const one = await usedBy(namespace);
    expect(one).toMatch(/^settings-[0-9a-f]{10}$/);
    expect(await liveConfig(namespace, one)).toMatchObject({ data: { version: '1' }, immutable: true });
    await succeed(first.release);

    const same = await planned(requestFor(namespace, v('1')));
    expect(Object.values(same).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);

    const plan = await planned(requestFor(namespace, v('2')));
    expect(plan['ConfigMap settings']).toMatchObject({
      action: 'change',
      fields: [{ pointer: '/data/version', before: '1', after: '2' }],
      note: expect.stringMatching(/^named by its content: settings-/),
    });
    expect(plan['Deployment api']).toMatchObject({ action: 'change', restarts: true });
    expect(Object.keys(plan)).toHaveLength(2);

    const second = await deploy(client, requestFor(namespace, v('2')));
    const two = await usedBy(namespace);
    expect(plan['ConfigMap settings']?.note).toContain(two);
    await succeed(second.release);
    expect(await own(namespace)).toEqual(expect.arrayContaining([`ConfigMap ${one}`, `ConfigMap ${two}`]));
    expect((await readRelease(client, second.release, 2)).pending).toMatchObject([
      { name: one, given: 'settings' },
    ]);
  });

  it('is restored by a rollback, and the failed version is kept as long as its record', async () => {
    const namespace = await createNamespace(client, 'content-back');
    const first = await deploy(client, requestFor(namespace, v('1')));
    const one = await usedBy(namespace);
    await succeed(first.release);
    const second = await deploy(client, requestFor(namespace, v('2')));
    const two = await usedBy(namespace);
    const restored = await undo(second.release);
    expect(await usedBy(namespace)).toBe(one);
    expect(restored?.objects.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({
      name: one,
      given: 'settings',
      written: false,
    });
    expect(await liveConfig(namespace, two)).toBeDefined();
    const again = await planned(requestFor(namespace, v('1')));
    expect(Object.values(again).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });

  it('is deleted once no kept release and no workload needs it', async () => {
    const namespace = await createNamespace(client, 'content-kept');
    const versions: string[] = [];
    for (let number = 1; number <= 13; number++) {
      const { release } = await deploy(client, requestFor(namespace, v(String(number))));
      versions.push(await usedBy(namespace));
      if (number === 1)
        await client.create({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'straggler', namespace },
          spec: {
            containers: [{ name: 'a', image: 'b', envFrom: [{ configMapRef: { name: versions[0] ?? '' } }] }],
          },
        });
      await succeed(release);
    }
    const kept = await own(namespace);
    // The newest and the ten before it, and the one that a pod still uses.
    expect(versions.map(name => kept.includes(`ConfigMap ${name}`))).toEqual([
      true,
      false,
      ...Array.from({ length: 11 }, () => true),
    ]);
  });

  it('is deleted with the formation, as are the key and the records', async () => {
    const namespace = await createNamespace(client, 'content-gone');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { a: 'b' } };
    for (const version of ['1', '2']) {
      const objects = [...v(version), secret, using('web', { envFrom: [{ secretRef: { name: 'token' } }] })];
      await succeed((await deploy(client, requestFor(namespace, objects))).release);
    }
    await client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'stranger', namespace } });
    const { identity } = requestFor(namespace, []);
    await destroyFormation({ ...run(), identity, holder: 'a', timeout: 5_000 });
    expect(Object.keys(await snapshotOf(client, namespace))).toEqual(['Secret stranger']);
  });
});

describe('references', () => {
  it('follow wherever a pod template can have one, in every kind of workload', async () => {
    const namespace = await createNamespace(client, 'content-places');
    const podSpec = (restartPolicy: string): JsonObject => ({
      restartPolicy,
      imagePullSecrets: [{ name: 'token' }],
      initContainers: [
        {
          name: 'i',
          image: 'a',
          env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }],
        },
      ],
      containers: [
        {
          name: 'c',
          image: 'a',
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'token', key: 'a' } } }],
          envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'token' } }],
        },
      ],
      volumes: [
        { name: 'a', configMap: { name: 'settings' } },
        { name: 'b', secret: { secretName: 'token' } },
        {
          name: 'c',
          projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'token' } }] },
        },
        { name: 'd', csi: { driver: 'csi.example', nodePublishSecretRef: { name: 'token' } } },
      ],
    });
    const template = (restartPolicy: string): JsonObject => ({
      metadata: { labels: { app: 'x' } },
      spec: podSpec(restartPolicy),
    });
    const selector = { matchLabels: { app: 'x' } };
    const named = (apiVersion: string, kind: string, spec: JsonObject): JsonObject => ({
      apiVersion,
      kind,
      metadata: { name: kind.toLowerCase() },
      spec,
    });
    const workloads = [
      named('apps/v1', 'Deployment', { selector, template: template('Always') }),
      named('apps/v1', 'StatefulSet', { selector, serviceName: 'x', template: template('Always') }),
      named('apps/v1', 'DaemonSet', { selector, template: template('Always') }),
      named('batch/v1', 'CronJob', {
        schedule: '0 0 1 1 *',
        jobTemplate: { spec: { template: template('Never') } },
      }),
      named('batch/v1', 'Job', { suspend: true, template: template('Never') }),
    ];
    const objects = [
      configMap('settings', { a: 'b' }),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, data: { a: 'Yg==' } },
      ...workloads,
    ];
    await deploy(client, requestFor(namespace, objects));
    for (const { apiVersion, kind } of workloads) {
      const { items } = await client.list({ apiVersion: String(apiVersion), kind: String(kind), namespace });
      const text = JSON.stringify(items[0]?.['spec']);
      expect([kind, text.match(/"settings-[0-9a-f]{10}"/g)?.length]).toEqual([kind, 4]);
      expect([kind, text.match(/"token-[0-9a-f]{10}"/g)?.length]).toEqual([kind, 6]);
      expect(text).not.toMatch(/"(?:settings|token)"/);
    }
  });

  it.each<[string, JsonObject[], RegExp]>([
    [
      'an Ingress names it',
      [
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'web' },
          spec: {
            tls: [{ secretName: 'token' }],
            defaultBackend: { service: { name: 'api', port: { number: 80 } } },
          },
        },
      ],
      /Ingress .*web also names it/,
    ],
    [
      'a service account names it',
      [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'api' },
          imagePullSecrets: [{ name: 'token' }],
        },
      ],
      /ServiceAccount .*api also names it/,
    ],
    [
      'an argument of a program names it',
      [using('watcher', { args: ['--secret=token'] })],
      /Deployment .*watcher also names it/,
    ],
  ])('are not changed where %s, and the plan says that no pod restarts', async (_why, others, reason) => {
    const namespace = await createNamespace(
      client,
      `content-fixed-${String(others[0]?.['kind']).toLowerCase()}`,
    );
    const objects = (text: string): JsonObject[] => [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { a: text } },
      using('api', { envFrom: [{ secretRef: { name: 'token' } }] }),
      ...others,
    ];
    await deploy(client, requestFor(namespace, objects('1')));
    expect(await usedBy(namespace, ['envFrom', 0, 'secretRef', 'name'])).toBe('token');
    const plan = await planned(requestFor(namespace, objects('2')));
    expect(plan['Secret token']).toMatchObject({ action: 'change', fields: [{ pointer: '/data/a' }] });
    expect(plan['Secret token']?.note).toMatch(
      /^no pod of Deployment api restarts: it keeps its name, since /,
    );
    expect(plan['Secret token']?.note).toMatch(reason);
    expect(plan['Deployment api']?.action).toBe('unchanged');
  });

  it('are kept or follow as the annotation says, and other values are refused', async () => {
    const namespace = await createNamespace(client, 'content-annotation');
    const settings = (naming: string): JsonObject => ({
      ...configMap('settings', { a: '1' }),
      metadata: { name: 'settings', annotations: { 'slipway.dev/naming': naming } },
    });
    const api = using('api', { ...fromConfig, args: ['--config-map', 'settings'] });
    await deploy(client, requestFor(namespace, [settings('content'), api]));
    expect(await usedBy(namespace)).toMatch(/^settings-/);
    await deploy(client, requestFor(namespace, [settings('fixed'), using('api', fromConfig)]));
    expect(await usedBy(namespace)).toBe('settings');
    const { problems } = await prepareRelease({
      client,
      request: requestFor(namespace, [settings('maybe'), api]),
    });
    expect(problems.map(({ code }) => code)).toEqual(['naming-invalid']);
  });

  it('use names that fit, and a name that is itself too long is refused', async () => {
    const namespace = await createNamespace(client, 'content-long');
    const objects = (length: number): JsonObject[] => {
      const name = 'a'.repeat(length);
      return [configMap(name, { a: '1' }), using('api', { envFrom: [{ configMapRef: { name } }] })];
    };
    await deploy(client, requestFor(namespace, objects(253)));
    expect(await usedBy(namespace)).toHaveLength(253);
    const { problems } = await prepareRelease({ client, request: requestFor(namespace, objects(254)) });
    expect(problems.map(({ code }) => code)).toContain('name-too-long');
  });
});

describe('a Secret that only pod templates refer to', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'database' },
    stringData: { url: 'db://STAND-IN@host' },
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
      expect(manifest.metadata.name).toBe('database');
      const data = manifest['stringData'] as JsonObject;
      return { ...manifest, stringData: { url: String(data['url']).replace('STAND-IN', value) } };
    };
  const api = using('api', { envFrom: [{ secretRef: { name: 'database' } }] });
  const path = ['envFrom', 0, 'secretRef', 'name'];
  const keyOf = async (namespace: string): Promise<JsonValue | undefined> =>
    (await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging.key' }))?.[
      'data'
    ];

  it('is named by a hash with a key of the namespace, and is restored without a store', async () => {
    const namespace = await createNamespace(client, 'content-secret');
    const request = requestFor(namespace, [secret, api], { seals: [seal] });
    const first = await deploy(client, request, opener('first-secret'));
    const one = await usedBy(namespace, path);
    const key = await keyOf(namespace);
    expect(one).toMatch(/^database-[0-9a-f]{10}$/);
    await succeed(first.release);
    const same = await planned(request, opener('first-secret'));
    expect(Object.values(same).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
    const closed = await planned(request);
    expect(closed['Secret database']).toEqual({
      object: { apiVersion: 'v1', kind: 'Secret', namespace, name: 'database' },
      action: 'unchanged',
      note: 'content known at deploy: the pods of Deployment api restart if it changed',
    });

    const plan = await planned(request, opener('second-secret'));
    expect(plan['Secret database']).toMatchObject({ action: 'change', fields: [{ pointer: '/data/url' }] });
    expect(JSON.stringify(plan)).not.toMatch(/second-secret|first-secret/);
    expect(plan['Deployment api']).toMatchObject({ restarts: true });
    const second = await deploy(client, request, opener('second-secret'));
    const two = await usedBy(namespace, path);
    expect(two).not.toBe(one);
    expect(await keyOf(namespace)).toEqual(key);
    expect(await secretsWith(client, namespace, 'first-secret')).toEqual([one]);

    await undo(second.release);
    expect(await usedBy(namespace, path)).toBe(one);
    expect(await secretsWith(client, namespace, 'second-secret')).toEqual([two]);
    expect(JSON.stringify(await readRelease(client, second.release, 3))).not.toContain('first-secret');
  });

  it('has another name in another namespace, so that no one can test guesses of the content', async () => {
    const namespaces = await Promise.all(
      ['content-key-1', 'content-key-2'].map(name => createNamespace(client, name)),
    );
    for (const namespace of namespaces)
      await deploy(client, requestFor(namespace, [secret, api], { seals: [seal] }), opener('the same'));
    const [one, two] = await Promise.all(namespaces.map(namespace => usedBy(namespace, path)));
    expect(one).not.toBe(two);
  });

  it('cannot be restored once someone deleted it, and nothing is changed then', async () => {
    const namespace = await createNamespace(client, 'content-lost');
    const request = requestFor(namespace, [secret, api], { seals: [seal] });
    const first = await deploy(client, request, opener('first'));
    await succeed(first.release);
    const lost = await usedBy(namespace, path);
    const second = await deploy(client, request, opener('second'));
    await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: lost });
    const before = await own(namespace);
    await expect(undo(second.release)).rejects.toMatchObject({ code: 'secret-copy-missing' });
    expect(await own(namespace)).toEqual(before);
  });

  it('is not restored if someone replaced its content', async () => {
    const namespace = await createNamespace(client, 'content-forged');
    const request = requestFor(namespace, [secret, api], { seals: [seal] });
    const first = await deploy(client, request, opener('first'));
    await succeed(first.release);
    const reference = { apiVersion: 'v1', kind: 'Secret', namespace, name: await usedBy(namespace, path) };
    const second = await deploy(client, request, opener('second'));
    const live = await client.get(reference);
    const { labels = {}, annotations = {} } = live?.metadata ?? { name: '' };
    await client.delete(reference);
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: reference.name, namespace, labels, annotations },
      data: { url: Buffer.from('db://forged@host').toString('base64') },
    });
    await expect(undo(second.release)).rejects.toMatchObject({ code: 'secret-copy-missing' });
  });
});
