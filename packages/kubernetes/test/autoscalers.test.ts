import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import {
  fewestReplicas,
  isKnownAutoscaler,
  type KubernetesObject,
  keyOf,
  scaleTargets,
  withoutReplicas,
} from '../src/index.ts';

const object = (
  apiVersion: string,
  kind: string,
  spec: JsonObject,
  namespace = 'shop',
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'api', namespace },
  spec,
});
const deployment = object('apps/v1', 'Deployment', { replicas: 3, paused: true });

describe('the targets of autoscalers', () => {
  it.each<[string, KubernetesObject]>([
    [
      'a HorizontalPodAutoscaler',
      object('autoscaling/v1', 'HorizontalPodAutoscaler', {
        scaleTargetRef: { apiVersion: 'apps/v1beta1', kind: 'Deployment', name: 'api' },
      }),
    ],
    [
      'a ScaledObject of KEDA, which means a Deployment where it says no kind',
      object('keda.sh/v1alpha1', 'ScaledObject', { scaleTargetRef: { name: 'api' } }),
    ],
    [
      'an autoscaler of another project',
      object('autoscaling.alibabacloud.com/v1beta1', 'CronHorizontalPodAutoscaler', {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      }),
    ],
  ])('have those of %s', (_title, autoscaler) => {
    expect(scaleTargets([autoscaler]).has(keyOf(deployment))).toBe(true);
  });

  it.each<[string, KubernetesObject]>([
    [
      'of another namespace',
      object('keda.sh/v1alpha1', 'ScaledObject', { scaleTargetRef: { name: 'api' } }, 'other'),
    ],
    ['without a name', object('keda.sh/v1alpha1', 'ScaledObject', { scaleTargetRef: {} })],
    [
      'of a HorizontalPodAutoscaler without an API version, which scales nothing',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', {
        scaleTargetRef: { kind: 'Deployment', name: 'api' },
      }),
    ],
    ['of a ConfigMap', object('v1', 'ConfigMap', {})],
  ])('lack one %s', (_title, autoscaler) => {
    expect(scaleTargets([autoscaler]).has(keyOf(deployment))).toBe(false);
  });

  it('are in the namespace of the release where the manifest names none', () => {
    const { namespace: _namespace, ...metadata } = deployment.metadata;
    const autoscaler = object('keda.sh/v1alpha1', 'ScaledObject', { scaleTargetRef: { name: 'api' } });
    const homeless = { ...autoscaler, metadata: { name: 'api' } };
    expect(scaleTargets([homeless], 'shop').has(keyOf({ ...deployment, metadata }, 'shop'))).toBe(true);
  });
});

describe('replicas', () => {
  it.each<[string, KubernetesObject, number | undefined]>([
    ['the minimum', object('autoscaling/v2', 'HorizontalPodAutoscaler', { minReplicas: 2 }), 2],
    ['one', object('autoscaling/v2', 'HorizontalPodAutoscaler', {}), 1],
    ["KEDA's minimum", object('keda.sh/v1alpha1', 'ScaledObject', { minReplicaCount: 4 }), 4],
    ['none with KEDA', object('keda.sh/v1alpha1', 'ScaledObject', {}), 0],
    ['unknown for others', object('example.org/v1', 'Scaler', { minReplicas: 2 }), undefined],
  ])('are at least %s', (_title, autoscaler, expected) => {
    expect(fewestReplicas(autoscaler)).toBe(expected);
    expect(isKnownAutoscaler(autoscaler)).toBe(expected !== undefined);
  });

  it('can be left out of a workload', () => {
    expect(withoutReplicas(deployment)['spec']).toEqual({ paused: true });
  });
});
