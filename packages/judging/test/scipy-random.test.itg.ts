import { describe, expect, it } from '@jest/globals';
import { distances, type Pair, pairs, SEED } from './support/scipy.ts';

const PAIRS = 200;

describe('the statistics', () => {
  it(`are those of SciPy for ${PAIRS} pairs of samples of the seed ${SEED}, most with ties`, async () => {
    const samples: readonly Pair[] = pairs(PAIRS);
    const tied = samples.filter(
      ({ next, stable }) => new Set([...next, ...stable]).size < next.length + stable.length,
    );
    expect(tied.length).toBeGreaterThan(PAIRS / 2);
    const found = await distances(samples);
    expect(found.compared).toMatchObject({ proportions: PAIRS, shifts: PAIRS });
    // Each way of SciPy's has been taken.
    expect(
      Math.min(found.compared.untied, found.compared.allOrders, found.compared.approximate),
    ).toBeGreaterThan(9);
    expect(found.greatest.proportion).toBeLessThan(1e-9);
    expect(found.greatest.u).toBe(0);
    expect(found.greatest.p).toBeLessThan(1e-9);
    expect(found.greatest.shift).toBeLessThan(1e-9);
  }, 600_000);
});
