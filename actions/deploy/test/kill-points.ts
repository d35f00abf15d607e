import type { ClusterClient } from '@slipway/cluster';
import { textMap, valueAt } from '@slipway/core';
import { type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import { applySetId, listReleases, readRelease } from '@slipway/release';
import { contentsOf } from './cluster.ts';
import { errorsOf } from './fixture.ts';
import { interceptingProxy } from './intercepting-proxy.ts';
import { type PlainStep, runPlain } from './plain-step.ts';

/** A release that is killed at one request after the other, each time in a namespace of its own. */
export interface Scenario {
  /** Part of the names of its namespaces. */
  readonly name: string;
  /** What the cluster has before. */
  readonly prepare: (scene: Scene) => Promise<void>;
  /** What is killed, and then run again. */
  readonly step: Pick<PlainStep, 'objects' | 'inputs'>;
  /** Empty if the namespace is then as it was meant to be, else what is wrong. */
  readonly faults: (scene: Scene) => Promise<string[]>;
}

export interface Scene {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Runs the step to its end, for what a scenario begins with. */
  readonly run: (step: Pick<PlainStep, 'objects' | 'inputs'>) => Promise<void>;
}

export interface Surroundings {
  readonly client: ClusterClient;
  /** Path. */
  readonly kubeconfig: string;
  readonly directory: string;
  /** `expire`: as after 30 s; `wait`: the run that comes next waits for them. */
  readonly lock: 'expire' | 'wait';
}

const OWNER = { application: 'shop', formation: 'live' };

export const configMap = (name: string, v: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { v },
});

const service = (name: string, order: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, annotations: { 'slipway.dev/order': order } },
  spec: { ports: [{ port: 80 }] },
});

/** A CronJob whose pods use a ConfigMap and a Secret, which so get the names of their contents. */
const used = (v: string) => [
  configMap('settings', v),
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { v } },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'user' },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: podSpec } } },
    },
  },
];

const podSpec = {
  restartPolicy: 'Never',
  containers: [
    {
      name: 'a',
      image: 'a',
      envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'token' } }],
    },
  ],
};

const BEFORE = [configMap('stays', '1'), configMap('leaves', '1'), service('early', '-1'), ...used('1')];
const AFTER = [configMap('stays', '2'), configMap('comes', '1'), service('early', '-1'), ...used('2')];

/** As Helm leaves an object. */
const ofHelm = (object: ReturnType<typeof configMap>, namespace: string): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    namespace,
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': 'old', 'meta.helm.sh/release-namespace': namespace },
  },
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'first',
    prepare: async () => {},
    step: { objects: AFTER },
    faults: async scene => [...(await disorder(scene)), ...(await differences(scene, '2', ['comes']))],
  },
  {
    name: 'change',
    prepare: async ({ run }) => run({ objects: BEFORE }),
    step: { objects: AFTER },
    faults: async scene => [...(await disorder(scene)), ...(await differences(scene, '2', ['comes']))],
  },
  {
    name: 'prune',
    prepare: async ({ run }) => run({ objects: BEFORE }),
    step: { objects: AFTER, inputs: { prune: 'now' } },
    faults: async scene => [
      ...(await disorder(scene)),
      ...(await differences(scene, '2', ['comes'], ['leaves'])),
    ],
  },
  {
    name: 'adoption',
    prepare: async ({ client, namespace }) => {
      await client.apply(ofHelm(configMap('stays', '1'), namespace), { fieldManager: 'helm' });
    },
    step: { objects: AFTER, inputs: { adopt: 'true' } },
    faults: async scene => [
      ...(await disorder(scene)),
      ...(await differences(scene, '2', ['comes'])),
      ...(await marksOfHelm(scene)),
    ],
  },
  {
    name: 'rollback',
    prepare: async ({ run }) => {
      await run({ objects: BEFORE });
      await run({ objects: AFTER });
    },
    step: { inputs: { mode: 'rollback', to: '1' } },
    faults: async scene => [
      ...(await disorder(scene, [STATUS, HOLD])),
      ...(await differences(scene, '1', ['leaves'], ['comes'])),
    ],
  },
  {
    name: 'destroy',
    prepare: async ({ run }) => run({ objects: AFTER }),
    step: { inputs: { mode: 'destroy', confirm: 'shop/live' } },
    faults: async ({ client, namespace }) => await contentsOf(client, namespace),
  },
];

/** How many writes the step of a scenario makes. */
export async function countWrites(scenario: Scenario, surroundings: Surroundings): Promise<number> {
  const { writes } = await runKilled(scenario, surroundings, Number.POSITIVE_INFINITY);
  return writes;
}

/** Kills the step at its n-th write, which is not sent any more, runs it again, and says what is wrong then. */
export async function tryKill(scenario: Scenario, surroundings: Surroundings, at: number): Promise<string[]> {
  const { scene } = await runKilled(scenario, surroundings, at);
  const { client, namespace } = scene;
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: 'slipway.shop.live' };
  if (surroundings.lock === 'expire') await client.delete(lease);
  const again = await runPlain({ ...surroundings, namespace, ...scenario.step });
  const faults = [...errorsOf(again), ...(await scenario.faults(scene))];
  return faults.map(fault => `${scenario.name}, killed at write ${at}: ${fault}`);
}

