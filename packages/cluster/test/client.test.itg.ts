import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SlipwayError, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import {
  answering,
  type Fault,
  type FaultyProxy,
  kubeconfigFor,
  resetting,
  startFaultyProxy,
} from '@slipway/testkit/cluster';
import { type ClusterClient, connectCluster, type RunPlugin } from '../src/index.ts';

const cluster = useCluster();

let direct: ClusterClient;
let proxy: FaultyProxy;
let client: ClusterClient;

const noPlugin: RunPlugin = () => Promise.reject(new Error('no plugin is expected here'));

const connect = (kubeconfig: string, runPlugin = noPlugin): Promise<ClusterClient> =>
  connectCluster({
    kubeconfig,
    runPlugin,
    context: '',
    environment: {
      PATH: '/bin',
      AWS_REGION: 'x',
      GITHUB_TOKEN: 'no',
      INPUT_SECRETS: 'no',
      DATABASE_PASSWORD: 'no',
    },
    workspace: '/nowhere',
    signal: new AbortController().signal,
    logger: silentLogger,
  });

beforeAll(async () => {
  const kubeconfig = cluster.kubeconfig;
  direct = await connect(kubeconfig);
  proxy = await startFaultyProxy(kubeconfig);
  client = await connect(proxy.kubeconfig);
});

afterAll(async () => {
  direct?.close();
  client?.close();
  proxy?.close();
});

afterEach(() => {
  expect(proxy.faults.splice(0)).toEqual([]);
  proxy.seen.splice(0);
});

const configMap = (name: string, data: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SlipwayError) return error.code;
    throw error;
  }
  return undefined;
}

describe('the client', () => {
  it('keeps every character and every number that the server accepts', async () => {
    const data = {
      text: 'a\u0000b'.replace('\u0000', ''),
      odd: '\u007f\u0080\u0085\u2028\ufeff "\\ ünï \u{1F680}',
      number: '9007199254740993',
    };
    const { object, created } = await client.apply(configMap('characters', data), { fieldManager: 'test' });
    expect(created).toBe(true);
    expect(object['data']).toEqual(data);
    const read = await client.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'default',
      name: 'characters',
    });
    expect(read?.['data']).toEqual(data);
    expect((await client.apply(configMap('characters', data), { fieldManager: 'test' })).created).toBe(false);
  });

  it('lists page by page, and adds the apiVersion and kind that a typed list leaves out', async () => {
    const names = Array.from({ length: 620 }, (_, index) => `many-${index}`);
    for (let start = 0; start < names.length; start += 31)
      await Promise.all(
        names.slice(start, start + 31).map(name =>
          direct.create({
            ...configMap(name),
            metadata: { name, namespace: 'default', labels: { many: 'yes' } },
          }),
        ),
      );
    const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'many=yes' };
    const { items } = await client.list(query);
    expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(620);
    expect(items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(proxy.seen.filter(line => line.endsWith('/configmaps'))).toHaveLength(2);
    const [first] = (await client.listMetadata(query)).items;
    expect(Object.keys(first ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
  });

  it('lists again from the beginning if a later page has expired, and says so if that never ends', async () => {
    const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'many=yes' };
    const expired = answering(410, { message: 'The provided continue parameter is too old' });
    const onLaterPage: Fault = (incoming, response) =>
      incoming.url?.includes('continue=') === true && expired(incoming, response);
    proxy.faults.push(onLaterPage, onLaterPage);
    expect((await client.list(query)).items).toHaveLength(620);
    proxy.faults.push(onLaterPage, onLaterPage, onLaterPage);
    await expect(client.list(query)).rejects.toMatchObject({
      code: 'cluster-expired',
      message: expect.stringContaining('forgot the list 3 times'),
    });
  });

  it('watches from a version on, until the signal aborts', async () => {
    const query = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'default',
      fieldSelector: 'metadata.name=watched',
    };
    const { resourceVersion } = await client.list(query);
    const stop = new AbortController();
    const events: string[] = [];
    const watching = (async () => {
      for await (const event of client.watch(query, resourceVersion, stop.signal)) {
        events.push(event.type);
        if (event.type === 'DELETED') stop.abort();
      }
    })();
    const { object } = await direct.apply(configMap('watched'), { fieldManager: 'test' });
    await direct.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'watched' },
      { data: { a: 'b' } },
    );
    await direct.delete(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'watched' },
      { uid: String(object.metadata['uid']) },
    );
    await watching;
    expect(events).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    proxy.faults.push(answering(410, { message: 'too old resource version' }));
    const late = client.watch(query, '1', new AbortController().signal)[Symbol.asyncIterator]();
    expect(await codeOf(late.next())).toBe('cluster-expired');
  });

  it('names what went wrong by its code', async () => {
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'codes' };
    expect(await client.get(reference)).toBeUndefined();
    await client.create(configMap('codes', { a: '1' }));
    expect(await codeOf(client.create(configMap('codes')))).toBe('cluster-exists');
    expect(await codeOf(client.apply(configMap('codes', { a: '2' }), { fieldManager: 'test' }))).toBe(
      'cluster-field-conflict',
    );
    expect(await codeOf(client.delete(reference, { uid: 'another' }))).toBe('cluster-conflict');
    const old = await client.get(reference);
    await client.patch(reference, { data: { b: '1' } });
    expect(await codeOf(client.update(old ?? configMap('codes')))).toBe('cluster-conflict');
    expect(
      await codeOf(client.create({ ...configMap('codes'), metadata: { name: 'x', namespace: 'nowhere' } })),
    ).toBe('cluster-not-found');
    expect(await codeOf(client.apply({ ...configMap('codes'), wrong: 1 }, { fieldManager: 'test' }))).toBe(
      'cluster-refused',
    );
    expect(await codeOf(client.get({ apiVersion: 'example.org/v1', kind: 'Gadget', name: 'x' }))).toBe(
      'cluster-unknown-kind',
    );
    expect(await codeOf(client.get({ ...reference, name: '../secrets/x' }))).toBe('cluster-refused');
    expect(await codeOf(client.get({ ...reference, apiVersion: '../../api/v1' }))).toBe(
      'cluster-unknown-kind',
    );
    await client.delete(reference);
    await client.delete(reference);
    const user = await connect((await cluster.userKubeconfig('nobody')) ?? '');
    expect(await codeOf(user.get(reference))).toBe('cluster-forbidden');
    user.close();
  });
});

