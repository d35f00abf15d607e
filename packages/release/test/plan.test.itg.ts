import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject, PlannedChange } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, planOf, prepareRelease, type ReleaseRequest } from '../src/index.ts';
import { clock, deployment, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

/** A user who may only get and list these resources of a namespace. */
async function reader(namespace: string, resources: readonly string[]): Promise<ClusterClient> {
  const rules = [
    { apiGroups: [''], resources: resources.filter(name => !name.includes('.')), verbs: ['get', 'list'] },
    ...resources
      .filter(name => name.includes('.'))
      .map(name => ({
        apiGroups: [name.slice(name.indexOf('.') + 1)],
        resources: [name.slice(0, name.indexOf('.'))],
        verbs: ['get', 'list'],
      })),
  ];
  const name = `reader-${namespace}`;
  const group = 'rbac.authorization.k8s.io';
  await client.create({
    apiVersion: `${group}/v1`,
    kind: 'Role',
    metadata: { name, namespace },
    rules,
  });
  await client.create({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind: 'Role', name },
    subjects: [{ apiGroup: group, kind: 'User', name }],
  });
  return await connect((await cluster.userKubeconfig(name, [])) ?? '');
}

const service = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ...spec },
});

/** A Deployment that uses many fields of a pod's spec. */
const rich = (
  changes: { image?: string; env?: JsonObject[]; cpu?: string; more?: JsonObject } = {},
): JsonObject => {
  const { image = 'registry.example/app:1', env = [], cpu = '1', more = {} } = changes;
  const container = {
    name: 'app',
    image,
    env: [{ name: 'A', value: 'one' }, ...env],
    ports: [{ containerPort: 80 }, { containerPort: 81, name: 'metrics' }],
    resources: { limits: { cpu, memory: '128Mi' } },
    volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
    ...more,
  };
  return deployment('rich', {
    template: {
      metadata: { labels: { app: 'rich' }, annotations: { note: 'kept' } },
      spec: {
        containers: [container],
        volumes: [{ name: 'scratch', emptyDir: {} }],
        tolerations: [{ key: 'a', operator: 'Exists' }],
      },
    },
    selector: { matchLabels: { app: 'rich' } },
  });
};

const first: readonly JsonObject[] = [
  configMap('same', { a: '1' }),
  configMap('changes', { a: '1', b: '2' }),
  configMap('leaves', {}),
  service('web', {
    ports: [
      { name: 'http', port: 80 },
      { name: 'other', port: 81 },
    ],
  }),
  rich({ env: [{ name: 'B', value: 'two' }] }),
];
const second: readonly JsonObject[] = [
  configMap('same', { a: '1' }),
  configMap('changes', { a: '2' }),
  configMap('comes', {}),
  service('web', { ports: [{ name: 'http', port: 8080 }] }),
  rich({ image: 'registry.example/app:2', env: [{ name: 'C', value: 'three' }], cpu: '1000m' }),
];

const byName = (changes: readonly PlannedChange[]): Record<string, PlannedChange> =>
  Object.fromEntries(changes.map(change => [`${change.object.kind} ${change.object.name}`, change]));

const planFor = async (as: ClusterClient, request: ReleaseRequest) => {
  const prepared = await prepareRelease({ client: as, request });
  return { plan: planOf(prepared), changes: byName(planOf(prepared).changes), prepared };
};

const pointersOf = ({ fields = [] }: PlannedChange): string[] => fields.map(({ pointer }) => pointer).sort();

