import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { inParallel } from '@slipway/core';

describe('work in parallel', () => {
  it('gives results in the order of the items, whichever ends first', async () => {
    const doubled = await inParallel([3, 1, 2], async item => {
      await delay(item);
      return item * 2;
    });
    expect(doubled).toEqual([6, 2, 4]);
    expect(await inParallel([], async item => item)).toEqual([]);
  });

  it('has no more under way than it may, and as many as it may', async () => {
    let underWay = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(1);
      underWay -= 1;
    };
    await inParallel(Array.from({ length: 10 }), work, 3);
    expect(most).toBe(3);
  });

  it('starts nothing after a failure, lets finish what is under way, and throws the first', async () => {
    const [started, finished]: [number[], number[]] = [[], []];
    const work = async (item: number): Promise<void> => {
      started.push(item);
      await delay(item === 2 ? 20 : 1);
      if (item !== 2) throw new Error(`failure ${item}`);
      finished.push(item);
    };
    await expect(inParallel([1, 2, 3, 4], work, 2)).rejects.toThrow('failure 1');
    expect([started, finished]).toEqual([[1, 2], [2]]);
  });
});