describe('faults on the way', () => {
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: 'default' };

  it('are waited out for as long as a busy server asks', async () => {
    proxy.faults.push(answering(429, { message: 'busy' }, { 'Retry-After': '1' }));
    const started = performance.now();
    expect(await client.get(reference)).toBeDefined();
    expect(performance.now() - started).toBeGreaterThan(990);
    expect(proxy.seen).toHaveLength(2);
  });

  it('make a read and an apply be sent again after 503, after 500 of etcd, and after a broken connection', async () => {
    proxy.faults.push(
      answering(503, {}),
      answering(500, { message: 'etcdserver: leader changed' }),
      resetting,
    );
    expect(await client.get(reference)).toBeDefined();
    expect(proxy.seen).toHaveLength(4);
    proxy.faults.push(resetting);
    await client.apply(configMap('again'), { fieldManager: 'test' });
    expect(proxy.faults).toEqual([]);
  });

  it('never make a create whose answer was lost be sent again', async () => {
    proxy.faults.push(resetting);
    expect(await codeOf(client.create(configMap('once')))).toBe('cluster-unreachable');
    expect(proxy.seen.filter(line => line.startsWith('POST'))).toHaveLength(1);
  });

  it('do not include a 500 about the object itself', async () => {
    proxy.faults.push(answering(500, { message: 'failed to create typed patch object' }));
    expect(await codeOf(client.apply(configMap('typed'), { fieldManager: 'test' }))).toBe('cluster-refused');
    expect(proxy.seen).toHaveLength(1);
  });

  it('make the credentials be read again after 401, once', async () => {
    proxy.faults.push(answering(401, {}));
    expect(await client.get(reference)).toBeDefined();
    proxy.faults.push(answering(401, {}), answering(401, {}));
    expect(await codeOf(client.get(reference))).toBe('cluster-unauthorized');
  });

  it('never make a redirect be followed', async () => {
    proxy.faults.push(answering(302, {}, { Location: 'http://127.0.0.1:1/' }));
    expect(await codeOf(client.get(reference))).toBe('cluster-refused');
  });
});

describe('a credential plugin', () => {
  const exec = {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'get-token',
      args: ['--cluster', 'x'],
      env: [{ name: 'OWN', value: 'yes' }],
      interactiveMode: 'Never',
    },
  };
  const server = (): string => /"server":"([^"]+)"/.exec(proxy.kubeconfig)?.[1] ?? '';

  it('gets what it needs of the environment, and no input, token or secret', async () => {
    let seen: Readonly<Record<string, string>> = {};
    const plugin: RunPlugin = async (command, args, { environment, directory }) => {
      expect([command, args]).toEqual(['get-token', ['--cluster', 'x']]);
      expect(directory).not.toBe('/nowhere');
      seen = environment;
      const { apiVersion } = exec.exec;
      const answer = { kind: 'ExecCredential', apiVersion, status: { token: 'from-the-plugin' } };
      return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' };
    };
    const own = await connect(kubeconfigFor(server(), exec), plugin);
    own.close();
    const { KUBERNETES_EXEC_INFO, ...others } = seen;
    expect(others).toEqual({ PATH: '/bin', AWS_REGION: 'x', OWN: 'yes' });
    expect(JSON.parse(KUBERNETES_EXEC_INFO ?? '')).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
  });

  it.each<[string, string, RunPlugin]>([
    ['is not installed', 'kubeconfig-plugin-missing', () => Promise.reject(new Error('ENOENT'))],
    ['ends with an error', 'kubeconfig-plugin', async () => ({ exitCode: 1, stdout: '', stderr: '' })],
    [
      'prints something else',
      'kubeconfig-plugin',
      async () => ({ exitCode: 0, stdout: 'token: abc', stderr: '' }),
    ],
  ])('that %s is named, with what to do', async (_case, code, plugin) => {
    const attempt = connect(kubeconfigFor(server(), exec), plugin);
    await expect(attempt).rejects.toMatchObject({ code });
    await expect(attempt).rejects.not.toThrow('abc');
  });
});
