import { describe, expect, it } from '@jest/globals';
import type { Terms } from '../src/judge/deadlines.ts';
import { type Judgement, judge } from '../src/judge/judge.ts';
import { emptyMemory, remember } from '../src/judge/memory.ts';
import type { ObjectTerms } from '../src/judge/object-terms.ts';
import type { Observation } from '../src/judge/observe.ts';
import type { WatchedObject } from '../src/rollout.ts';
import { CRASH } from '../src/status/container-crash.ts';
import {
  inProgress,
  ONLY_AT_DEADLINE,
  type PodHealth,
  ready,
  type Status,
  unknown,
  type Window,
} from '../src/status/status.ts';

const api: WatchedObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'u' };
const TERMS: Terms = { stableFor: 30_000, timeout: 600_000, current: true, superseded: false };

type Look = readonly [seconds: number, status: Status, terms?: Partial<Terms>];

/** The judgement after the last of several looks at one object. */
function after(looks: readonly Look[], object: WatchedObject = api, own?: ObjectTerms): Judgement {
  let memory = emptyMemory(0);
  let judgement: Judgement | undefined;
  for (const [seconds, status, terms] of looks) {
    const observations: Observation[] = [{ object, status, own }];
    memory = remember(memory, observations, seconds * 1000);
    judgement = judge(observations, memory, { ...TERMS, ...terms }, seconds * 1000);
  }
  if (judgement === undefined) throw new Error('the test looks at nothing');
  return judgement;
}

function withPods(...pods: readonly Partial<PodHealth>[]): Status {
  return ready('2 of 2 replicas are ready', {
    progress: 2,
    pods: pods.map((pod, index) => ({
      uid: `${index}`,
      name: `api-${index}`,
      ready: true,
      restarts: 0,
      ...pod,
    })),
  });
}

function troubled(certainAfter: number, key = 'k', progress = 0): Status {
  return inProgress('0 of 1 replica are ready', {
    progress,
    troubles: [{ key, reason: 'Bad', message: 'it is bad', certainAfter }],
  });
}

function troubledBy(window: Window, certainAfter: number): Status {
  const key = window === 'crash' ? `u/main${CRASH}` : 'k';
  return inProgress('', { troubles: [{ key, window, reason: 'Bad', message: 'it is bad', certainAfter }] });
}

