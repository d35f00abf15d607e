import { describe, expect, it } from '@jest/globals';
import type { JsonObject, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { goInSteps, mayGoInSteps, type WorkloadInCluster } from '@slipway/steps';
import { daemonSet, deployment, service, statefulSet } from '@slipway/testkit/objects';

const canary: StepStrategy = { steps: [{ weight: 20 }, { weight: 50 }] };

function claim(name: string, ...accessModes: string[]): KubernetesObject {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: { accessModes } };
}

function mounting(name: string, claimName: string): KubernetesObject {
  const pod = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] };
  return deployment(name, { pod });
}

function chosen(objects: readonly KubernetesObject[], strategy: Partial<StepStrategy> = {}) {
  const { workloads, leftOut, problems } = mayGoInSteps(objects, { ...canary, ...strategy });
  return {
    workloads: workloads.map(({ object }) => object.metadata.name),
    leftOut: leftOut.map(({ object, reason }) => `${object.name}: ${reason}`),
    problems: problems.map(({ code, pointer, message }) => ({ code, pointer, message })),
  };
}

describe('the workloads of a strategy that names none', () => {
  it('are the Deployments that a Service of the release selects', () => {
    expect(chosen([deployment('api'), deployment('mailer'), service('api')])).toEqual({
      workloads: ['api'],
      leftOut: [],
      problems: [],
    });
  });

  const node = (more: JsonObject) => ({ container: { ports: [{ containerPort: 80, ...more }] } });
  it.each<[string, KubernetesObject[], string]>([
    ['a StatefulSet', [statefulSet('api')], 'api: it is a StatefulSet'],
    ['a DaemonSet', [daemonSet('api')], 'api: it is a DaemonSet'],
    [
      'a strategy of Recreate',
      [deployment('api', { spec: { strategy: { type: 'Recreate' } } })],
      'api: its strategy is Recreate',
    ],
    [
      'a port of the node',
      [deployment('api', node({ hostPort: 8080 }))],
      'api: its pods use port 8080 of their node',
    ],
    [
      'the network of the node',
      [deployment('api', { pod: { hostNetwork: true } })],
      'api: its pods use the network of their node',
    ],
    [
      'a claim that one node may mount',
      [mounting('api', 'data'), claim('data', 'ReadWriteOnce')],
      'api: its pods mount the claim data, which is ReadWriteOnce',
    ],
    ['no replicas', [deployment('api', { replicas: 0 })], 'api: it has 0 replicas'],
  ])('leave out one with %s', (_, objects, reason) => {
    expect(chosen([...objects, service('api')])).toEqual({ workloads: [], leftOut: [reason], problems: [] });
  });

  it('have a claim that many nodes may mount', () => {
    const objects = [
      mounting('api', 'data'),
      claim('data', 'ReadWriteOnce', 'ReadWriteMany'),
      service('api'),
    ];
    expect(chosen(objects).workloads).toEqual(['api']);
  });

  it('name each Deployment that no Service selects, where nothing goes in steps', () => {
    const objects = [deployment('api'), deployment('mailer'), service('web'), statefulSet('db')];
    expect(chosen(objects)).toEqual({
      workloads: [],
      leftOut: ['api: no Service of the release selects it', 'mailer: no Service of the release selects it'],
      problems: [],
    });
  });

  it('do not include those of a Service without a selector', () => {
    const without = { ...service('api'), spec: { ports: [{ port: 80 }] } };
    expect(chosen([deployment('api'), without]).workloads).toEqual([]);
  });
});

describe('a workload that a strategy names', () => {
  it('is refused with the nearest name if the release does not have it', () => {
    const { problems } = mayGoInSteps([deployment('api'), service('api')], {
      ...canary,
      workloads: ['apii'],
    });
    expect(problems).toMatchObject([
      { code: 'steps-workload-unknown', pointer: '/workloads/0', remedy: 'did you mean "api"?' },
    ]);
  });

  it('is told the name alone if its kind is written before it', () => {
    const workloads = ['Deployment/api'];
    const { problems } = mayGoInSteps([deployment('api'), service('api')], { ...canary, workloads });
    expect(problems).toMatchObject([{ remedy: 'did you mean "api"?' }]);
  });

  it('is refused at its field if two versions cannot run side by side', () => {
    const recreated = deployment('api', { spec: { strategy: { type: 'Recreate' } } });
    expect(chosen([recreated, service('api')], { workloads: ['api'] }).problems).toMatchObject([
      { code: 'steps-workload-unfit', pointer: '/spec/strategy/type' },
    ]);
  });

  it('is refused without a Service, unless it takes work', () => {
    expect(chosen([deployment('mailer')], { workloads: ['mailer'] }).problems).toMatchObject([
      { code: 'steps-worker', pointer: '/workloads/0' },
    ]);
    const worker = { name: 'mailer', 'takes-work': true };
    expect(chosen([deployment('mailer')], { workloads: [worker] }).problems).toEqual([]);
  });

  it('is refused at a weight of 100, and at 0 alone, if it takes work', () => {
    const workloads = [{ name: 'mailer', 'takes-work': true }];
    const objects = [deployment('mailer')];
    expect(chosen(objects, { workloads, steps: [{ weight: 100 }] }).problems).toMatchObject([
      { code: 'steps-worker', pointer: '/steps/0/weight' },
    ]);
    expect(chosen(objects, { workloads, steps: [{ weight: 0 }] }).problems).toMatchObject([
      { code: 'steps-worker', pointer: '/workloads/0' },
    ]);
  });

  it('is refused if it is named twice', () => {
    const { problems } = chosen([deployment('api'), service('api')], { workloads: ['api', 'api'] });
    expect(problems).toMatchObject([{ code: 'steps-workload-unknown', pointer: '/workloads/1' }]);
  });
});

describe('a workload in its cluster', () => {
  const live = deployment('api');
  const whole: WorkloadInCluster = { live, change: 'restart', isTracked: true };
  const reasonOf = (found: WorkloadInCluster, strategy: StepStrategy = canary) => {
    const { workloads, leftOut, problems } = goInSteps(
      mayGoInSteps([live, service('api')], strategy),
      strategy,
      () => found,
    );
    return [workloads.length, leftOut.map(({ reason }) => reason), problems.map(({ code }) => code)];
  };

  it.each<[string, WorkloadInCluster, string]>([
    ['is new', { live: undefined, change: 'create', isTracked: false }, 'this is its first release'],
    ['restarts no pod', { ...whole, change: 'none' }, 'none of its pods restarts'],
    [
      'lacks the label',
      { ...whole, isTracked: false },
      'its pods do not have the label yet that tells both versions apart',
    ],
    ['has no pods', { ...whole, live: deployment('api', { replicas: 0 }) }, 'it has 0 replicas'],
  ])('is left out if it %s', (_, found, reason) => {
    expect(reasonOf(found)).toEqual([0, [reason], []]);
    expect(reasonOf(found, { ...canary, workloads: ['api'] })).toEqual([0, [reason], []]);
  });

  it('goes in steps otherwise', () => {
    expect(reasonOf(whole)).toEqual([1, [], []]);
  });

  it('is refused by its name if it has to be replaced', () => {
    const reason = 'its change takes a replacement, since immutable fields change';
    expect(reasonOf({ ...whole, change: 'replace' })).toEqual([0, [reason], []]);
    expect(reasonOf({ ...whole, change: 'replace' }, { ...canary, workloads: ['api'] })).toEqual([
      0,
      [reason],
      ['steps-workload-unfit'],
    ]);
  });
});
