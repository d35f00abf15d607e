import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { describedListTypes } from '../src/objects/list-types.ts';
import { mergeApplied } from '../src/objects/local-merge.ts';

const pod = (container: JsonObject): JsonObject => ({
  template: { spec: { containers: [{ name: 'a', ...container }] } },
});

const deployment = (spec: JsonObject): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec,
});

const owned = (manager: string, fieldsV1: JsonObject, operation = 'Apply'): JsonObject => ({
  manager,
  operation,
  fieldsV1,
});

const inContainer = (fields: JsonObject): JsonObject => ({
  'f:spec': {
    'f:template': {
      'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, ...fields } } },
    },
  },
});

const withOwners = (live: KubernetesObject, ...managedFields: JsonObject[]): KubernetesObject => ({
  ...live,
  metadata: { ...live.metadata, managedFields },
});

const specOf = (object: KubernetesObject): JsonValue | undefined => object['spec'];

describe('a local merge', () => {
  it('keeps items whose keys or values are beyond 2^53', () => {
    const big = 9223372036854775807n;
    const args = { containers: [{ name: 'a', ports: [{ containerPort: big, protocol: 'TCP' }] }] };
    const applied = deployment({ template: { spec: args } });
    const fields = {
      'f:spec': {
        'f:template': {
          'f:spec': {
            'f:containers': {
              'k:{"name":"a"}': { 'f:ports': { [`k:{"containerPort":${big},"protocol":"TCP"}`]: {} } },
            },
          },
        },
      },
    };
    const live = withOwners(applied, owned('slipway', fields));
    expect(specOf(mergeApplied(applied, live, 'slipway').object)).toEqual(applied['spec']);
  });

  it('removes what we no longer apply with the defaults in it', () => {
    const live = withOwners(
      deployment(
        pod({ livenessProbe: { httpGet: { port: 80, scheme: 'HTTP', path: '/' }, periodSeconds: 10 } }),
      ),
      owned('slipway', inContainer({ 'f:livenessProbe': { 'f:httpGet': { 'f:port': {} } } })),
    );
    const applied = deployment(pod({ livenessProbe: { tcpSocket: { port: 80 } } }));
    expect(specOf(mergeApplied(applied, live, 'slipway').object)).toEqual(
      pod({ livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 10 } }),
    );
  });

  it('keeps of what we no longer apply what others own, and what no one owns beside it', () => {
    const live = withOwners(
      deployment(pod({ livenessProbe: { httpGet: { port: 80, scheme: 'HTTP', path: '/' } } })),
      owned('slipway', inContainer({ 'f:livenessProbe': { 'f:httpGet': { 'f:port': {} } } })),
      owned('kubectl', inContainer({ 'f:livenessProbe': { 'f:httpGet': { 'f:path': {} } } })),
    );
    expect(specOf(mergeApplied(deployment(pod({})), live, 'slipway').object)).toEqual(
      pod({ livenessProbe: { httpGet: { path: '/', scheme: 'HTTP' } } }),
    );
  });

  it('puts new items before those that they are applied before, and leaves others where they are', () => {
    const env = (...names: string[]): JsonObject => ({ env: names.map(name => ({ name, value: '1' })) });
    const items = (...names: string[]): JsonObject => ({
      'f:env': Object.fromEntries(
        names.map(name => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
      ),
    });
    const live = withOwners(
      deployment(pod(env('A', 'THEIRS', 'B'))),
      owned('slipway', inContainer(items('A', 'B'))),
      owned('istio', inContainer(items('THEIRS')), 'Update'),
    );
    const { object } = mergeApplied(deployment(pod(env('NEW', 'B', 'A'))), live, 'slipway');
    expect(specOf(object)).toEqual(pod(env('THEIRS', 'NEW', 'B', 'A')));
  });

  it('keeps a port in each protocol', () => {
    const ports = (...protocols: (string | undefined)[]): JsonObject => ({
      ports: protocols.map(protocol => ({
        containerPort: 53,
        ...(protocol === undefined ? {} : { protocol }),
      })),
    });
    const live = deployment(pod(ports('TCP', 'UDP')));
    const { object } = mergeApplied(deployment(pod(ports(undefined, 'UDP'))), live, 'slipway');
    expect(specOf(object)).toEqual(pod(ports('TCP', 'UDP')));
  });

  it('does not take one text for another that is the same quantity', () => {
    const settings = (max: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x' },
      data: { max },
    });
    expect(mergeApplied(settings('1000m'), settings('1'), 'slipway').object['data']).toEqual({
      max: '1000m',
    });
  });

  it('reports a conflict where another manager owns another spelling, as the server does', () => {
    const limits = (cpu: string): KubernetesObject => deployment(pod({ resources: { limits: { cpu } } }));
    const live = withOwners(
      limits('1'),
      owned('kubectl', inContainer({ 'f:resources': { 'f:limits': { 'f:cpu': {} } } })),
    );
    const { object, conflicts } = mergeApplied(limits('1000m'), live, 'slipway');
    expect(specOf(object)).toEqual(specOf(limits('1')));
    expect(conflicts).toEqual([
      { pointer: '/spec/template/spec/containers/0/resources/limits/cpu', manager: 'kubectl' },
    ]);
  });

  it('of a custom resource merges the lists as its definition says, whoever owns them', () => {
    const text = { type: 'string' };
    const items = { type: 'object', properties: { name: text, zone: { ...text, default: 'z' }, path: text } };
    const schema = {
      'x-kubernetes-group-version-kind': [{ group: 'acme.example', version: 'v1', kind: 'App' }],
      properties: {
        spec: {
          properties: {
            routes: { type: 'array', items },
            zones: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['name', 'zone'],
              items,
            },
          },
        },
      },
    };
    const app = (spec: JsonObject): KubernetesObject => ({
      apiVersion: 'acme.example/v1',
      kind: 'App',
      metadata: { name: 'x' },
      spec,
    });
    const live = app({
      routes: [{ name: 'a', path: '/' }],
      zones: [
        { name: 'a', zone: 'z', path: '/' },
        { name: 'a', zone: 'y' },
      ],
    });
    const applied = app({ routes: [{ name: 'b' }], zones: [{ name: 'a', path: '/b' }] });
    const types = describedListTypes({ components: { schemas: { schema } } }, applied, live);
    const { object, certain } = mergeApplied(applied, live, 'slipway', types);
    expect(specOf(object)).toEqual({
      routes: [{ name: 'b' }],
      zones: [
        { name: 'a', zone: 'z', path: '/b' },
        { name: 'a', zone: 'y' },
      ],
    });
    expect(certain).toBe(true);
  });
});