/** A read changes nothing, so that dying at one leaves what dying at the write after it leaves. */
async function runKilled(scenario: Scenario, surroundings: Surroundings, at: number) {
  const scene = await sceneFor(`${scenario.name}-${Number.isFinite(at) ? at : 'all'}`, surroundings);
  await scenario.prepare(scene);
  const kill = new AbortController();
  let writes = 0;
  const proxy = await interceptingProxy(surroundings.kubeconfig, ({ isWrite }) => {
    if (isWrite) writes += 1;
    if (writes < at) return 'pass';
    kill.abort('SIGKILL');
    return 'break';
  });
  const { kubeconfig } = proxy;
  await runPlain({
    ...surroundings,
    ...scenario.step,
    kubeconfig,
    namespace: scene.namespace,
    signal: kill.signal,
  });
  proxy.close();
  return { scene, writes };
}

async function sceneFor(namespace: string, surroundings: Surroundings): Promise<Scene> {
  const { client } = surroundings;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const run = async (step: Pick<PlainStep, 'objects' | 'inputs'>): Promise<void> => {
    const environment = { RUNNER_DEBUG: '1' };
    const result = await runPlain({ ...surroundings, environment, namespace, ...step });
    if (result.exitCode !== 0) throw new Error(result.raw);
  };
  return { client, namespace, run };
}

const STATUS = 'slipway.shop.live.status';
const HOLD = 'slipway.shop.live.hold';

/**
 * Objects without an owner, releases without an outcome, a lock that is left.
 * @param leases what has to be there afterwards
 */
async function disorder({ client, namespace }: Scene, leases = [STATUS]): Promise<string[]> {
  const owner = { ...OWNER, namespace };
  const [newest, ...others] = await listReleases(client, owner);
  const open = others.filter(({ verdict }) => verdict === undefined);
  const record = await readRelease(client, owner, newest?.number ?? 0);
  const recorded = [...record.objects, ...(record.pending ?? [])];
  const owned = new Set(recorded.map(object => objectKey(object)));
  const labelSelector = `applyset.kubernetes.io/part-of=${applySetId(OWNER, namespace)}`;
  const lists = await Promise.all(
    ['ConfigMap', 'Secret', 'Service'].map(kind =>
      client.list({ apiVersion: 'v1', kind, namespace, labelSelector }),
    ),
  );
  const members = lists.flatMap(({ items }) => items).map(referenceTo);
  const { items } = await client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace });
  const left = new Set(items.map(({ metadata }) => metadata.name));
  return [
    ...open.map(({ number }) => `release ${number} has no outcome`),
    ...recorded.filter(({ uid }) => uid === undefined).map(({ name }) => `${name} has no UID in the record`),
    ...members.filter(object => !owned.has(objectKey(object))).map(({ name }) => `${name} has no owner`),
    ...[...left].filter(name => !leases.includes(name)).map(name => `the Lease ${name} is left`),
    ...leases.filter(name => !left.has(name)).map(name => `the Lease ${name} is missing`),
  ];
}

/** What is not as the manifests say, by the contents that pods would get. */
async function differences(
  { client, namespace }: Scene,
  v: string,
  there: readonly string[],
  gone: readonly string[] = [],
): Promise<string[]> {
  const get = (apiVersion: string, kind: string, name: string) =>
    client.get({ apiVersion, kind, namespace, name });
  const dataOf = async (kind: string, name: string) =>
    valueAt((await get('v1', kind, name)) ?? {}, ['data', 'v']);
  const user = JSON.stringify((await get('batch/v1', 'CronJob', 'user')) ?? {});
  const nameIn = (reference: string): string =>
    new RegExp(`"${reference}":{"name":"([^"]+)"`).exec(user)?.[1] ?? 'none';
  const wanted = [
    ['stays', await dataOf('ConfigMap', 'stays'), v],
    ['settings', await dataOf('ConfigMap', nameIn('configMapRef')), v],
    ['token', await dataOf('Secret', nameIn('secretRef')), Buffer.from(v).toString('base64')],
    ...(await Promise.all(there.map(async name => [name, await dataOf('ConfigMap', name), '1'] as const))),
    ...(await Promise.all(
      gone.map(async name => [name, await dataOf('ConfigMap', name), undefined] as const),
    )),
  ] as const;
  return wanted
    .filter(([, found, expected]) => found !== expected)
    .map(([name, found, expected]) => `${name} holds ${String(found)} instead of ${String(expected)}`);
}

async function marksOfHelm({ client, namespace }: Scene): Promise<string[]> {
  const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'stays' });
  const marks = Object.keys(textMap(live?.metadata['annotations'] ?? null)).filter(key =>
    key.includes('helm'),
  );
  const managers = JSON.stringify(live?.metadata['managedFields'] ?? null).includes('"manager":"helm"');
  return [...marks, ...(managers ? ['Helm still owns fields'] : [])];
}
