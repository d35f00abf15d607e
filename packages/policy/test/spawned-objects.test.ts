import { describe, expect, it } from '@jest/globals';
import { type SpawnedManifest, spawnedFindings } from '../src/rules/spawned-objects.ts';

const at = { path: 'a.yaml', line: 1, column: 1 };

function manifest(apiVersion: string, kind: string, spec: object, annotations = {}): SpawnedManifest {
  const object = { apiVersion, kind, metadata: { name: 'a', namespace: 'n', annotations }, spec };
  return { object, positionAt: () => at } as unknown as SpawnedManifest;
}

function foundIn(...manifests: SpawnedManifest[]): string[] {
  return spawnedFindings(manifests, { hosts: ['preview.acme.io'] }).map(
    ({ rule, message }) => `${rule}: ${message}`,
  );
}

const found = (...given: Parameters<typeof manifest>): string[] => foundIn(manifest(...given));

const ingress = (host: string) => found('networking.k8s.io/v1', 'Ingress', { rules: [{ host }] });

it.each([
  'preview.acme.io',
  'pr-1.preview.acme.io',
  'PR-1.Preview.Acme.IO',
  'a.preview.acme.io.',
  '*.pr-1.preview.acme.io',
])('an instance may ask for the host %s', host => expect(ingress(host)).toEqual([]));

it.each([
  'acme.io',
  'preview.acme.io.example',
  'my-preview.acme.io',
  '*.preview.acme.io',
  '*.acme.io',
  '*',
  '*.xpreview.acme.io',
])('an instance may not ask for the host %s', host =>
  expect(ingress(host)).toEqual([
    `spawned/foreign-host: Ingress n/a asks for the host "${host}", and an instance may ask for hosts below "preview.acme.io" only`,
  ]),
);

it('an instance may not ask for every host, nor lead to another name', () => {
  expect(found('networking.k8s.io/v1', 'Ingress', { defaultBackend: {} })).toEqual([
    expect.stringMatching(/^spawned\/foreign-host: Ingress n\/a is for every host/),
  ]);
  expect(found('v1', 'Service', { type: 'ExternalName', externalName: 'api.staging' })).toEqual([
    expect.stringMatching(/^spawned\/external-name: Service n\/a leads to another name/),
  ]);
  expect(found('v1', 'Service', { type: 'ClusterIP' })).toEqual([]);
});

it('an instance may not take hosts by annotations, nor what no rule is for', () => {
  const rules = [{ host: 'pr-1.preview.acme.io' }];
  const annotated = (annotations: object) => found('networking.k8s.io/v1', 'Ingress', { rules }, annotations);
  expect(annotated({ 'nginx.ingress.kubernetes.io/server-alias': 'b.preview.acme.io' })).toEqual([]);
  for (const [name, value] of [
    ['nginx.ingress.kubernetes.io/server-alias', 'b.preview.acme.io,shop.acme.io'],
    ['nginx.ingress.kubernetes.io/server-alias', '~^shop'],
    ['haproxy-ingress.github.io/server-alias-regex', '.*'],
    ['cert-manager.io/common-name', 'shop.acme.io'],
  ] as const)
    expect([name, annotated({ [name]: value }).length]).toEqual([name, 1]);
  expect(found('networking.k8s.io/v1', 'Ingress', { rules, defaultBackend: {} })).toHaveLength(1);
});

it("an instance may not take the cluster's traffic to an address", () => {
  expect(found('v1', 'Service', { externalIPs: ['1.1.1.1', '8.8.8.8'] })).toEqual([
    "spawned/external-ip: Service n/a takes the cluster's traffic to addresses outside of it",
  ]);
  expect(found('v1', 'Service', { externalIPs: [] })).toEqual([]);
});

describe('an instance has nothing that keeps it', () => {
  const kept = (kind: string, spec: object, finalizers: string[], form = 'create'): string[] => {
    const one = manifest('v1', kind, spec);
    const object = { ...one.object, metadata: { ...one.object.metadata, finalizers } };
    const block = { hosts: [], form } as unknown as Parameters<typeof spawnedFindings>[1];
    return spawnedFindings([{ ...one, object }], block).map(({ rule, message }) => `${rule}: ${message}`);
  };
  const metadata = { finalizers: ['example.com/hold'] };

  it.each<[string, string, object, string[]]>([
    ['itself', 'ConfigMap', {}, ['example.com/hold']],
    ['a template of its pods', 'StatefulSet', { template: { metadata } }, []],
    ['a template of its Jobs', 'CronJob', { jobTemplate: { metadata } }, []],
    ['a template of their pods', 'CronJob', { jobTemplate: { spec: { template: { metadata } } } }, []],
    ['a template of its claims', 'StatefulSet', { volumeClaimTemplates: [{ metadata }] }, []],
  ])('by a finalizer: %s', (_title, kind, spec, finalizers) => {
    for (const form of ['create', 'shared'])
      expect(kept(kind, spec, finalizers, form)).toEqual([
        `spawned/finalizer: ${kind} n/a has the finalizer "example.com/hold", which keeps the instance until someone removes it`,
      ]);
  });

  it('but what Kubernetes itself adds to a claim', () => {
    expect(kept('PersistentVolumeClaim', {}, ['kubernetes.io/pvc-protection'])).toEqual([]);
    expect(kept('ConfigMap', {}, ['kubernetes.io/pvc-protection'])).toHaveLength(1);
  });

  it('by pods that take long to end', () => {
    const ends = (terminationGracePeriodSeconds: number, form?: string): string[] =>
      kept('Deployment', { template: { spec: { terminationGracePeriodSeconds } } }, [], form);
    expect(ends(600)).toEqual([]);
    expect(ends(601, 'shared')).toEqual([]);
    expect(ends(601)).toEqual([
      'spawned/long-end: pods of Deployment n/a may take 601 seconds to end, and those of an instance have 600 at most',
    ]);
  });
});

