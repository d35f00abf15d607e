import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { quotaProblems } from '../src/index.ts';

const api: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop' },
  spec: {
    strategy: { rollingUpdate: { maxSurge: 1 } },
    template: {
      spec: {
        containers: [{ name: 'main', resources: { requests: { cpu: '500m', memory: '64Mi' } } }],
      },
    },
  },
};
const scaler: KubernetesObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api', namespace: 'shop' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }, maxReplicas: 8 },
};
const quota = (hard: object, used: object, spec: object = {}): KubernetesObject =>
  ({
    ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' }, spec },
    status: { hard, used },
  }) as unknown as KubernetesObject;

const found = (given: KubernetesObject, autoscalers: readonly KubernetesObject[] = []): string[] =>
  quotaProblems(
    [given],
    [{ object: api, stable: 4 }],
    { steps: [{ weight: 20 }, { weight: 50 }] },
    autoscalers,
  ).map(({ message }) => message.replace(/: for its copies.*/, ''));

describe('a quota', () => {
  it('has room for the largest copy and for what the rollout adds, exactly', () => {
    expect(found(quota({ pods: '9' }, { pods: '4' }))).toEqual([]);
    expect(found(quota({ pods: '8' }, { pods: '4' }))).toEqual([
      'ResourceQuota team has 4 of its pods left, and the release may need 5 more',
    ]);
  });

  it('has room for as many pods as an autoscaler may bring, each with its copy', () => {
    expect(found(quota({ 'count/pods': '17' }, { 'count/pods': '4' }), [scaler])).toEqual([]);
    expect(found(quota({ 'count/pods': '16' }, { 'count/pods': '4' }), [scaler])).toEqual([
      'ResourceQuota team has 12 of its pods left, and the release may need 13 more',
    ]);
  });

  it('counts what pods request, under either name', () => {
    expect(
      found(quota({ cpu: '4500m', 'requests.memory': '600Mi' }, { cpu: '2', 'requests.memory': '300Mi' })),
    ).toEqual([
      'ResourceQuota team has 300Mi of its requests of memory left, and the release may need 320Mi more',
    ]);
    expect(found(quota({ 'requests.cpu': '4' }, { 'requests.cpu': '2' }))).toEqual([
      'ResourceQuota team has 2 of its requests of cpu left, and the release may need 2500m more',
    ]);
  });

  it('that is used up already has nothing left, and not less', () => {
    expect(found(quota({ pods: '3' }, { pods: '4' }))).toEqual([
      'ResourceQuota team has 0 of its pods left, and the release may need 5 more',
    ]);
  });

  it('of certain pods only, or of something else, is left to the API server', () => {
    expect(found(quota({ pods: '4' }, { pods: '4' }, { scopes: ['BestEffort'] }))).toEqual([]);
    expect(found(quota({ services: '1' }, { services: '1' }))).toEqual([]);
  });
});