describe('a plan', () => {
  it('matches what applying does, and plans nothing afterwards', async () => {
    const namespace = await createNamespace(client, 'plan-true');
    let objects: readonly JsonObject[] = [];
    for (objects of [first, second, first]) {
      const request = requestFor(namespace, objects, { prune: 'now' });
      const before = await snapshotOf(client, namespace);
      const { changes } = await planFor(client, request);
      const { release } = await deploy(client, request);
      await closeRelease(client, release, 'succeeded', clock);
      const after = await snapshotOf(client, namespace);
      for (const [name, { action }] of Object.entries(changes)) {
        const did =
          before[name] === undefined
            ? 'create'
            : after[name] === undefined
              ? 'prune'
              : release.objects.some(object => `${object.kind} ${object.name}` === name && object.written)
                ? 'change'
                : 'unchanged';
        expect([name, did]).toEqual([name, action]);
      }
      const known = Object.keys(after).filter(name => !/slipway\.|^Lease/.test(name));
      expect(known.filter(name => changes[name] === undefined)).toEqual([]);
    }
    const again = await planFor(client, requestFor(namespace, objects, { prune: 'now' }));
    expect(again.plan.changes.map(({ action }) => action)).toEqual(objects.map(() => 'unchanged'));
    expect(again.plan.method).toBe('dry-run');
  });

  it('with get and list only finds the same fields by a local merge, and says so', async () => {
    const namespace = await createNamespace(client, 'plan-merge');
    const { release } = await deploy(client, requestFor(namespace, first));
    await closeRelease(client, release, 'succeeded', clock);
    const resources = ['configmaps', 'services', 'secrets', 'deployments.apps'];
    const looking = await reader(namespace, resources);
    const before = await snapshotOf(client, namespace);
    const request = requestFor(namespace, second);
    const [tried, merged] = [await planFor(client, request), await planFor(looking, request)];
    looking.close();
    expect(await snapshotOf(client, namespace)).toEqual(before);
    expect(tried.plan.method).toBe('dry-run');
    expect(merged.plan.method).toBe('merge');
    expect(merged.plan.limits).toEqual([
      expect.stringMatching(/takes the rights to create and patch: ConfigMap, Service, Deployment\.apps$/),
    ]);
    expect(Object.keys(merged.changes)).toEqual(Object.keys(tried.changes));
    for (const [name, change] of Object.entries(tried.changes)) {
      expect([name, merged.changes[name]?.action]).toEqual([name, change.action]);
      expect([name, pointersOf(merged.changes[name] ?? change)]).toEqual([name, pointersOf(change)]);
    }
    expect(merged.changes['Deployment rich']?.restarts).toBe(true);
  });

  it('without the right to write finds nothing where nothing changed, in lists with defaults too', async () => {
    const namespace = await createNamespace(client, 'plan-lists');
    const claim = (storage: string): JsonObject => ({
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
    const stateful = (storage: string, annotations: JsonObject = {}): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', annotations },
      spec: {
        ...{ serviceName: 'db', replicas: 0, selector: { matchLabels: { app: 'db' } } },
        template: {
          metadata: { labels: { app: 'db' } },
          spec: { containers: [{ name: 'db', image: 'registry.example/db:1' }] },
        },
        volumeClaimTemplates: [claim(storage)],
      },
    });
    const policy = (port: number): JsonObject => ({
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web' } },
      spec: { podSelector: {}, ingress: [{ ports: [{ port }] }] },
    });
    const { release } = await deploy(client, requestFor(namespace, [stateful('1Gi'), policy(80)]));
    await closeRelease(client, release, 'succeeded', clock);
    const looking = await reader(namespace, [
      'secrets',
      'statefulsets.apps',
      'networkpolicies.networking.k8s.io',
    ]);
    const same = await planFor(looking, requestFor(namespace, [stateful('1Gi'), policy(80)]));
    const other = await planFor(looking, requestFor(namespace, [stateful('1Gi'), policy(81)]));
    looking.close();
    expect(same.plan.changes.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
    expect(other.changes['NetworkPolicy web']?.fields).toEqual([
      { pointer: '/spec/ingress/0/ports/0/port', before: 80, after: 81 },
    ]);
    const larger = stateful('2Gi', { 'slipway.dev/replace': 'allow' });
    const { changes } = await planFor(client, requestFor(namespace, [larger, policy(80)]));
    expect(changes['StatefulSet db']).toMatchObject({ action: 'replace' });
    expect(changes['StatefulSet db']?.fields?.slice(1)).toEqual([
      {
        pointer: '/spec/volumeClaimTemplates/0/spec/resources/requests/storage',
        ...{ before: '1Gi', after: '2Gi' },
      },
    ]);
  });

  it('without access to Secrets leaves out what it cannot know, and says so', async () => {
    const namespace = await createNamespace(client, 'plan-blind');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { a: 'b' } };
    const using = rich({ more: { envFrom: [{ secretRef: { name: 'token' } }] } });
    await deploy(client, requestFor(namespace, [secret, using]));
    const looking = await reader(namespace, ['configmaps', 'deployments.apps']);
    const { plan, changes } = await planFor(looking, requestFor(namespace, [secret, using]));
    looking.close();
    expect(changes['Secret token']).toMatchObject({
      ...{ action: 'unchanged', unread: true },
      note: expect.stringContaining('the credentials may not read it'),
    });
    expect(changes['Deployment rich']?.action).toBe('unchanged');
    expect(plan.limits).toEqual(
      expect.arrayContaining([expect.stringMatching(/what would be deleted, is not known/)]),
    );
  });

  it('distinguishes what someone changed in the cluster from what the manifests change', async () => {
    const namespace = await createNamespace(client, 'plan-drift');
    const { release } = await deploy(client, requestFor(namespace, first));
    await closeRelease(client, release, 'succeeded', clock);
    const maps = { apiVersion: 'v1', kind: 'ConfigMap', namespace };
    await client.patch({ ...maps, name: 'changes' }, { data: { b: 'by hand' } });
    await client.delete({ ...maps, name: 'same' });
    const objects = [
      configMap('changes', { a: 'new', b: '2' }),
      ...first.filter(({ metadata }) => (metadata as JsonObject)['name'] !== 'changes'),
    ];
    const { changes } = await planFor(client, requestFor(namespace, objects, { forceConflicts: true }));
    expect(changes['ConfigMap changes']?.fields).toEqual([
      { pointer: '/data/a', before: '1', after: 'new' },
      { pointer: '/data/b', before: 'by hand', after: '2', drifted: true },
    ]);
    expect(changes['ConfigMap same']).toMatchObject({
      action: 'create',
      note: 'it was deleted from the cluster',
    });
  });

  it('names the manager of a field that is in conflict, by a dry run and by a local merge', async () => {
    const namespace = await createNamespace(client, 'plan-conflict');
    await deploy(client, requestFor(namespace, first));
    const maps = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'changes', namespace } };
    await client.apply({ ...maps, data: { a: 'theirs' } } as KubernetesObject, {
      fieldManager: 'someone',
      force: true,
    });
    const looking = await reader(namespace, ['configmaps', 'services', 'secrets', 'deployments.apps']);
    for (const as of [client, looking]) {
      const { problems } = await prepareRelease({ client: as, request: requestFor(namespace, second) });
      const conflicts = problems.filter(({ code }) => code === 'cluster-field-conflict');
      expect(conflicts).toHaveLength(1);
      expect(conflicts[0]?.message).toMatch(/data.a belongs to "someone"/);
    }
    looking.close();
  });
});

