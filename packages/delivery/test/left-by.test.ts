import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@slipway/core';
import { leftBy } from '../src/live/left-by.ts';

const FAILED = { verdict: 'failed', release: 42, deploymentTag: 'v7', configRevision: 'b' } as Verdict;
const rolledBackTo = {
  release: 41,
  as: 43,
  released: '2026-11-29T10:00:00Z',
  deploymentTag: 'v6',
  configRevision: 'a',
};

describe('the release that a verdict left', () => {
  it('is the one that it is on', () => {
    expect(leftBy(FAILED)).toEqual({
      ...{ number: 42, verdict: 'failed', deploymentTag: 'v7', configRevision: 'b', isFollower: false },
    });
    expect(leftBy({ ...FAILED, verdict: 'rollback-failed' })).toMatchObject({
      ...{ number: 42, verdict: 'rollback-failed', deploymentTag: 'v7' },
    });
  });

  it.each([
    ['rolled-back', 'succeeded'],
    ['rollback-failed', 'failed'],
  ] as const)(
    'is the one that put an earlier one back, with that content, where it is %s',
    (verdict, own) => {
      expect(leftBy({ ...FAILED, verdict, rolledBackTo })).toEqual({
        ...{ number: 43, verdict: own, deploymentTag: 'v6', configRevision: 'a', isFollower: true },
        ...{ rollbackOf: 42, restores: 41, created: '2026-11-29T10:00:00Z' },
      });
    },
  );

  it('is not known of a verdict on no release', () => {
    const { release: _, ...objects } = FAILED;
    expect(leftBy(objects as Verdict)).toBeUndefined();
  });
});
