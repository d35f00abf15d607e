import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import fc from 'fast-check';
import { diffFields } from '../src/objects/diff.ts';

const object = (apiVersion: string, kind: string, body: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  ...body,
});

const binding = (...subjects: [name: string, namespace: string][]): KubernetesObject =>
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
    subjects: subjects.map(([name, namespace]) => ({ kind: 'ServiceAccount', name, namespace })),
  });

const policy = (...ports: [port: number, protocol: string][]): KubernetesObject =>
  object('networking.k8s.io/v1', 'NetworkPolicy', {
    spec: { ingress: [{ ports: ports.map(([port, protocol]) => ({ port, protocol })) }] },
  });

const pod = (spec: JsonObject): KubernetesObject =>
  object('apps/v1', 'Deployment', { spec: { template: { spec } } });

const containers = (body: JsonObject): KubernetesObject => pod({ containers: [{ name: 'a', ...body }] });

const named = (...names: string[]): JsonObject[] => names.map(name => ({ name, image: `${name}:1` }));

const tolerations = (...effects: string[]): KubernetesObject =>
  pod({ tolerations: effects.map(effect => ({ key: 'spot', operator: 'Exists', effect })) });

const autoscaler = (...resources: string[]): KubernetesObject =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { metrics: resources.map(name => ({ type: 'Resource', resource: { name } })) },
  });

const routes = (...paths: string[]): KubernetesObject =>
  object('acme.example/v1', 'Route', { spec: { routes: paths.map(path => ({ name: 'r', path })) } });

const spread = (...how: string[]): KubernetesObject =>
  pod({
    topologySpreadConstraints: how.map(whenUnsatisfiable => ({ topologyKey: 'zone', whenUnsatisfiable })),
  });

const mounts = (...items: [name: string, mountPath: string, readOnly?: boolean][]): KubernetesObject =>
  containers({
    volumeMounts: items.map(([name, mountPath, readOnly = false]) => ({ name, mountPath, readOnly })),
  });

const servicePorts = (...ports: [port: number, protocol: string, nodePort: number][]): KubernetesObject =>
  object('v1', 'Service', {
    spec: { ports: ports.map(([port, protocol, nodePort]) => ({ port, protocol, nodePort })) },
  });

const CHANGES: Record<string, [before: KubernetesObject, after: KubernetesObject, pointers: string[]]> = {
  'a subject of another namespace loses its right': [
    binding(['ci', 'one'], ['ci', 'two']),
    binding(['ci', 'one']),
    ['/subjects/1'],
  ],
  'the first of two subjects of one name does': [
    binding(['ci', 'one'], ['ci', 'two']),
    binding(['ci', 'two']),
    ['/subjects/0/namespace', '/subjects/1'],
  ],
  'a port is closed in one protocol': [
    policy([53, 'UDP'], [53, 'TCP']),
    policy([53, 'UDP']),
    ['/spec/ingress/0/ports/1'],
  ],
  'a port changes its protocol': [
    policy([53, 'UDP']),
    policy([53, 'TCP']),
    ['/spec/ingress/0/ports/0/protocol'],
  ],
  'init containers run in another order': [
    pod({ initContainers: named('migrate', 'seed') }),
    pod({ initContainers: named('seed', 'migrate') }),
    ['/spec/template/spec/initContainers'],
  ],
  'a variable comes after one that uses it': [
    containers({
      env: [
        { name: 'URL', value: '$(HOST)' },
        { name: 'HOST', value: 'a' },
      ],
    }),
    containers({
      env: [
        { name: 'HOST', value: 'a' },
        { name: 'URL', value: '$(HOST)' },
      ],
    }),
    ['/spec/template/spec/containers/0/env'],
  ],
  'a toleration of one key loses an effect': [
    tolerations('NoSchedule', 'NoExecute'),
    tolerations('NoSchedule'),
    ['/spec/template/spec/tolerations/1'],
  ],
  'a metric of one type is removed': [autoscaler('cpu', 'memory'), autoscaler('cpu'), ['/spec/metrics/1']],
  'a custom resource lists its routes in another order': [
    routes('/', '/a'),
    routes('/a', '/'),
    ['/spec/routes/0/path', '/spec/routes/1/path'],
  ],
  'one of two spreads over a key is removed': [
    spread('DoNotSchedule', 'ScheduleAnyway'),
    spread('ScheduleAnyway'),
    ['/spec/template/spec/topologySpreadConstraints/0'],
  ],
  'the second mount of a volume is read-only': [
    mounts(['v', '/a'], ['v', '/b']),
    mounts(['v', '/a'], ['v', '/b', true]),
    ['/spec/template/spec/containers/0/volumeMounts/1/readOnly'],
  ],
  'one half of a Service port has another node port': [
    servicePorts([443, 'TCP', 30001], [443, 'UDP', 30002]),
    servicePorts([443, 'TCP', 30001], [443, 'UDP', 30003]),
    ['/spec/ports/1/nodePort'],
  ],
  'an item moves and another one is new': [
    pod({ initContainers: named('a', 'b') }),
    pod({ initContainers: named('b', 'c', 'a') }),
    ['/spec/template/spec/initContainers/1', '/spec/template/spec/initContainers'],
  ],
};

