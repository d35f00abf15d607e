import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { planOf, prepareRelease, type ReleaseRequest } from '../src/index.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);
let folder: string;

const run = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taking-over-'));
});

async function kubectl(namespace: string, ...args: readonly string[]): Promise<void> {
  await run(cluster.kubectl ?? '', [...args, '-n', namespace], {
    env: { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: folder },
  });
}

async function kubectlWrites(
  namespace: string,
  verb: readonly string[],
  objects: readonly JsonObject[],
): Promise<void> {
  const file = join(folder, `${namespace}.json`);
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await kubectl(namespace, ...verb, '-f', file);
}

const APP: JsonObject = {
  name: 'app',
  image: 'registry.example/app:1',
  ports: [{ name: 'http', containerPort: 80 }],
  resources: { requests: { cpu: '100m' } },
};
const DEBUG: JsonObject = { env: [{ name: 'DEBUG', value: '1' }] };
const SIDECAR: JsonObject = { name: 'sidecar', image: 'registry.example/sidecar:1' };
const HTTP: JsonObject = { name: 'http', port: 80, targetPort: 'http' };
const DEBUGGER: JsonObject = { name: 'debug', port: 5005 };

const app = (containers: readonly JsonObject[], spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [...containers] } },
    ...spec,
  },
});
const service = (ports: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [...ports] },
});

const THEIRS = [
  app([{ ...APP, ...DEBUG }, SIDECAR]),
  service([HTTP, DEBUGGER]),
  configMap('settings', { level: 'info', debug: '1' }),
];
const OURS = [app([APP]), service([HTTP]), configMap('settings', { level: 'info' })];

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const SERVICE = { apiVersion: 'v1', kind: 'Service', name: 'web' };
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' };

async function liveOf(reference: typeof DEPLOYMENT, namespace: string): Promise<KubernetesObject> {
  const live = await client.get({ ...reference, namespace });
  if (live === undefined) throw new Error(`there is no ${reference.kind}`);
  return live;
}

async function planned(request: ReleaseRequest) {
  const prepared = await prepareRelease({ client, request });
  return { ...prepared, changes: planOf(prepared).changes };
}

const containersOf = (live: KubernetesObject): unknown =>
  valueAt(live, ['spec', 'template', 'spec', 'containers']);

/** The names of the containers, what the first one's env is, the ports, and the keys of the settings. */
async function contentOf(namespace: string): Promise<unknown> {
  const [web, ports, settings] = await Promise.all(
    [DEPLOYMENT, SERVICE, SETTINGS].map(reference => liveOf(reference, namespace)),
  );
  const containers = containersOf(web as KubernetesObject) as readonly JsonObject[];
  return {
    containers: containers.map(({ name }) => name),
    env: containers[0]?.['env'],
    ports: (valueAt(ports ?? {}, ['spec', 'ports']) as readonly JsonObject[]).map(({ port }) => port),
    settings: settings?.['data'],
  };
}

const CLEAN = { containers: ['app'], env: undefined, ports: [80], settings: { level: 'info' } };

describe('objects that another tool wrote', () => {
  it.each<[string, string, readonly string[]]>([
    ['kubectl apply', 'kubectl-client-side-apply', ['apply']],
    ['kubectl create', 'kubectl-create', ['create']],
    ['kubectl apply --server-side', 'kubectl', ['apply', '--server-side']],
    ['a program that no one knows', 'some-deployer', ['create', '--field-manager=some-deployer']],
  ])('with %s are refused, or made what the manifests say', async (_title, manager, verb) => {
    const namespace = await createNamespace(client, `left-by-${manager}`);
    await kubectlWrites(namespace, verb, THEIRS);
    const { problems } = await planned(requestFor(namespace, OURS));
    expect(problems).toMatchObject(
      OURS.map(() => ({ code: 'object-foreign', message: expect.stringContaining(`"${manager}"`) })),
    );
    await expect(deploy(client, requestFor(namespace, OURS))).rejects.toThrow('belongs to');
    const adopting = requestFor(namespace, OURS, { adopt: true });
    expect((await planned(adopting)).problems).toEqual([]);
    await deploy(client, adopting);
    expect(await contentOf(namespace)).toEqual(CLEAN);
    const again = await planned(requestFor(namespace, OURS));
    expect(again.changes).toMatchObject(OURS.map(() => ({ action: 'unchanged' })));
    expect(again.changes.map(({ note }) => note)).toEqual(OURS.map(() => undefined));
  });

  it.each<[string, readonly string[]]>([
    ['kubectl apply', ['apply']],
    ['kubectl create', ['create']],
    ['Helm', ['create', '--field-manager=helm']],
  ])('with %s and are the same need no restart, and no default is removed', async (title, verb) => {
    const namespace = await createNamespace(client, `same-by-${title.toLowerCase().replace(' ', '-')}`);
    await kubectlWrites(namespace, verb, OURS);
    const { spec } = await liveOf(DEPLOYMENT, namespace);
    const adopting = requestFor(namespace, OURS, { adopt: true });
    const { changes } = await planned(adopting);
    expect(changes.map(({ restarts }) => restarts)).toEqual([undefined, undefined, undefined]);
    const gone = changes.flatMap(({ fields = [] }) => fields).filter(field => !('after' in field));
    expect(gone).toEqual([]);
    await deploy(client, adopting);
    expect((await liveOf(DEPLOYMENT, namespace))['spec']).toEqual(spec);
  });

  it('stay as they are under their own name if the release names them by content, and are listed', async () => {
    const namespace = await createNamespace(client, 'old-names');
    const mounted = { ...APP, envFrom: [{ configMapRef: { name: 'settings' } }] };
    const objects = [app([mounted]), configMap('settings', { level: 'info' })];
    await kubectlWrites(namespace, ['apply'], objects);
    const { changes } = await planned(requestFor(namespace, objects, { adopt: true }));
    expect(changes[1]).toMatchObject({
      note: expect.stringContaining(
        `the old ConfigMap ${namespace}/settings of "kubectl-client-side-apply" stays`,
      ),
    });
  });
});

