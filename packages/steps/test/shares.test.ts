import { describe, expect, it } from '@jest/globals';
import { copySize, realShare } from '@slipway/steps';

describe('the size of a copy', () => {
  it.each([
    [20, 4, 1, 20],
    [50, 4, 4, 50],
    [33, 4, 2, 33.3],
    [5, 19, 1, 5],
    [5, 4, 1, 20],
    [1, 1, 1, 50],
  ])('at a weight of %i beside %i pods is %i, which is a share of %f %%', (weight, stable, copy, share) => {
    expect(copySize(weight, stable)).toBe(copy);
    expect(realShare(copy, stable)).toBeCloseTo(share, 1);
  });

  it('at a weight of 100 is that of stable', () => {
    expect(copySize(100, 7)).toBe(7);
    expect(copySize(100, 0)).toBe(1);
  });

  it('at a weight of 0 is that of the next step, or one', () => {
    expect(copySize(0, 8, { weight: 20 })).toBe(2);
    expect(copySize(0, 8, { weight: 100 })).toBe(8);
    expect(copySize(0, 8)).toBe(1);
  });
});
