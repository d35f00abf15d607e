import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { difference } from '../src/judge/expected.ts';
import { object } from './support/objects.ts';

const deployment = (container: JsonObject, spec: JsonObject = {}) =>
  object(
    'apps/v1',
    'Deployment',
    'api',
    { labels: { team: 'a', argo: 'x' } },
    {
      spec: { ...spec, template: { spec: { containers: [{ name: 'main', image: 'api:2', ...container }] } } },
    },
  );

const manifest = (container: JsonObject, spec: JsonObject = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', labels: { team: 'a' } },
  spec: { ...spec, template: { spec: { containers: [{ name: 'main', image: 'api:2', ...container }] } } },
});

describe('a live object', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['with defaults', {}, { imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log' }],
    [
      'with numbers in other words',
      { resources: { limits: { cpu: '1000m', memory: '1Gi' } } },
      { resources: { limits: { cpu: '1', memory: '1024Mi' } } },
    ],
    ['without what is empty in the manifest', { env: [], securityContext: {}, lifecycle: null }, {}],
    [
      'with more in its lists',
      { env: [{ name: 'B', value: '1' }] },
      {
        env: [
          { name: 'A', value: '0' },
          { name: 'B', value: '1' },
        ],
      },
    ],
    [
      'with two mounts of one volume',
      {
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b', readOnly: true },
        ],
      },
      {
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b', readOnly: true },
        ],
      },
    ],
    [
      'with one port in two protocols, the first of which is the default',
      { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP', name: 'u' }] },
      {
        ports: [
          { containerPort: 53, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP', name: 'u' },
        ],
      },
    ],
  ])('matches its manifest %s', (_, expected, live) => {
    expect(difference(manifest(expected), deployment(live))).toBeUndefined();
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      'in its image',
      { image: 'api:3' },
      {},
      '/spec/template/spec/containers/0/image is "api:2", not "api:3"',
    ],
    [
      'in a variable',
      { env: [{ name: 'A', value: '1' }] },
      { env: [{ name: 'A', value: '2' }] },
      '/spec/template/spec/containers/0/env/0/value is "2", not "1"',
    ],
    [
      'in an argument',
      { args: ['a', 'b'] },
      { args: ['a'] },
      '/spec/template/spec/containers/0/args differs',
    ],
    ['in what is missing', { command: ['a'] }, {}, '/spec/template/spec/containers/0/command is missing'],
    [
      'in text that only looks like an amount',
      { env: [{ name: 'V', value: '1.0' }] },
      { env: [{ name: 'V', value: '1' }] },
      '/spec/template/spec/containers/0/env/0/value is "1", not "1.0"',
    ],
    [
      'in the order of variables',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      {
        env: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
      },
      '/spec/template/spec/containers/0/env has another order',
    ],
    [
      'in the second mount of one volume',
      {
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b' },
        ],
      },
      { volumeMounts: [{ name: 'v', mountPath: '/a' }] },
      '/spec/template/spec/containers/0/volumeMounts/1 is missing',
    ],
  ])('does not match its manifest %s', (_, expected, live, where) => {
    expect(difference(manifest(expected), deployment(live))).toBe(where);
  });

  it('has exactly the items of a list that is one value', () => {
    const binding = (namespaces: string[]) => ({
      ...object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {}, {}),
      subjects: namespaces.map(namespace => ({ kind: 'ServiceAccount', name: 'ci', namespace })),
    });
    expect(difference(binding(['one', 'two']), binding(['one', 'two']))).toBeUndefined();
    expect(difference(binding(['one']), binding(['one', 'two']))).toBe('/subjects differs');
    expect(difference(binding(['two', 'one']), binding(['one', 'two']))).toContain('/subjects/0/namespace');
  });

  it('has the items of a custom resource in their order', () => {
    const route = (paths: string[]) => ({
      ...object('acme.example/v1', 'Route', 'r', {}, {}),
      spec: { routes: paths.map(path => ({ path })) },
    });
    expect(difference(route(['/', '/a']), route(['/', '/a']))).toBeUndefined();
    expect(difference(route(['/a', '/']), route(['/', '/a']))).toBe('/spec/routes/0/path is "/", not "/a"');
  });

  it('has the labels of its manifest, and may have others', () => {
    const wanted = { ...manifest({}), metadata: { name: 'api', labels: { team: 'b' } } };
    expect(difference(wanted, deployment({}))).toBe('/metadata/labels/team is "a", not "b"');
  });
});