describe('a field that cannot be changed', () => {
  const sets = (serviceName: string, annotations: JsonObject): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'data', annotations },
    spec: {
      serviceName,
      replicas: 1,
      selector: { matchLabels: { app: 'data' } },
      template: { metadata: { labels: { app: 'data' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
    },
  });

  it('is refused with the annotation that would allow it, and the object is created again once it is allowed', async () => {
    const namespace = await createNamespace(client, 'replace');
    await deploy(client, requestFor(namespace, [sets('one', {})]));
    const refused = await planFor(client, requestFor(namespace, [sets('two', {})]));
    expect(refused.prepared.problems).toMatchObject([
      { code: 'cluster-refused', remedy: expect.stringContaining('slipway.dev/replace: allow') },
    ]);
    const request = requestFor(namespace, [sets('two', { 'slipway.dev/replace': 'allow' })]);
    const { changes, prepared } = await planFor(client, request);
    expect(prepared.problems).toEqual([]);
    expect(changes['StatefulSet data']).toMatchObject({
      action: 'replace',
      fields: expect.arrayContaining([{ pointer: '/spec/serviceName', before: 'one', after: 'two' }]),
    });
    const reference = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: 'data' };
    const before = await client.get(reference);
    await deploy(client, request);
    const after = await client.get(reference);
    expect(after?.metadata['uid']).not.toBe(before?.metadata['uid']);
    expect(after?.['spec']).toMatchObject({ serviceName: 'two' });
    expect((await planFor(client, request)).changes['StatefulSet data']?.action).toBe('unchanged');
  });
});

describe('replicas', () => {
  it('are left to a ScaledObject of KEDA that someone else created', async () => {
    const namespace = await createNamespace(client, 'keda');
    await client.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'scaledobjects.keda.sh' },
      spec: {
        group: 'keda.sh',
        scope: 'Namespaced',
        names: { kind: 'ScaledObject', plural: 'scaledobjects', singular: 'scaledobject' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const scaled: KubernetesObject = {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'api', namespace },
      spec: { scaleTargetRef: { name: 'api' } },
    };
    await until(async () => (await client.create(scaled).catch(() => undefined)) !== undefined);
    const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
    await deploy(client, requestFor(namespace, [deployment('api')]));
    await client.patch(api, { spec: { replicas: 7 } });
    await deploy(client, requestFor(namespace, [deployment('api', { minReadySeconds: 1 })]));
    expect((await client.get(api))?.['spec']).toMatchObject({ replicas: 7, minReadySeconds: 1 });
  });
});

describe('a Job with a content name that someone else created', () => {
  it('is neither counted as ours nor replaced', async () => {
    const namespace = await createNamespace(client, 'stranger');
    const job: JsonObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate' },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } },
      },
    };
    const request = requestFor(namespace, [job]);
    const named = (await prepareRelease({ client, request })).objects[0]?.object;
    if (named === undefined) throw new Error('there is no Job');
    await client.create(named);
    const { problems } = await prepareRelease({ client, request });
    expect(problems).toMatchObject([
      {
        code: 'object-foreign',
        message: expect.stringContaining('was not created by this formation'),
      },
    ]);
  });
});
