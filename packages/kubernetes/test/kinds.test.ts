import { describe, expect, it } from '@jest/globals';
import { apiGroup, guessPlural, isBuiltIn, kindKey, kindKeyIn, podTemplatePath } from '../src/index.ts';

describe('a kind', () => {
  it('has one key in all of its versions', () => {
    expect(kindKey({ apiVersion: 'apps/v1', kind: 'Deployment' })).toBe('Deployment.apps');
    expect(kindKey({ apiVersion: 'apps/v1beta1', kind: 'Deployment' })).toBe('Deployment.apps');
    expect(kindKey({ apiVersion: 'v1', kind: 'Service' })).toBe('Service');
    expect(kindKeyIn('serving.knative.dev', 'Service')).toBe('Service.serving.knative.dev');
    expect(apiGroup('v1')).toBe('');
  });

  it.each([
    'gateway.networking.k8s.io/v1',
    'snapshot.storage.k8s.io/v1',
    'autoscaling.k8s.io/v1',
    'externaldns.k8s.io/v1alpha1',
    'sparkoperator.k8s.io/v1beta2',
    'metrics.k8s.io/v1beta1',
    'argoproj.io/v1alpha1',
    'k8s.io/v1',
  ])("of %s is not Kubernetes' own", apiVersion => {
    expect(isBuiltIn(apiVersion)).toBe(false);
  });

  it.each([
    ['NetworkPolicy', 'networkpolicies'],
    ['Ingress', 'ingresses'],
    ['Gateway', 'gateways'],
    ['StorageClass', 'storageclasses'],
    ['Mesh', 'meshes'],
    ['Endpoints', 'endpoints'],
  ])('%s has the plural %s', (kind, plural) => {
    expect(guessPlural(kind)).toBe(plural);
  });
});

describe('pods are described', () => {
  it.each([
    ['apps/v1', 'Deployment', 'spec/template'],
    ['batch/v1', 'CronJob', 'spec/jobTemplate/spec/template'],
    ['v1', 'PodTemplate', 'template'],
    ['v1', 'Pod', ''],
    ['argoproj.io/v1alpha1', 'Rollout', 'spec/template'],
    ['apps.kruise.io/v1beta1', 'StatefulSet', 'spec/template'],
  ])('by %s %s at "%s"', (apiVersion, kind, path) => {
    expect(podTemplatePath({ apiVersion, kind })?.join('/')).toBe(path);
  });

  it.each([
    ['v1', 'ConfigMap'],
    ['batch.volcano.sh/v1alpha1', 'Job'],
    ['serving.knative.dev/v1', 'Service'],
    ['v1', 'constructor'],
  ])('nowhere by %s %s', (apiVersion, kind) => {
    expect(podTemplatePath({ apiVersion, kind })).toBeUndefined();
  });
});