describe('two states of an object differ', () => {
  it.each(Object.entries(CHANGES))('when %s', (_case, [before, after, pointers]) => {
    expect(diffFields(before, after).map(({ pointer }) => pointer)).toEqual(pointers);
    expect(diffFields(after, before)).not.toEqual([]);
  });

  it.each(Object.entries(CHANGES))('and not from themselves, also where %s', (_case, [before, after]) => {
    expect(diffFields(before, before)).toEqual([]);
    expect(diffFields(after, structuredClone(after))).toEqual([]);
  });

  it('by the order of the keys of their items', () => {
    const [before, after] = [named('migrate', 'seed'), named('seed', 'migrate')];
    expect(diffFields(pod({ initContainers: before }), pod({ initContainers: after }))).toEqual([
      {
        pointer: '/spec/template/spec/initContainers',
        before: ['migrate', 'seed'],
        after: ['seed', 'migrate'],
      },
    ]);
  });
});

/** Lists of few values, so that repetitions, removals and other orders are frequent. */
const item = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    port: fc.constantFrom(53, 80),
    containerPort: fc.constantFrom(53, 80),
    protocol: fc.constantFrom('TCP', 'UDP'),
    mountPath: fc.constantFrom('/a', '/b'),
    key: fc.constantFrom('x', 'y'),
    value: fc.constantFrom('1', '2', '1000m'),
  },
  { requiredKeys: [] },
);
const list = fc.array(item, { maxLength: 4 });
const KINDS = [
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['acme.example/v1', 'Route'],
] as const;
const state = fc.record({
  ports: list,
  subjects: list,
  containers: fc.array(
    fc.record({ name: fc.constantFrom('a', 'b'), env: list, ports: list, volumeMounts: list }),
    {
      maxLength: 3,
    },
  ),
});

/** Equal as JSON, with keys in any order. */
const canonical = (value: JsonValue): string =>
  JSON.stringify(value, (_key, inner) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

it('nothing is called equal that is not equal as JSON, and everything that is, whatever the lists contain', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), state, state, ([apiVersion, kind], one, other) => {
      const build = ({ ports, subjects, containers: all }: JsonObject): KubernetesObject =>
        object(apiVersion, kind, {
          subjects: subjects ?? null,
          spec: { ports: ports ?? null, template: { spec: { containers: all ?? null } } },
        });
      const [before, after] = [build(one as unknown as JsonObject), build(other as unknown as JsonObject)];
      expect(diffFields(before, after).length === 0).toBe(canonical(before) === canonical(after));
      expect(diffFields(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe('a Secret', () => {
  const secret = (others: object): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
    ...others,
  });

  it.each<[string, object, string]>([
    ['in its content', { stringData: { a: 'hunter2' } }, '/stringData'],
    ['under a key that is misspelt', { stringdata: { a: 'hunter2' } }, '/stringdata'],
    ['in what is copied into an annotation', applied({ note: 'x' }), '/metadata/annotations'],
  ])('never shows a value %s, whether it is new or leaves', (_, others, pointer) => {
    for (const changes of [diffFields(secret({}), secret(others)), diffFields(secret(others), secret({}))]) {
      expect(changes.map(change => change.pointer)).toEqual([pointer]);
      expect(JSON.stringify(changes)).not.toContain('hunter2');
    }
  });

  it('shows its type and its labels', () => {
    const labelled = secret({ type: 'b', metadata: { name: 'a', labels: { c: 'd' } } });
    expect(diffFields(secret({ type: 'a' }), labelled)).toEqual([
      { pointer: '/metadata/labels', after: { c: 'd' } },
      { pointer: '/type', before: 'a', after: 'b' },
    ]);
  });

  it('does not differ by what kubectl writes into its annotations alone', () => {
    expect(diffFields(secret({}), secret(applied({})))).toEqual([]);
  });
});

function applied(annotations: Record<string, string>): object {
  const last = { 'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"a":"hunter2"}}' };
  return { metadata: { name: 'a', annotations: { ...annotations, ...last } } };
}