describe('the verdict', () => {
  it.each<[string, readonly Look[], string | undefined]>([
    [
      'is open while something is in progress',
      [
        [0, inProgress('')],
        [100, inProgress('')],
      ],
      undefined,
    ],
    [
      'is failure where the release was not written completely',
      [[0, ready(''), { unfinished: true }]],
      'failed',
    ],
    [
      'is superseded rather than failed where a newer release has started',
      [[0, ready(''), { unfinished: true, superseded: true }]],
      'superseded',
    ],
    [
      'is open while all is ready but not for long enough',
      [
        [0, ready('')],
        [29, ready('')],
      ],
      undefined,
    ],
    [
      'is success once all has been ready for long enough',
      [
        [0, ready('')],
        [30, ready('')],
      ],
      'succeeded',
    ],
    ['is success at once where no stability is asked for', [[0, ready(''), { stableFor: 0 }]], 'succeeded'],
    [
      'counts an object without a status as settled',
      [
        [0, unknown('')],
        [30, unknown('')],
      ],
      'succeeded',
    ],
    [
      'starts to count again when a container restarted',
      [
        [0, withPods({})],
        [20, withPods({ restarts: 1 })],
        [31, withPods({ restarts: 1 })],
      ],
      undefined,
    ],
    [
      'is success when it stayed quiet after a restart',
      [
        [0, withPods({})],
        [20, withPods({ restarts: 1 })],
        [50, withPods({ restarts: 1 })],
      ],
      'succeeded',
    ],
    [
      'starts to count again when a pod lost its readiness',
      [
        [0, withPods({})],
        [20, withPods({ ready: false })],
        [31, withPods({})],
      ],
      undefined,
    ],
    [
      'starts to count again when a pod was evicted',
      [
        [0, withPods({})],
        [20, withPods({ ready: false, ended: true }, {})],
        [31, withPods({ ready: false, ended: true }, {})],
      ],
      undefined,
    ],
    [
      'does not wait for a pod that was evicted, as another one took its place',
      [
        [0, withPods({})],
        [20, withPods({ ready: false, ended: true }, {})],
        [50, withPods({ ready: false, ended: true }, {})],
      ],
      'succeeded',
    ],
    [
      'forgives restarts from before it looked',
      [
        [0, withPods({ restarts: 7 })],
        [30, withPods({ restarts: 7 })],
      ],
      'succeeded',
    ],
    [
      'does not start again for a pod that an autoscaler adds',
      [
        [0, withPods({})],
        [20, withPods({}, { ready: false })],
        [30, withPods({}, {})],
      ],
      'succeeded',
    ],
    [
      'does not start again for a pod that an autoscaler removes',
      [
        [0, withPods({}, {})],
        [20, withPods({})],
        [30, withPods({})],
      ],
      'succeeded',
    ],
    [
      'waits for a pod that an autoscaler added',
      [
        [0, withPods({})],
        [30, { ...withPods({}, { ready: false }), state: 'in-progress' }],
      ],
      undefined,
    ],
    ['is failure at once for what is certain', [[0, troubled(0)]], 'failed'],
    [
      'is failure for what has lasted long enough',
      [
        [0, troubled(5_000)],
        [5, troubled(5_000)],
      ],
      'failed',
    ],
    [
      'is open before that',
      [
        [0, troubled(5_000)],
        [4, troubled(5_000)],
      ],
      undefined,
    ],
    [
      'measures a trouble that disappeared and returned from its return',
      [
        [0, troubled(5_000)],
        [4, inProgress('')],
        [6, troubled(5_000)],
      ],
      undefined,
    ],
    [
      'measures each trouble for itself',
      [
        [0, troubled(5_000, 'a')],
        [6, troubled(5_000, 'b')],
      ],
      undefined,
    ],
    [
      'is never failure for what only the deadline decides',
      [
        [0, troubled(ONLY_AT_DEADLINE)],
        [599, troubled(ONLY_AT_DEADLINE)],
      ],
      undefined,
    ],
    [
      'is a time-out without progress',
      [
        [0, inProgress('')],
        [600, inProgress('')],
      ],
      'timed-out',
    ],
    [
      'counts the time from the last progress',
      [
        [0, inProgress('')],
        [500, inProgress('', { progress: 1 })],
        [1099, inProgress('', { progress: 1 })],
      ],
      undefined,
    ],
    [
      'takes no going back and forth for progress',
      [
        [0, inProgress('', { progress: 1 })],
        [300, inProgress('')],
        [500, inProgress('', { progress: 1 })],
        [600, inProgress('')],
      ],
      'timed-out',
    ],
    [
      'does not time out while waiting for stability',
      [
        [0, inProgress('')],
        [10, ready('')],
        [39, ready(''), { timeout: 20_000 }],
      ],
      undefined,
    ],
    [
      'is a time-out for what is ready and disturbed for ever',
      [
        [0, withPods({ restarts: 0 })],
        [25, withPods({ restarts: 1 })],
        [50, withPods({ restarts: 2 }), { timeout: 20_000 }],
      ],
      'timed-out',
    ],
    [
      'does not succeed on what may be outdated',
      [
        [0, ready('')],
        [30, ready(''), { current: false }],
      ],
      undefined,
    ],
    [
      'is a time-out at the total deadline, also where there is progress',
      [
        [0, inProgress('')],
        [100, inProgress('', { progress: 1 }), { deadline: 100_000 }],
      ],
      'timed-out',
    ],
    [
      'is a time-out at the total deadline, also where all is ready but not for long enough',
      [
        [90, ready('')],
        [100, ready(''), { deadline: 100_000 }],
      ],
      'timed-out',
    ],
    [
      'waits for the checks once all is stable, however long they take',
      [
        [0, ready('')],
        [9_999, ready(''), { checks: 'running' }],
      ],
      undefined,
    ],
    [
      'does not wait for the checks beyond the total deadline',
      [
        [0, ready('')],
        [9_999, ready(''), { checks: 'running', deadline: 9_999_000 }],
      ],
      'timed-out',
    ],
    ['is failure when a check failed', [[0, ready(''), { checks: 'failed' }]], 'failed'],
    [
      'waits for stability after the checks have passed',
      [
        [0, ready('')],
        [29, ready(''), { checks: 'passed' }],
      ],
      undefined,
    ],
    ['waits for no stability of what is done', [[0, ready('', { final: true })]], 'succeeded'],
    [
      'is success only once a pod that was lost for a while has been back for long enough',
      [
        [0, withPods({})],
        [1, withPods({ ready: false })],
        [29, withPods({})],
        [40, withPods({})],
      ],
      undefined,
    ],
    ['is superseded whatever else is true', [[0, troubled(0), { superseded: true }]], 'superseded'],
  ])('%s', (_, looks, verdict) => {
    expect(after(looks).verdict).toBe(verdict);
  });

  it('leaves out what was failing before and what the release did not write', () => {
    const before = { ...api, written: false, healthyBefore: false };
    const judgement = after(
      [
        [0, troubled(0)],
        [30, troubled(0)],
      ],
      before,
    );
    expect(judgement.verdict).toBe('succeeded');
    expect(judgement.outcomes).toMatchObject([{ state: 'already-failing', message: 'it is bad' }]);
  });

  it.each(['Deleted', 'Replaced', 'Overwritten', 'NotApplied', 'Terminating'])(
    'does not leave out what is gone or another object: %s',
    reason => {
      const before = { ...api, written: false, healthyBefore: false };
      const gone = troubled(0);
      const status = { ...gone, troubles: gone.troubles.map(trouble => ({ ...trouble, reason })) };
      expect(after([[0, status]], before).verdict).toBe('failed');
    },
  );

  it('does not leave out what it did not come to', () => {
    const { uid: _, ...unapplied } = { ...api, written: false, healthyBefore: false };
    expect(after([[0, troubled(0)]], unapplied).verdict).toBe('failed');
  });

  it.each([
    ['written', { ...api, written: true, healthyBefore: false }],
    ['healthy before', { ...api, written: false, healthyBefore: true }],
  ])('does not leave out what was %s', (_, object) => {
    expect(after([[0, troubled(0)]], object).verdict).toBe('failed');
  });
});

