import { describe, expect, it } from '@jest/globals';
import { leftFrom, shownLeft, unshownLeft } from '../src/left.ts';

describe('applications that are removed', () => {
  const removed = Array.from({ length: 22 }, (_, index) => ({
    path: `a${index}/slipway.yaml`,
    name: `a${index}`,
  }));

  it('are named where they are too many for a status each, and those that only moved come last', () => {
    const moved = { path: 'b/slipway.yaml', name: 'b', movedTo: 'c/slipway.yaml' };
    const left = leftFrom({ applications: [], removed: [moved, ...removed] });
    expect(shownLeft(left).map(({ name }) => name)).toEqual(removed.slice(0, 20).map(({ name }) => name));
    expect(unshownLeft(left)).toEqual([
      '3 more applications of the base commit are removed or moved, whose statuses are not set: "b" (b/slipway.yaml), "a20" (a20/slipway.yaml), "a21" (a21/slipway.yaml)',
    ]);
    expect(unshownLeft(left.slice(0, 20))).toEqual([]);
  });
});
