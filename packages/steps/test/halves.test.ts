import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { halfOf, sharedContentProblems } from '@slipway/steps';
import {
  autoscaler,
  configMap,
  deployment,
  job,
  ordered,
  service,
  statefulSet,
} from '@slipway/testkit/objects';

const role = (...rules: JsonObject[]): KubernetesObject => ({
  ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader' }, rules },
});
const binding = (roleName: string, ...names: string[]): KubernetesObject => ({
  ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'reader' } },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: roleName },
  subjects: names.map(name => ({ kind: 'ServiceAccount', name })),
});
const rule = (verbs: string[], more: JsonObject = {}): JsonObject => ({
  ...{ apiGroups: [''], resources: ['pods'], verbs },
  ...more,
});
const definition = (schema: JsonObject, version: JsonObject = {}): KubernetesObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.acme.io' },
  spec: {
    ...{ group: 'acme.io', scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets' } },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true, ...version },
        schema: { openAPIV3Schema: { type: 'object', ...schema } },
      },
    ],
  },
});
const ofKind = (apiVersion: string, kind: string, more: JsonObject = {}): KubernetesObject => ({
  ...{ apiVersion, kind, metadata: { name: 'x' } },
  ...more,
});
const byContent: KubernetesObject = {
  ...configMap('settings-0123456789', { a: '1' }),
  metadata: { name: 'settings-0123456789', annotations: { 'slipway.dev/given-name': 'settings' } },
};
const mounting = deployment('api', {
  pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'x' } }] },
});
const claim = ofKind('v1', 'PersistentVolumeClaim');
const progressing = (half: string): KubernetesObject => ({
  ...statefulSet('db'),
  metadata: { name: 'db', annotations: { 'slipway.dev/progress': half } },
});
const size = { spec: { type: 'object', properties: { size: { type: 'string' } } } };

describe('the half of an object', () => {
  it.each<[string, KubernetesObject, KubernetesObject | undefined, 'first' | 'last']>([
    ['a new Namespace', ofKind('v1', 'Namespace'), undefined, 'first'],
    ['a ServiceAccount', ofKind('v1', 'ServiceAccount'), ofKind('v1', 'ServiceAccount'), 'first'],
    ['a new content', byContent, undefined, 'first'],
    ['a new ConfigMap', configMap('x', {}), undefined, 'first'],
    ['a changed ConfigMap', configMap('x', { a: '2' }), configMap('x', {}), 'last'],
    ['a new Service', service('api'), undefined, 'first'],
    ['a changed Service', service('api', 'other'), service('api'), 'last'],
    ['a Job before the others', ordered(job('migrate'), '-1'), undefined, 'first'],
    ['a Job after the others', ordered(job('warm'), '1'), undefined, 'last'],
    ['a Job among the others', job('seed'), undefined, 'last'],
    ['a claim that a copy mounts', claim, undefined, 'first'],
    ['another claim', { ...claim, metadata: { name: 'other' } }, undefined, 'last'],
    ['a workload', deployment('api'), deployment('api'), 'last'],
    ['a new workload', deployment('other'), undefined, 'last'],
    ['a CronJob', ofKind('batch/v1', 'CronJob'), undefined, 'last'],
    ['a network policy', ofKind('networking.k8s.io/v1', 'NetworkPolicy'), undefined, 'last'],
    ['an autoscaler', autoscaler('api'), autoscaler('api'), 'last'],
    ['a custom resource', ofKind('acme.io/v1', 'Widget'), undefined, 'last'],
    ['one that says first', progressing('first'), progressing('last'), 'first'],
    [
      'one that says last',
      { ...ofKind('v1', 'ServiceAccount'), metadata: progressing('last').metadata },
      undefined,
      'last',
    ],
  ])('of %s', (_, object, before, half) => {
    expect(halfOf(object, { before, workloads: [mounting] })).toBe(half);
  });

  it.each<[string, KubernetesObject, KubernetesObject, 'first' | 'last']>([
    ['gains a rule', role(rule(['get'])), role(rule(['get']), rule(['list'])), 'first'],
    ['gains a verb', role(rule(['get'])), role(rule(['get', 'list'])), 'first'],
    ['loses a verb', role(rule(['get', 'list'])), role(rule(['get'])), 'last'],
    ['is narrowed to a name', role(rule(['get'])), role(rule(['get'], { resourceNames: ['a'] })), 'last'],
    [
      'gains a name',
      role(rule(['get'], { resourceNames: ['a'] })),
      role(rule(['get'], { resourceNames: ['a', 'b'] })),
      'first',
    ],
    ['loses its names', role(rule(['get'], { resourceNames: ['a'] })), role(rule(['get'])), 'first'],
    ['gains a subject', binding('reader', 'a'), binding('reader', 'a', 'b'), 'first'],
    ['loses a subject', binding('reader', 'a', 'b'), binding('reader', 'b'), 'last'],
    ['gets another role', binding('reader', 'a'), binding('writer', 'a'), 'last'],
  ])('of a role or binding that %s', (_, before, after, half) => {
    expect(halfOf(after, { before, workloads: [] })).toBe(half);
  });

  it.each<[string, KubernetesObject, KubernetesObject, 'first' | 'last']>([
    ['is as it was', definition({}), definition({}), 'first'],
    ['gains an optional field', definition({}), definition({ properties: size }), 'first'],
    [
      'gains one that a default is written into',
      definition({}),
      definition({ properties: { size: { type: 'string', default: 'big' } } }),
      'last',
    ],
    ['loses a field', definition({ properties: size }), definition({}), 'last'],
    [
      'requires a field',
      definition({ properties: size }),
      definition({ properties: size, required: ['spec'] }),
      'last',
    ],
    [
      'narrows a field',
      definition({ properties: { size: { type: 'string' } } }),
      definition({ properties: { size: { type: 'string', enum: ['a'] } } }),
      'last',
    ],
    [
      'gains a field where any was kept',
      definition({ 'x-kubernetes-preserve-unknown-fields': true }),
      definition({ 'x-kubernetes-preserve-unknown-fields': true, properties: size }),
      'last',
    ],
    ['stops serving a version', definition({}), definition({}, { served: false }), 'last'],
  ])('of a definition that %s', (_, before, after, half) => {
    expect(halfOf(after, { before, workloads: [] })).toBe(half);
  });
});

describe('a ConfigMap that keeps its name and changes', () => {
  const user = deployment('api', { container: { envFrom: [{ configMapRef: { name: 'settings' } }] } });
  const settings = configMap('settings', { a: '2' });

  it('is refused if a copy uses it', () => {
    expect(sharedContentProblems([settings], [user])).toMatchObject([
      {
        code: 'steps-content',
        message: 'ConfigMap settings keeps its name and changes, and Deployment api uses it',
      },
    ]);
    expect(sharedContentProblems([settings], [deployment('api')])).toEqual([]);
  });

  it('is not refused if its half is written on it', () => {
    const annotations = { 'slipway.dev/progress': 'last' };
    const said = { ...settings, metadata: { ...settings.metadata, annotations } };
    expect(sharedContentProblems([said], [user])).toEqual([]);
  });
});