describe('what an object or a formation asks for', () => {
  const loop = (seconds: number): Look[] => [
    [0, troubledBy('crash', 0)],
    [1, inProgress('it runs again')],
    [seconds, troubledBy('crash', 0)],
  ];

  it.each<[string, readonly Look[], ObjectTerms, string | undefined]>([
    ['is waited for, between crashes too', loop(59), { windows: { crash: 60_000 } }, undefined],
    ['is over in time, between crashes too', loop(60), { windows: { crash: 60_000 } }, 'failed'],
    [
      'can be less than what suits most clusters',
      [
        [0, troubledBy('pull', 70_000)],
        [10, troubledBy('pull', 70_000)],
      ],
      { windows: { pull: 10_000 } },
      'failed',
    ],
    ['does not touch other troubles', [[0, troubledBy('crash', 0)]], { windows: { pull: 10_000 } }, 'failed'],
    [
      "sets the object's own stability",
      [
        [0, ready('')],
        [60, ready('')],
      ],
      { stableFor: 61_000, windows: {} },
      undefined,
    ],
    [
      "sets the object's own timeout, if it is known to be slow",
      [
        [0, inProgress('')],
        [1_799, inProgress('')],
      ],
      { timeout: 1_800_000, windows: {} },
      undefined,
    ],
    [
      "sets the object's own deadline, whatever its progress",
      [
        [0, inProgress('')],
        [60, inProgress('', { progress: 3 })],
      ],
      { deadline: 60_000, windows: {} },
      'timed-out',
    ],
  ])('%s', (_, looks, own, verdict) => {
    expect(after(looks, api, own).verdict).toBe(verdict);
  });

  it('takes precedence over the formation', () => {
    const looks: Look[] = [[0, troubledBy('pull', 70_000), { windows: { pull: 60_000 } }]];
    expect(after(looks, api, { windows: { pull: 0 } }).verdict).toBe('failed');
    expect(after(looks).verdict).toBeUndefined();
  });
});

describe('the next look without a change', () => {
  it.each<[string, readonly Look[], number]>([
    [
      'comes when a trouble becomes certain',
      [
        [0, troubled(5_000)],
        [1, troubled(5_000)],
      ],
      5,
    ],
    [
      'comes when it has been stable for long enough',
      [
        [10, ready('')],
        [12, ready('')],
      ],
      40,
    ],
    [
      'comes at the deadline',
      [
        [0, inProgress('')],
        [10, inProgress('', { progress: 1 })],
      ],
      610,
    ],
    ['is not kept for a trouble that never becomes certain', [[0, troubled(ONLY_AT_DEADLINE)]], 600],
  ])('%s', (_, looks, seconds) => {
    expect(after(looks).nextCheck).toBe(seconds * 1000);
  });
});
