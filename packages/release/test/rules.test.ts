import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Snapshot } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { applySetId, recordNumber } from '../src/names.ts';
import { jobByContent, jobFate } from '../src/objects/jobs.ts';
import { stagesOf } from '../src/objects/stages.ts';
import { forgettable } from '../src/records/close.ts';
import type { ReleaseEntry } from '../src/records/records.ts';
import { outsideProblems, reservedProblems } from '../src/refusals/boundaries.ts';
import { orderProblems, timeProblems } from '../src/refusals/manifests.ts';
import { foreignOwner } from '../src/refusals/owners.ts';
import { imageProblems } from '../src/refusals/snapshot.ts';

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  metadata: JsonObject = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
});

const ordered = (name: string, order: string) =>
  object('v1', 'Service', name, { annotations: { 'slipway.dev/order': order } });

describe('stages', () => {
  it('start with definitions and what pods need, follow the annotation, and end with interception', () => {
    const objects = [
      object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'webhook'),
      object('apps/v1', 'Deployment', 'api'),
      ordered('late', '10'),
      ordered('early', '-1'),
      object('v1', 'Secret', 'secret'),
      object('v1', 'Namespace', 'namespace'),
      object('rbac.authorization.k8s.io/v1', 'Role', 'role'),
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'definition'),
    ];
    const stages = stagesOf(objects.map(each => ({ object: each })));
    expect(stages.map(stage => stage.map(({ object: { metadata } }) => metadata.name))).toEqual([
      ['namespace', 'definition'],
      ['secret', 'role'],
      ['early'],
      ['api'],
      ['late'],
      ['webhook'],
    ]);
  });

  it('refuse an order that is not an integer', () => {
    const objects = ['1.5', 'first', '', '1', '+2'].map(order => ({ object: ordered('x', order) }));
    expect(orderProblems(objects).map(({ code }) => code)).toEqual([
      'order-invalid',
      'order-invalid',
      'order-invalid',
    ]);
  });
});

describe('the waiting time of an object', () => {
  it('is refused at its annotation if it is not a duration', () => {
    const at = { path: 'stencils/api.yaml', line: 4, column: 5 };
    const slow = (timeout: string) =>
      object('apps/v1', 'Deployment', 'api', { annotations: { 'slipway.dev/timeout': timeout } });
    const problems = timeProblems([{ object: slow('30m') }, { object: slow('soon'), positionAt: () => at }]);
    expect(problems).toEqual([
      {
        code: 'annotation-invalid',
        at,
        message: 'Deployment api has slipway.dev/timeout "soon", which is not a duration',
        remedy: 'write a duration in quotes, such as "30s", "10m" or "1h30m"',
      },
    ]);
  });
});

describe('a Job', () => {
  const job = (image: string, name = 'migrate'): KubernetesObject => ({
    ...object('batch/v1', 'Job', name),
    spec: { image },
  });

  it('is named by its content, within the length that pods allow for its name', () => {
    const one = jobByContent(job('a'));
    expect(one.metadata.name).toMatch(/^migrate-[0-9a-f]{10}$/);
    expect(jobByContent(job('a'))).toEqual(one);
    expect(jobByContent(job('b')).metadata.name).not.toBe(one.metadata.name);
    const long = jobByContent(job('a', `${'x'.repeat(51)}-${'y'.repeat(30)}`)).metadata.name;
    expect(long).toMatch(/^x{51}-[0-9a-f]{10}$/);
  });

  it('runs once for each content, and again when it failed', () => {
    const one = jobByContent(job('a'));
    const content = String((one.metadata['annotations'] as JsonObject)['slipway.dev/content']);
    const live = (type: string): KubernetesObject => ({
      ...one,
      status: { conditions: [{ type, status: 'True' }] },
    });
    expect(jobFate(one, undefined, {})).toBe('create');
    expect(jobFate(one, undefined, { [content]: one.metadata.name })).toBe('skip');
    expect(jobFate(one, live('Complete'), {})).toBe('unchanged');
    expect(jobFate(one, live('Suspended'), {})).toBe('unchanged');
    expect(jobFate(one, live('Failed'), {})).toBe('replace');
    expect(jobFate(one, live('FailureTarget'), {})).toBe('replace');
  });
});

describe('an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const snapshot = {
    deploymentTag: 'v1',
    images: { api: { name: 'registry/api', digest, origin: 'built' } },
  } as unknown as Snapshot;
  const spec = {
    initContainers: [{ name: 'init', image: `registry/api@${digest}` }],
    containers: [{ name: 'api', image: 'registry/api:v1' }],
    ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
    volumes: [{ name: 'files', image: { reference: 'registry/files:1' } }],
  };
  const cron = {
    ...object('batch/v1', 'CronJob', 'c'),
    spec: { jobTemplate: { spec: { template: { spec } } } },
  };

  it('must be a digest of the snapshot, wherever a pod template names it', () => {
    const messages = imageProblems([{ object: cron as KubernetesObject }], snapshot).map(
      ({ message }) => message,
    );
    expect(messages).toEqual([
      expect.stringContaining('"api" runs "registry/api:v1"'),
      expect.stringContaining('"debug" runs "busybox"'),
      expect.stringContaining('"files" runs "registry/files:1"'),
    ]);
  });

  it('is not checked without a snapshot', () => {
    expect(imageProblems([{ object: cron as KubernetesObject }], undefined)).toEqual([]);
  });
});