describe('a Job that runs before the release', () => {
  const job = (order: string, pods: object, kind = 'Job'): SpawnedManifest =>
    manifest('batch/v1', kind, { template: { spec: pods } }, { 'slipway.dev/order': order });
  const secret = manifest('v1', 'Secret', {});
  const env = (name: string) => ({ containers: [{ envFrom: [{ secretRef: { name } }] }] });

  it.each<[string, object]>([
    ['as variables', env('database')],
    [
      'as one variable',
      { initContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'database' } } }] }] },
    ],
    ['as a volume', { volumes: [{ secret: { secretName: 'database' } }] }],
    ['as a part of a volume', { volumes: [{ projected: { sources: [{ secret: { name: 'database' } }] } }] }],
    ['if it is there', { containers: [{ envFrom: [{ secretRef: { name: 'database', optional: true } }] }] }],
  ])('has no Secret that the instance did not bring: %s', (_title, pods) => {
    expect(foundIn(job('-1', pods), secret)).toEqual([
      'spawned/foreign-secret: Job n/a runs before the release with the Secret "database", which is not one of the instance\'s own',
    ]);
  });

  it.each<[string, SpawnedManifest]>([
    ['its own', job('-5', env('a'))],
    ['a login to a registry', job('-1', { imagePullSecrets: [{ name: 'regcred' }] })],
  ])('may have %s', (_title, one) => {
    expect(foundIn(one, secret)).toEqual([]);
  });

  it('is not one with another order, which the release waits for in its turn', () => {
    for (const order of ['0', '1', '-0', '+1', 'x']) expect(foundIn(job(order, env('database')))).toEqual([]);
  });
});

describe('an instance with a quota of its own', () => {
  const resources = (cpu: string) => ({ requests: { cpu, memory: '64Mi' }, limits: { cpu, memory: '64Mi' } });
  const deployment = (replicas: number | undefined, cpu: string | undefined) =>
    manifest('apps/v1', 'Deployment', {
      ...(replicas === undefined ? {} : { replicas }),
      template: {
        spec: { containers: [{ name: 'a', ...(cpu === undefined ? {} : { resources: resources(cpu) }) }] },
      },
    });
  const over = (block: object, ...manifests: SpawnedManifest[]): string[] =>
    spawnedFindings(manifests, { hosts: [], form: 'create', ...block }).map(
      ({ rule, message }) => `${rule}: ${message}`,
    );

  it('asks for no more than that, with the sums', () => {
    expect(over({}, deployment(4, '1'))).toEqual([]);
    expect(over({}, deployment(4, '1'), deployment(1, '500m'))).toEqual([
      'spawned/over-quota: the pods of the instance ask for 4500m of "requests.cpu" together, 4 of it for Deployment n/a, and its quota is 4',
    ]);
    expect(over({ quota: { pods: '3' } }, deployment(2, '1m'), deployment(2, '1m'))).toEqual([
      expect.stringMatching(/ask for 4 of "pods" together, 2 of it for Deployment n\/a, and its quota is 3$/),
    ]);
  });

  it('has the defaults where containers ask for nothing', () => {
    expect(over({}, deployment(8, undefined))).toEqual([]);
    expect(over({}, deployment(9, undefined))).toEqual([expect.stringMatching(/9 of "limits.cpu" together/)]);
    expect(over({ defaults: { limits: { cpu: '100m' } } }, deployment(9, undefined))).toEqual([]);
  });

  it('is not counted with replicas that no one would wait for, nor by what is not a quantity', () => {
    expect(over({}, deployment(1e9, undefined))[0]).toContain('ask for 1k of "pods" together');
    expect(over({}, deployment(undefined, 'lots'))).toEqual([]);
    expect(over({ form: 'shared' }, deployment(1e9, '64'))).toEqual([]);
  });
});
