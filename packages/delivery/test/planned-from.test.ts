import { describe, expect, it } from '@jest/globals';
import { plannedFromProblems } from '../src/guard/planned-from.ts';

describe('the release that a plan was made against', () => {
  it.each([
    [undefined, 4],
    [4, 4],
    [0, 0],
  ])('is the newest, or is not compared: %s', (plannedFrom, latest) => {
    expect(plannedFromProblems(plannedFrom, latest)).toEqual([]);
  });

  it.each([
    [
      3,
      4,
      'when release 3 was the newest, but release 4 is the newest by now',
      'once verify-rollout has its verdict',
    ],
    [
      0,
      1,
      'before the first release, but release 1 is the newest by now',
      'once verify-rollout has its verdict',
    ],
    [41, 0, 'when release 41 was the newest, but there is no release by now', 'plan with its kubeconfig'],
  ])('is another one: %s, and %s by now', (plannedFrom, latest, message, remedy) => {
    expect(plannedFromProblems(plannedFrom, latest)).toMatchObject([
      {
        code: 'plan-outdated',
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });
});
