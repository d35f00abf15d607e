import type { Release, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { deployment, service, type WorkloadOptions } from '@slipway/testkit/objects';
import { GOOD } from '../play.ts';
import type { Scenario } from '../scenario.ts';

export type Checks = NonNullable<NonNullable<Release['verify']>['checks']>;

/** A quarter of the new connections for a while. */
export const CANARY: StepStrategy = { steps: [{ weight: 25, bake: '15s' }], drain: '1s' };
/** Long enough for something to happen meanwhile. */
export const LONG: StepStrategy = { steps: [{ weight: 25, bake: '40s' }], drain: '1s' };
/** All users for as long, after none. */
export const WHOLE: StepStrategy = {
  steps: [{ weight: 0 }, { weight: 100, bake: '40s', unwatched: true }],
  drain: '1s',
};
/** A quarter, and then someone decides. */
export const PAUSED: StepStrategy = {
  steps: [{ weight: 25, bake: '5s', pause: 'commit', unwatched: true }],
  drain: '1s',
};
export const BLUE_GREEN: StepStrategy = {
  steps: [
    { weight: 0, pause: 'qa' },
    { weight: 100, bake: '5s', pause: 'commit', unwatched: true },
  ],
  drain: '1s',
};

/** A workload with its Service, in a version. */
export function app(name: string, version: number, options: WorkloadOptions = {}): KubernetesObject[] {
  const container = { image: `shop/${name}:${version}` };
  return [deployment(name, { replicas: 3, container, ...options }), service(name)];
}

export const FIRST = app('api', 1);
export const SECOND = app('api', 2);
export const THIRD = app('api', 3);

const PODS = 'namespace="${namespace}",pod=~"${pods}"';

export const ERRORS: Checks[number] = {
  name: 'errors',
  prometheus: {
    bad: `sum(increase(http_requests_total{${PODS},code=~"5.."}[\${window}]))`,
    all: `sum(increase(http_requests_total{${PODS}}[\${window}]))`,
    'worse-by': '1%',
    'min-requests': 200,
  },
};

export const LATENCY: Checks[number] = {
  name: 'latency',
  prometheus: {
    query: `avg(answer_seconds{${PODS}})`,
    every: '1s',
    'higher-by': '20%',
    samples: 8,
  },
};

/** The share of bad requests, which is bounded for the new version alone. */
export const BOUND: Checks[number] = {
  name: 'error-share',
  prometheus: {
    query: `sum(rate(http_requests_total{${PODS},code=~"5.."}[5s])) / sum(rate(http_requests_total{${PODS}}[5s]))`,
    every: '5s',
    'higher-by': '20%',
    samples: 5,
    max: 0.05,
  },
};

/** What the others are variations of: a canary that is judged by errors and latency. */
export function canary(name: string, expected: string, changes: Partial<Scenario> = {}): Scenario {
  return {
    ...{ name, expected, before: FIRST, objects: SECOND, strategy: CANARY },
    ...changes,
  };
}

export function judged(
  name: string,
  next: Partial<typeof GOOD>,
  expected: string,
  changes: Partial<Scenario> = {},
): Scenario {
  return canary(name, expected, {
    checks: [ERRORS, LATENCY],
    play: { stable: GOOD, next: { ...GOOD, ...next } },
    ...changes,
  });
}
