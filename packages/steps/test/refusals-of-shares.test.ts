import { describe, expect, it } from '@jest/globals';
import type { StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { manifestProblems, mayGoInSteps, sharedSelectors } from '../src/index.ts';

const deployment = (name: string, replicas: number, labels = { app: name }): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name, image: 'x' }] } },
  },
});
const service = (
  name: string,
  selector: Readonly<Record<string, string>> = { app: name },
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector, ports: [{ port: 80 }] },
});

describe('a step that no run watches', () => {
  const told = (replicas: number, step: StepStrategy['steps'][number]): string[] =>
    manifestProblems([deployment('api', replicas), service('api')], { steps: [step] }).map(
      ({ code, pointer, message }) => `${code} ${pointer}: ${message}`,
    );

  it('is refused where few pods make a small weight a large share', () => {
    expect(told(4, { weight: 10, pause: 'qa' })).toEqual([
      'steps-share /steps/0: step 1 waits for qa: a weight of 10 beside 4 pods of Deployment api is 20 % of the connections, while no run looks at it',
    ]);
    expect(told(1, { weight: 10, pause: 'qa' })).toContain(
      'steps-share /steps/0: step 1 waits for qa: a weight of 10 beside 1 pod of Deployment api is 50 % of the connections, while no run looks at it',
    );
    expect(told(4, { weight: 10, bake: '30m' })).toEqual([expect.stringContaining('outlasts attend')]);
  });

  it('is told what would make the share small enough', () => {
    const remedies = (replicas: number, weight: number) =>
      manifestProblems([deployment('api', replicas), service('api')], {
        steps: [{ weight, pause: 'qa' }],
      }).map(({ remedy }) => remedy);
    const orMeant = 'add unwatched: true if that is meant, or';
    expect(remedies(4, 10)).toEqual([`${orMeant} run 9 pods`]);
    // Two pods of sixteen are 12.5 %, and one of fifteen is not.
    expect(remedies(14, 10)).toEqual([`${orMeant} write weight 9`]);
  });

  it('is taken with enough pods, if that is meant, or if it is watched', () => {
    expect(told(9, { weight: 10, pause: 'qa' })).toEqual([]);
    expect(told(4, { weight: 10, pause: 'qa', unwatched: true })).toEqual([]);
    expect(told(4, { weight: 10, bake: '5m' })).toEqual([]);
    expect(told(4, { weight: 0, pause: 'qa' })).toEqual([]);
  });
});

describe('another formation in the namespace', () => {
  const ours = [deployment('api', 4), service('api')];
  const { workloads } = mayGoInSteps(ours, { steps: [{ weight: 20 }] });
  const found = (...objects: KubernetesObject[]): string[] =>
    sharedSelectors(workloads, { name: 'canary/eu', objects }).map(({ message }) => message);

  it('must not have pods that our Service selects', () => {
    expect(found(deployment('other', 2, { app: 'api' }))).toEqual([
      'the selector of Service api also selects Deployment other of canary/eu',
    ]);
  });

  it('must not have a Service that selects our pods', () => {
    expect(found(service('all', { app: 'api' }))).toEqual([
      'Service all of canary/eu also selects Deployment api, and would send to its copy from the first Ready pod on',
    ]);
  });

  it('may have what neither selects', () => {
    expect(found(deployment('web', 2), service('web'))).toEqual([]);
  });
});