describe('what kubectl added to an object of the formation', () => {
  it('is shown as drift, stays without adopt, and is removed with it', async () => {
    const namespace = await createNamespace(client, 'added');
    await deploy(client, requestFor(namespace, OURS));
    const containers = [
      { name: 'app', env: [{ name: 'DEBUG', value: '1' }] },
      { name: 'sidecar', image: 'registry.example/sidecar:1' },
    ];
    const patch = JSON.stringify({ spec: { template: { spec: { containers } } } });
    await kubectl(namespace, 'patch', 'deployment', 'web', '-p', patch);
    const { changes } = await planned(requestFor(namespace, OURS));
    expect(changes[0]).toMatchObject({
      action: 'unchanged',
      note: expect.stringContaining('"kubectl-patch" added'),
    });
    expect(changes[0]?.fields?.map(({ drifted }) => drifted)).toEqual([true, true]);
    expect(changes[0]?.restarts).toBeUndefined();
    const adopting = requestFor(namespace, OURS, { adopt: true });
    expect((await planned(adopting)).changes[0]?.restarts).toBe(true);
    await deploy(client, adopting);
    expect(await contentOf(namespace)).toEqual(CLEAN);
  });
});

describe('a port that someone changed by hand', () => {
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/ports/0/port', value: 83 }]);
  const inContainer = JSON.stringify([
    { op: 'replace', path: '/spec/template/spec/containers/0/ports/0/containerPort', value: 83 },
  ]);
  const changed = async (name: string): Promise<string> => {
    const namespace = await createNamespace(client, name);
    await deploy(client, requestFor(namespace, OURS));
    await kubectl(namespace, 'patch', 'service', 'web', '--type=json', '-p', patch);
    await kubectl(namespace, 'patch', 'deployment', 'web', '--type=json', '-p', inContainer);
    return namespace;
  };

  it('is refused with the name of who did it', async () => {
    const namespace = await changed('key-changed');
    const { problems } = await planned(requestFor(namespace, OURS));
    expect(problems).toMatchObject(
      ['/spec/template/spec/containers/0/ports/0', '/spec/ports/0'].map(pointer => ({
        code: 'cluster-field-conflict',
        message: expect.stringContaining(`${pointer} belongs to "kubectl-patch"`),
        remedy: expect.stringContaining('force-conflicts'),
      })),
    );
  });

  it.each<[string, Partial<ReleaseRequest>]>([
    ['force-conflicts', { forceConflicts: true }],
    ['adopt', { adopt: true }],
  ])('returns with %s', async (title, terms) => {
    const namespace = await changed(`key-changed-${title}`);
    await deploy(client, requestFor(namespace, OURS, terms));
    expect(await contentOf(namespace)).toEqual(CLEAN);
    const ports = valueAt(await liveOf(DEPLOYMENT, namespace), ['spec', 'template', 'spec', 'containers']);
    expect(ports).toMatchObject([{ ports: [{ containerPort: 80 }] }]);
    expect((await planned(requestFor(namespace, OURS))).changes).toMatchObject(
      OURS.map(() => ({ action: 'unchanged' })),
    );
  });
});

describe('a strategy that has no rolling update', () => {
  it.each<[string, JsonObject]>([
    ['Recreate', { type: 'Recreate' }],
    ['Recreate-null', { type: 'Recreate', rollingUpdate: null }],
  ])('takes the place of one by default in one step: %s', async (title, strategy) => {
    const namespace = await createNamespace(client, `strategy-${title.toLowerCase()}`);
    await deploy(client, requestFor(namespace, [app([APP])]));
    const after = requestFor(namespace, [app([APP], { strategy })]);
    const { problems, changes } = await planned(after);
    expect(problems).toEqual([]);
    expect(changes[0]?.restarts).toBeUndefined();
    await deploy(client, after);
    expect(valueAt(await liveOf(DEPLOYMENT, namespace), ['spec', 'strategy'])).toEqual({ type: 'Recreate' });
    expect((await planned(after)).changes).toMatchObject([{ action: 'unchanged' }]);
    await deploy(client, requestFor(namespace, [app([APP])]));
    expect(valueAt(await liveOf(DEPLOYMENT, namespace), ['spec', 'strategy', 'type'])).toBe('RollingUpdate');
  });
});
