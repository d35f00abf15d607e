import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { assess, isActive } from '../src/status/assess.ts';
import { compileRules } from '../src/status/rules.ts';
import { blindCluster, cluster, conditions, emptyCluster, object } from './support/objects.ts';

describe('a Service', () => {
  const service = (spec: JsonObject, status: JsonObject = {}) =>
    object('v1', 'Service', 'api', {}, { spec, status });
  const selecting = service({ selector: { app: 'api' } });
  const slice = (ready: boolean | undefined, name = 'api') =>
    object(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      `${name}-x`,
      { labels: { 'kubernetes.io/service-name': name } },
      {
        endpoints: [{ conditions: ready === undefined ? {} : { ready } }],
      },
    );
  const workload = (replicas: number) =>
    object(
      'apps/v1',
      'Deployment',
      'api',
      {},
      {
        spec: { replicas, template: { metadata: { labels: { app: 'api' } } } },
      },
    );

  it.each<[string, KubernetesObject, readonly KubernetesObject[], string, string]>([
    ['with a ready endpoint', selecting, [slice(true)], 'ready', '1 ready endpoint'],
    ['with an endpoint that does not say', selecting, [slice(undefined)], 'ready', '1 ready endpoint'],
    ['whose endpoint is not ready', selecting, [slice(false)], 'in-progress', 'it has no ready endpoint'],
    [
      "with another Service's endpoints only",
      selecting,
      [slice(true, 'web')],
      'in-progress',
      'it has no ready endpoint',
    ],
    [
      'whose workload is scaled to zero',
      selecting,
      [workload(0)],
      'ready',
      'the workloads that it selects are scaled to 0',
    ],
    ['whose workload should run', selecting, [workload(2)], 'in-progress', 'it has no ready endpoint'],
    ['without a selector', service({}), [], 'ready', 'it has no selector'],
    [
      'that is an alias for another host',
      service({ type: 'ExternalName', selector: { a: 'b' } }),
      [],
      'ready',
      'it is an alias for another host',
    ],
    [
      'whose load balancer has no address',
      service({ type: 'LoadBalancer' }),
      [],
      'in-progress',
      'its load balancer has no address yet',
    ],
    [
      'whose load balancer has one',
      service({ type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } }),
      [],
      'ready',
      'it has no selector',
    ],
  ])('%s', (_, given, others, state, message) => {
    expect(assess(given, cluster(others))).toMatchObject({ state, message });
  });

  it('is unknown where its endpoints may not be read', () => {
    expect(assess(selecting, blindCluster).state).toBe('unknown');
  });
});

describe('a claim', () => {
  const claim = (phase: string) =>
    object(
      'v1',
      'PersistentVolumeClaim',
      'data',
      {},
      { spec: { storageClassName: 'fast' }, status: { phase } },
    );
  const storageClass = (mode: string) =>
    object('storage.k8s.io/v1', 'StorageClass', 'fast', {}, { volumeBindingMode: mode });

  it.each<[string, KubernetesObject, readonly KubernetesObject[], string]>([
    ['that is bound', claim('Bound'), [], 'ready'],
    ['that waits for its first consumer', claim('Pending'), [storageClass('WaitForFirstConsumer')], 'ready'],
    ['that waits for a volume', claim('Pending'), [storageClass('Immediate')], 'in-progress'],
    ['whose class does not exist', claim('Pending'), [], 'unknown'],
  ])('%s', (_, given, others, state) => {
    expect(assess(given, cluster(others))).toMatchObject({ state, troubles: [] });
  });

  it('whose volume is gone fails', () => {
    expect(assess(claim('Lost'), emptyCluster).troubles).toMatchObject([{ reason: 'Lost', certainAfter: 0 }]);
  });
});

describe('an autoscaler', () => {
  const autoscaler = (given: Record<string, string>) =>
    object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'api',
      {},
      { status: { conditions: conditions(given) } },
    );

  it('without metrics is settled, and says so', () => {
    expect(
      assess(autoscaler({ ScalingActive: 'False FailedGetResourceMetric' }), emptyCluster),
    ).toMatchObject({
      state: 'ready',
      message: 'it does not scale: status.conditions[ScalingActive] is False (FailedGetResourceMetric)',
    });
  });

  it.each([
    ['without a target', 'AbleToScale', 'FailedGetScale'],
    ['whose target has no selector', 'ScalingActive', 'InvalidSelector'],
    ['with a metric that does not exist', 'ScalingActive', 'InvalidMetricSourceType'],
  ])('%s fails after a while', (_, type, reason) => {
    const status = assess(autoscaler({ AbleToScale: 'True', [type]: `False ${reason}: no` }), emptyCluster);
    expect(status).toMatchObject({
      state: 'in-progress',
      message: expect.stringContaining(`status.conditions[${type}] is False (${reason}: no)`),
      troubles: [{ reason, certainAfter: 30_000 }],
    });
  });

  it('is waited for until its controller has looked at it, and no longer than is worth while', () => {
    expect(assess(autoscaler({}), emptyCluster)).toMatchObject({
      state: 'in-progress',
      unknownAfter: 30_000,
    });
  });

  it('in its first version, which hides its conditions, is unknown', () => {
    expect(assess(object('autoscaling/v1', 'HorizontalPodAutoscaler', 'api'), emptyCluster)).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('autoscaling/v2'),
    });
  });

  it('without a target says which', () => {
    expect(
      assess(autoscaler({ AbleToScale: 'False FailedGetScale: no such deployment' }), emptyCluster).troubles,
    ).toMatchObject([{ certainAfter: 30_000 }]);
  });
});

