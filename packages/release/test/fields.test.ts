import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { diffFields } from '../src/objects/diff.ts';
import { isUnchanged } from '../src/objects/unchanged.ts';

const deployment = (containers: JsonObject[], replicas = 2): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop', labels: { app: 'api' } },
  spec: { replicas, template: { spec: { containers } } },
});

const unchanged = (applied: KubernetesObject, before: KubernetesObject, fieldsV1: JsonObject): boolean =>
  isUnchanged(
    applied,
    {
      ...before,
      metadata: { ...before.metadata, managedFields: [{ manager: 'slipway', operation: 'Apply', fieldsV1 }] },
    },
    'slipway',
  );

const container = (name: string, image: string): JsonObject => ({ name, image });

const fields: JsonObject = {
  'f:metadata': { 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:template': {
      'f:spec': {
        'f:containers': {
          'k:{"name":"api"}': { '.': {}, 'f:name': {}, 'f:image': {} },
          'k:{"name":"side"}': { '.': {}, 'f:name': {}, 'f:image': {} },
        },
      },
    },
  },
};

const api = container('api', 'a:1');
const side = container('side', 's:1');
const live = deployment([
  { ...api, imagePullPolicy: 'Always' },
  { name: 'injected', image: 'mesh' },
  { ...side, terminationMessagePath: '/dev' },
]);

describe('an object counts as applied', () => {
  it('when it has each field that we apply, whatever others added', () => {
    expect(unchanged(deployment([api, side]), live, fields)).toBe(true);
  });

  it('when an item leaves out the default of its key', () => {
    const service = (ports: JsonObject[]): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports },
    });
    const port = (protocol: string): JsonObject => ({
      [`k:{"port":53,"protocol":"${protocol}"}`]: { '.': {}, 'f:port': {} },
    });
    const owned = (protocols: string[]): JsonObject => ({
      'f:spec': { 'f:ports': Object.assign({}, ...protocols.map(port)) },
    });
    const [tcp, udp] = [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    expect(unchanged(service([{ port: 53 }]), service([tcp]), owned(['TCP']))).toBe(true);
    expect(unchanged(service([{ port: 53 }, udp]), service([tcp, udp]), owned(['TCP', 'UDP']))).toBe(false);
  });

  it('when the manifest was exported, with what only the server writes', () => {
    const manifest = deployment([api, side]);
    const exported = { ...manifest, status: {}, metadata: { ...manifest.metadata, creationTimestamp: null } };
    const written = {
      ...live,
      status: { replicas: 2 },
      metadata: { ...live.metadata, creationTimestamp: 'now' },
    };
    expect(unchanged(exported, written, fields)).toBe(true);
  });

  it('when a quantity is spelled in another way than the server does', () => {
    const limited = (cpu: string): KubernetesObject =>
      deployment([{ ...api, resources: { limits: { cpu } } }, side]);
    const owned = structuredClone(fields) as never as {
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': JsonObject } } };
    };
    const containers = owned['f:spec']['f:template']['f:spec']['f:containers'] as Record<string, JsonObject>;
    containers['k:{"name":"api"}'] = {
      ...containers['k:{"name":"api"}'],
      'f:resources': { 'f:limits': { 'f:cpu': {} } },
    };
    expect(unchanged(limited('1000m'), limited('1'), owned as never)).toBe(true);
    expect(unchanged(limited('1001m'), limited('1'), owned as never)).toBe(false);
  });

  it.each<[string, KubernetesObject]>([
    ['a value differs', deployment([api, container('side', 's:2')])],
    ['a field is missing', deployment([{ ...api, command: ['x'] }, side])],
    ['we own a field that we no longer apply', deployment([api, { name: 'side' }])],
    ['an item is new', deployment([api, side, container('new', 'n')])],
    ['an item was removed', deployment([api])],
    ['the order of items differs', deployment([side, api])],
    [
      'a number is written as text',
      {
        ...deployment([api, side]),
        spec: { ...(deployment([api, side])['spec'] as JsonObject), replicas: '2' },
      },
    ],
  ])('and not when %s', (_case, applied) => {
    expect(unchanged(applied, live, fields)).toBe(false);
  });
});

describe('the difference between two states', () => {
  it('names fields, finds items by their names and leaves out what the server writes', () => {
    const noise = { resourceVersion: '1', managedFields: [], generation: 3, uid: 'x' };
    const before = {
      ...deployment([api, side]),
      metadata: { ...live.metadata, ...noise },
      status: { ready: 1 },
    };
    const after = deployment([container('first', 'f'), container('api', 'a:2')], 3);
    expect(diffFields(before as KubernetesObject, after)).toEqual([
      { pointer: '/spec/replicas', before: 2, after: 3 },
      { pointer: '/spec/template/spec/containers/0', after: { name: 'first', image: 'f' } },
      { pointer: '/spec/template/spec/containers/1/image', before: 'a:1', after: 'a:2' },
      { pointer: '/spec/template/spec/containers/1', before: side },
    ]);
  });

  it('of a Secret has pointers, but no values', () => {
    const secret = (password: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': password } },
      data: { password },
    });
    expect(diffFields(secret('b25l'), secret('dHdv'))).toEqual([{ pointer: '/data/password' }]);
  });
});
