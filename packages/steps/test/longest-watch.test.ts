import { describe, expect, it } from '@jest/globals';
import type { StepStrategy } from '@slipway/core';
import { longestWatch } from '../src/index.ts';

const MINUTE = 60_000;

describe('the time for which one run watches bakes', () => {
  it.each<[string, Pick<StepStrategy, 'steps' | 'attend'>, number]>([
    [
      'is that of all of them',
      {
        steps: [
          { weight: 0, bake: '5m' },
          { weight: 50, bake: '10m' },
        ],
      },
      15,
    ],
    [
      'ends at a pause',
      {
        steps: [
          { weight: 0, bake: '5m', pause: 'qa' },
          { weight: 50, bake: '10m' },
        ],
      },
      10,
    ],
    [
      'leaves out what is not watched',
      {
        steps: [
          { weight: 0, bake: '5m' },
          { weight: 5, bake: '1h' },
        ],
      },
      5,
    ],
    ['has it where the run stays longer', { attend: '2h', steps: [{ weight: 5, bake: '1h' }] }, 60],
    ['is 0 without a bake', { steps: [{ weight: 0, pause: 'qa' }, { weight: 100 }] }, 0],
  ])('%s', (_what, strategy, minutes) => {
    expect(longestWatch(strategy)).toBe(minutes * MINUTE);
  });
});