describe('a kind of cluster scope', () => {
  const definition = (given: Record<string, string>) =>
    object(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      'ponies.example.com',
      {},
      { status: { conditions: conditions(given) } },
    );

  it.each<[string, KubernetesObject, string]>([
    ['a definition that is served', definition({ Established: 'True' }), 'ready'],
    ['a definition that is not served yet', definition({ NamesAccepted: 'True' }), 'in-progress'],
    ['a namespace', object('v1', 'Namespace', 'shop', {}, { status: { phase: 'Active' } }), 'ready'],
    [
      'an APIService without a backend',
      object(
        'apiregistration.k8s.io/v1',
        'APIService',
        'v1.x',
        {},
        { status: { conditions: conditions({ Available: 'False ServiceNotFound' }) } },
      ),
      'in-progress',
    ],
    ['a ClusterRole', object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'reader'), 'ready'],
    [
      'a kind that is named like a property of every JavaScript object',
      object('v1', 'constructor', 'a'),
      'ready',
    ],
  ])('%s', (_, given, state) => {
    expect(assess(given, emptyCluster)).toMatchObject({ state, troubles: [] });
  });

  it.each<[string, KubernetesObject, string]>([
    [
      'a definition whose names are taken',
      definition({ NamesAccepted: 'False MultipleNames: taken' }),
      'MultipleNames',
    ],
    [
      'a namespace that is being deleted',
      object('v1', 'Namespace', 'shop', { deletionTimestamp: 'now' }, { status: { phase: 'Terminating' } }),
      'Terminating',
    ],
    [
      'a ConfigMap that is being deleted',
      object('v1', 'ConfigMap', 'api', { deletionTimestamp: 'now' }),
      'Terminating',
    ],
  ])('%s fails', (_, given, reason) => {
    expect(assess(given, emptyCluster).troubles).toMatchObject([{ reason, certainAfter: 0 }]);
  });
});

describe('a custom resource', () => {
  const resource = (status: JsonObject | undefined, generation = 3) =>
    object('example.com/v1', 'Pony', 'dusty', { generation }, status === undefined ? {} : { status });

  it.each([
    ['autoscaling.k8s.io/v1', 'VerticalPodAutoscaler'],
    ['externaldns.k8s.io/v1alpha1', 'DNSEndpoint'],
    ['gateway.networking.k8s.io/v1', 'Gateway'],
    ['snapshot.storage.k8s.io/v1', 'VolumeSnapshot'],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication'],
    ['x-k8s.io/v1', 'Anything'],
  ])('of %s is one, though its group ends like those of Kubernetes: %s', async (apiVersion, kind) => {
    const waiting = { status: { conditions: conditions({ Ready: 'False Waiting: for more' }) } };
    expect(assess(object(apiVersion, kind, 'a', {}, waiting), emptyCluster).state).toBe('in-progress');
    expect(assess(object(apiVersion, kind, 'a'), emptyCluster).state).toBe('unknown');
    expect(isActive({ apiVersion, kind })).toBe(true);
    const rule = { group: apiVersion.replace(/\/.*/, ''), kind, ready: 'true' };
    expect(await compileRules([rule])).toBeDefined();
  });

  it.each([
    ['storage.k8s.io/v1', 'StorageClass'],
    ['resource.k8s.io/v1', 'DeviceClass'],
    ['storagemigration.k8s.io/v1beta1', 'StorageVersionMigration'],
    ['networking.k8s.io/v1', 'NetworkPolicy'],
  ])("is not one of Kubernetes' own kinds, which exist: %s %s", (apiVersion, kind) => {
    expect(assess(object(apiVersion, kind, 'a'), emptyCluster).state).toBe('ready');
    expect(isActive({ apiVersion, kind })).toBe(false);
  });

  it.each<[string, KubernetesObject, string]>([
    ['without a status is unknown, not ready', resource(undefined), 'unknown'],
    ['whose status does not mention health', resource({ phase: 'Fine' }), 'unknown'],
    [
      'that is ready',
      resource({ observedGeneration: 3, conditions: conditions({ Ready: 'True' }) }),
      'ready',
    ],
    ['that is not', resource({ conditions: conditions({ Ready: 'False Waiting: for hay' }) }), 'in-progress'],
    [
      'whose controller lags behind',
      resource({ observedGeneration: 2, conditions: conditions({ Ready: 'True' }) }),
      'in-progress',
    ],
    [
      'whose controller keeps the generation as text',
      resource({ observedGeneration: '2', conditions: conditions({ Ready: 'True' }) }),
      'in-progress',
    ],
    [
      'whose condition is about an older generation',
      resource({ conditions: [{ type: 'Ready', status: 'True', observedGeneration: 2 }] }),
      'in-progress',
    ],
    [
      'that is being reconciled',
      resource({ conditions: conditions({ Ready: 'True', Reconciling: 'True Updating' }) }),
      'in-progress',
    ],
  ])('%s', (_, given, state) => {
    expect(assess(given, emptyCluster)).toMatchObject({ state, troubles: [] });
  });

  it('cannot write more than one bounded line into our words', () => {
    const reason = `\u001b[31m${'x'.repeat(1000)}\n::error::`;
    const hostile = resource({ conditions: [{ type: 'Ready', status: 'False', reason, message: reason }] });
    const { message } = assess(hostile, emptyCluster);
    expect(message).not.toMatch(/[\u001b\n]/);
    expect(message.length).toBeLessThan(600);
  });

  it('that stalls fails after a while', () => {
    const stalled = resource({
      conditions: conditions({ Ready: 'False', Stalled: 'True NoHay: none left' }),
    });
    expect(assess(stalled, emptyCluster).troubles).toMatchObject([{ reason: 'NoHay', certainAfter: 30_000 }]);
  });
});