describe('what a release may touch', () => {
  const codes = (objects: KubernetesObject[], allow = {}) =>
    outsideProblems(
      objects.map(each => ({ object: each })),
      'shop',
      allow,
    ).map(({ message }) => message.split(' ')[0]);
  const inside = object('v1', 'ConfigMap', 'a', { namespace: 'shop' });
  const outside = object('v1', 'Service', 'a', { namespace: 'other' });
  const wide = object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'a');

  it('is in its namespace, or allowed by the formation', () => {
    expect(codes([inside, outside, wide])).toEqual(['Service', 'ClusterRole']);
    expect(codes([outside, wide], { namespaces: ['other'], 'cluster-scoped': ['ClusterRole'] })).toEqual([]);
    expect(codes([wide], { 'cluster-scoped': ['ClusterRole.rbac.authorization.k8s.io'] })).toEqual([]);
    expect(codes([wide], { 'cluster-scoped': ['ClusterRoleBinding'] })).toEqual(['ClusterRole']);
  });

  it('is never reserved for Slipway', () => {
    const reserved = [
      object('v1', 'ConfigMap', 'a', { labels: { 'applyset.kubernetes.io/part-of': 'x' } }),
      object('v1', 'ConfigMap', 'a', { annotations: { 'slipway.dev/release': '7' } }),
      object('v1', 'Secret', 'slipway.shop.staging.7'),
      { ...object('v1', 'Secret', 'a'), type: 'slipway.dev/release' },
    ];
    expect(reservedProblems(reserved.map(each => ({ object: each })))).toHaveLength(4);
    expect(reservedProblems([{ object: ordered('a', '1') }])).toEqual([]);
  });
});

describe('the owner of a live object', () => {
  it.each<[string, JsonObject, RegExp | undefined]>([
    ['no one', {}, undefined],
    ['us', { labels: { 'applyset.kubernetes.io/part-of': 'ours' } }, undefined],
    ['another set', { labels: { 'applyset.kubernetes.io/part-of': 'theirs' } }, /another set/],
    [
      'Helm',
      {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'r' },
      },
      /Helm release "r"/,
    ],
    ['no one, though a chart rendered it', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, undefined],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'app:x' } }, /Argo CD/],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, /Flux/],
  ])('is %s', (_case, metadata, owner) => {
    const found = foreignOwner(object('v1', 'ConfigMap', 'a', metadata), {
      set: 'ours',
      manager: 'slipway:shop/staging',
    });
    if (owner === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(owner);
  });
});

describe('names', () => {
  const owner = { application: 'shop', formation: 'staging' };

  it('distinguish records from other objects', () => {
    expect(recordNumber(owner, 'slipway.shop.staging.12')).toBe(12);
    for (const other of [
      'slipway.shop.staging',
      'slipway.shop.staging.0',
      'slipway.shop.staging.1.abc',
      'slipway.shop.other.1',
    ])
      expect(recordNumber(owner, other)).toBeUndefined();
  });

  it('determine one id of a set for each name and namespace', () => {
    const id = applySetId(owner, 'shop');
    expect(id).toMatch(/^applyset-[A-Za-z0-9_-]{43}-v1$/);
    expect(applySetId(owner, 'other')).not.toBe(id);
  });
});

it('ten releases that succeeded and five others are kept besides the newest', () => {
  const entry = (number: number, verdict: ReleaseEntry['verdict']): ReleaseEntry => ({
    number,
    verdict,
    created: '',
  });
  const releases = Array.from({ length: 40 }, (_, index) =>
    entry(40 - index, index % 2 === 0 ? 'failed' : 'succeeded'),
  );
  const gone = forgettable(releases);
  const kept = releases.filter(release => !gone.includes(release));
  expect(kept.filter(({ verdict }) => verdict === 'succeeded').map(({ number }) => number)).toEqual([
    39, 37, 35, 33, 31, 29, 27, 25, 23, 21,
  ]);
  expect(kept.filter(({ verdict }) => verdict === 'failed').map(({ number }) => number)).toEqual([
    40, 38, 36, 34, 32, 30,
  ]);
});

it('ten contents are kept, however often releases were rolled back', () => {
  // Ten good versions, then thirty pushes that failed, each of which was undone by restoring the tenth.
  const good = Array.from({ length: 10 }, (_, index) => index + 1);
  const bad = Array.from({ length: 30 }, (_, index) => 11 + 2 * index);
  const releases: ReleaseEntry[] = [
    ...good.map(number => ({ number, verdict: 'succeeded' as const, created: '' })),
    ...bad.flatMap(number => [
      { number, verdict: 'rolled-back' as const, created: '' },
      { number: number + 1, verdict: 'succeeded' as const, created: '' },
    ]),
  ].sort((a, b) => b.number - a.number);
  const contents = new Map(
    releases.map(({ number }) => [number, `content ${number <= 10 ? number : 10}`] as const),
  );
  const gone = new Set(forgettable(releases, contents).map(({ number }) => number));
  const kept = releases.map(({ number }) => number).filter(number => !gone.has(number));
  expect(kept.filter(number => number < 10)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(kept.length).toBeLessThanOrEqual(26);
});
