import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { stepsState } from '@slipway/testkit/releases';
import { liveRelease } from '../src/index.ts';

type Known = Pick<Release, 'number' | 'steps'>;

const ordinary = (number: number): Known => ({ number });
const inSteps = (number: number, began?: string | null): Known => {
  const { 'commit-began': _, ...times } = stepsState().times;
  const begun = began === undefined ? times : { ...times, 'commit-began': began };
  return { number, steps: { ...stepsState(), times: begun } };
};

describe('the live release', () => {
  it.each([
    ['the newest, where none goes in steps', [ordinary(3), ordinary(2)], 3],
    ['the one before, while the newest has not begun its commit', [inSteps(3), ordinary(2)], 2],
    ['the one before, where the commit is noted as not begun', [inSteps(3, null), ordinary(2)], 2],
    ['the newest, from the beginning of its commit on', [inSteps(3, '2026-11-29T12:00:00Z'), ordinary(2)], 3],
    [
      'that before several that were undone',
      [inSteps(5), inSteps(4), inSteps(3), ordinary(2), ordinary(1)],
      2,
    ],
    ['a committed one before one that was undone', [inSteps(4), inSteps(3, '2026-11-29T12:00:00Z')], 3],
  ])('is %s', (_what, records, number) => {
    expect(liveRelease(records)).toMatchObject({ number });
  });

  it('is not known where no kept release wrote what serves', () => {
    expect(liveRelease([inSteps(2), inSteps(1)])).toBeUndefined();
    expect(liveRelease([])).toBeUndefined();
  });
});
