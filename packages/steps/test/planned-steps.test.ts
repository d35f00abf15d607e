import { describe, expect, it } from '@jest/globals';
import type { Check, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type PlannedWorkload, plannedSteps } from '../src/index.ts';

const STRATEGY: StepStrategy = {
  steps: [
    { weight: 10, bake: '10m' },
    { weight: 50, bake: '10m', pause: 'commit', unwatched: true, by: ['@acme/release'], not: 'actor' },
  ],
};

function deployment(name: string, more: object = {}): KubernetesObject {
  const containers = [
    {
      name,
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
      resources: { requests: { cpu: '100m', memory: '128Mi' } },
    },
    { name: 'proxy', resources: { requests: { cpu: 1 } } },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: { containers } }, ...more },
  };
}

const workload = (name: string, stable: number, more: Partial<PlannedWorkload> = {}): PlannedWorkload => ({
  object: deployment(name),
  ...{ stable, takesWork: false, services: [] },
  ...more,
});

const given = {
  ...{ strategy: STRATEGY, leftOut: [], firstJobs: [], checks: [] },
  ...{ prune: 'after-success' as const, onFailure: undefined },
};

describe('the plan of a release in steps', () => {
  it('says how many pods the copy has in each step, and the share that this really is', () => {
    expect(plannedSteps({ ...given, workloads: [workload('api', 4)] }).workloads).toEqual([
      {
        object: expect.objectContaining({ kind: 'Deployment', name: 'api' }),
        pods: 4,
        copies: [
          { pods: 1, share: 20 },
          { pods: 4, share: 50 },
        ],
      },
    ]);
  });

  it('counts the most pods with the copy and what the rollout at the commit adds, and what these request', () => {
    // 4 pods more for the copy, and a quarter of 4 for the rollout.
    expect(plannedSteps({ ...given, workloads: [workload('api', 4)] }).peak).toEqual({
      ...{ now: 4, most: 9, cpu: '5500m', memory: '640Mi' },
    });
    const careful = deployment('api', { strategy: { rollingUpdate: { maxSurge: 0 } } });
    expect(
      plannedSteps({ ...given, workloads: [workload('api', 4, { object: careful })] }).peak,
    ).toMatchObject({
      now: 4,
      most: 8,
    });
  });

  it('gives a worker no copy before it gets a share', () => {
    const strategy: StepStrategy = { steps: [{ weight: 0, pause: 'qa' }, { weight: 20 }] };
    const [worker] = plannedSteps({
      ...{ ...given, strategy },
      workloads: [workload('mailer', 4, { takesWork: true })],
    }).workloads;
    expect(worker).toMatchObject({
      takesWork: true,
      copies: [
        { pods: 0, share: 0 },
        { pods: 1, share: 20 },
      ],
    });
  });

  it('has the whole size at a weight of 100, and brings it before', () => {
    const strategy: StepStrategy = {
      steps: [
        { weight: 0, pause: 'qa' },
        { weight: 100, bake: '20m' },
      ],
    };
    expect(
      plannedSteps({ ...given, strategy, workloads: [workload('web', 3)] }).workloads[0]?.copies,
    ).toEqual([
      { pods: 3, share: 0 },
      { pods: 3, share: 100 },
    ]);
  });

  it('names what runs at the start and stays done', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate-3f2a' } };
    expect(plannedSteps({ ...given, workloads: [workload('api', 4)], firstJobs: [job] }).first).toEqual([
      'runs Job migrate-3f2a now; an undo does not take it back',
    ]);
  });

  it('names checks that no step asks, as the pods that they are about have no copy', () => {
    const ofPods = (name: string): Check => ({
      name,
      prometheus: { query: `max(m{pod=~"\${pods.${name}}"})`, max: 1 },
    });
    const checks = [ofPods('api'), ofPods('web')];
    const { notes } = plannedSteps({ ...given, workloads: [workload('api', 4)], checks });
    expect(notes.filter(note => note.startsWith('check '))).toEqual([
      'check "web" is about the pods of "web", which have no copy, so that it is asked in no step, and not judged at the commit; name "web" in "workloads" of the strategy, or write the check without ${pods}, so that it is asked at the commit',
    ]);
  });

  it('puts each step into words', () => {
    expect(plannedSteps({ ...given, workloads: [workload('api', 4)] }).list).toEqual([
      '10 % for 10m',
      '50 % for 10m, then waits for commit (decided by @acme/release, not by whoever starts it), no run looks at it meanwhile',
    ]);
  });

  it('says what those who approve it may not expect', () => {
    const bare = deployment('web');
    (bare['spec'] as { template: object }).template = { spec: { containers: [{ name: 'web' }] } };
    const { notes } = plannedSteps({
      ...{ ...given, prune: 'now', onFailure: 'rollback' },
      workloads: [workload('api', 4), workload('web', 2, { object: bare })],
    });
    expect(notes).toEqual([
      expect.stringContaining('new api and new web first meet at the commit'),
      'what leaves the formation is removed after success, and not at once',
      expect.stringContaining('on-failure: rollback is not asked'),
      expect.stringContaining('Deployment web has no preStop'),
    ]);
  });

  it('says that a copy of one pod is a weak side of a comparison of counts', () => {
    const prometheus = { bad: 'a${pods}[${window}]', all: 'b${pods}[${window}]', 'worse-by': '1%' };
    const checks = [{ name: 'errors', prometheus }];
    expect(plannedSteps({ ...given, checks, workloads: [workload('api', 4)] }).notes).toEqual([
      expect.stringMatching(
        /^the copy of Deployment api is a single pod at a weight of 10, .*; run 14 pods, or write weight 28, /,
      ),
    ]);
  });

  it('is that of an ordinary release where nothing goes in steps, and says why', () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
    const leftOut = [{ object, reason: 'it is new' }];
    expect(plannedSteps({ ...given, workloads: [], leftOut })).toEqual({
      ...{ first: [], list: [], workloads: [], notes: [] },
      ordinary: [{ object, reason: 'it is new' }],
    });
  });

  it('says why nothing goes in steps, also where there is no Deployment at all', () => {
    expect(plannedSteps({ ...given, workloads: [] })).toEqual({
      ...{ first: [], list: [], workloads: [], ordinary: [] },
      notes: ['The release has no Deployment that could have a copy'],
    });
    // Others may well have one.
    const strategy = { ...given.strategy, workloads: ['apii'] };
    expect(plannedSteps({ ...given, strategy, workloads: [] }).notes).toEqual([
      'None of the Deployments that workloads names could have a copy',
    ]);
  });
});