describe('a custom resource with its own conventions', () => {
  const of = (apiVersion: string, kind: string, status: JsonObject) =>
    object(apiVersion, kind, 'x', { generation: 1 }, { status });
  const rollout = (phase: string) =>
    of('argoproj.io/v1alpha1', 'Rollout', { phase, observedGeneration: '1' });
  const referring = (workloadObservedGeneration: string) =>
    object(
      'argoproj.io/v1alpha1',
      'Rollout',
      'x',
      { generation: 1, annotations: { 'rollout.argoproj.io/workload-generation': '5' } },
      { status: { phase: 'Healthy', observedGeneration: '1', workloadObservedGeneration } },
    );
  const route = (...accepted: string[]) =>
    of('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      parents: accepted.map(text => ({ conditions: conditions({ Accepted: text, ResolvedRefs: 'True' }) })),
    });
  const certificate = (given: Record<string, string>) =>
    of('cert-manager.io/v1', 'Certificate', { conditions: conditions(given) });
  const knative = (given: Record<string, string>) =>
    of('serving.knative.dev/v1', 'Service', { observedGeneration: 1, conditions: conditions(given) });

  it.each<[string, KubernetesObject, string, string | undefined]>([
    ['a healthy Rollout', rollout('Healthy'), 'ready', undefined],
    ['a Rollout on its way', rollout('Progressing'), 'in-progress', undefined],
    ['a Rollout that waits for a person', rollout('Paused'), 'unknown', undefined],
    ['a degraded Rollout', rollout('Degraded'), 'in-progress', 'Degraded'],
    ['a Rollout that has yet to see its Deployment', referring('4'), 'in-progress', undefined],
    ['a Rollout that has seen its Deployment', referring('5'), 'ready', undefined],
    [
      'a Certificate without a status',
      object('cert-manager.io/v1', 'Certificate', 'x'),
      'in-progress',
      undefined,
    ],
    [
      'a Knative Service without a status',
      object('serving.knative.dev/v1', 'Service', 'x'),
      'in-progress',
      undefined,
    ],
    [
      'a VerticalPodAutoscaler without pods',
      of('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', {
        conditions: conditions({ NoPodsMatched: 'True', RecommendationProvided: 'False' }),
      }),
      'unknown',
      undefined,
    ],
    ['a route that all its Gateways accepted', route('True', 'True'), 'ready', undefined],
    ['a route that no Gateway has seen', route(), 'in-progress', undefined],
    [
      'a route that one Gateway refuses',
      route('True', 'False NotAllowedByListeners: no'),
      'in-progress',
      'NotAllowedByListeners',
    ],
    ['a certificate that was issued', certificate({ Ready: 'True' }), 'ready', undefined],
    [
      'a certificate that is being issued',
      certificate({ Ready: 'False DoesNotExist', Issuing: 'True' }),
      'in-progress',
      undefined,
    ],
    [
      'a certificate whose issuance failed',
      certificate({ Ready: 'False', Issuing: 'False Failed: no such domain' }),
      'in-progress',
      'Failed',
    ],
    ['a Knative Service that is ready', knative({ Ready: 'True' }), 'ready', undefined],
    ['a Knative Service on its way', knative({ Ready: 'Unknown Deploying' }), 'in-progress', undefined],
    [
      'a Knative Service that gave up',
      knative({ Ready: 'False RevisionFailed: no image' }),
      'in-progress',
      'RevisionFailed',
    ],
  ])('%s', (_, given, state, reason) => {
    const status = assess(given, emptyCluster);
    expect([status.state, status.troubles[0]?.reason]).toEqual([state, reason]);
  });
});
