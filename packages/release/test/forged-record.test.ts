import { describe, expect, it } from '@jest/globals';
import { parseRelease, SlipwayError } from '@slipway/core';

/** Half a million faults, which compress to a few kilobytes. */
const forged = (): string => {
  const objects = Array.from({ length: 500_000 }, () => 1);
  return JSON.stringify({ apiVersion: 'slipway.dev/v1', kind: 'Release', objects });
};

describe('a record full of faults', () => {
  it('is refused for one of them, without using much memory', () => {
    const text = forged();
    const before = process.memoryUsage().heapUsed;
    let problems = 0;
    try {
      parseRelease(text, 'forged');
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      problems = error.problems.length;
    }
    expect(problems).toBe(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
  });
});
