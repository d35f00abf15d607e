import { describe, expect, it } from '@jest/globals';
import { brokenBound, type Counts, falseAlarm, judgeCounts, judgeValues, worstOf } from '@slipway/judging';

const TERMS = { worseBy: 0.01, minRequests: 200 };

function counts(bad: number, all: number): { readonly found: Counts } {
  return { found: { bad, all } };
}

describe('a comparison of counts', () => {
  it.each([
    ['passes what is alike', counts(9, 4816), counts(3, 1204), 'passed'],
    ['passes what is a little worse', counts(9, 4816), counts(8, 1204), 'passed'],
    ['passes what is better', counts(500, 4816), counts(0, 1204), 'passed'],
    ['fails what is worse by more than the margin and chance', counts(9, 4816), counts(38, 1204), 'failed'],
    ['fails all that is bad', counts(0, 4816), counts(1204, 1204), 'failed'],
    ['knows nothing of too few requests', counts(9, 4816), counts(38, 199), 'inconclusive'],
    ['knows nothing of none', counts(9, 4816), counts(0, 0), 'inconclusive'],
    ['knows nothing without stable’s', counts(9, 199), counts(38, 1204), 'inconclusive'],
    ['knows nothing of NaN', counts(Number.NaN, 4816), counts(38, 1204), 'inconclusive'],
    ['knows nothing of more bad ones than there are', counts(9, 4816), counts(1400, 1204), 'inconclusive'],
    ['takes what is extrapolated beyond all for all', counts(4816, 4816), counts(1204.6, 1204), 'passed'],
  ])('%s', (_, stable, next, verdict) => {
    expect(judgeCounts({ stable, next }, TERMS).verdict).toBe(verdict);
  });

  it('says the shares, the margin and the interval', () => {
    expect(judgeCounts({ stable: counts(9, 4816), next: counts(38, 1204) }, TERMS).message).toBe(
      '3.16 % (38 of 1,204) instead of 0.19 % (9 of 4,816), where 1 percentage point more would be too much; between +1.97 and +4.37 percentage points with 98 %',
    );
  });

  it('says what is missing, and what would have been seen', () => {
    expect(judgeCounts({ stable: counts(9, 4816), next: counts(2, 63) }, TERMS).message).toBe(
      'next got 63 of the 200 requests that a comparison needs; so far 3.17 % (2 of 63) instead of 0.19 % (9 of 4,816)',
    );
    const missing = { missing: 'Prometheus has no value of `all`' };
    expect(judgeCounts({ stable: missing, next: missing }, TERMS)).toEqual({
      verdict: 'inconclusive',
      message: 'stable: Prometheus has no value of `all`; next: Prometheus has no value of `all`',
    });
  });
});

const STABLE = [0.28, 0.29, 0.29, 0.3, 0.3, 0.3, 0.31, 0.31, 0.32, 0.33];

function pairs(next: (value: number, index: number) => number, stable = STABLE) {
  return stable.map((value, index) => ({ stable: value, next: next(value, index) }));
}

function judge(found: ReturnType<typeof pairs>, more: Partial<Parameters<typeof judgeValues>[1]> = {}) {
  return judgeValues(
    found,
    { higherBy: 0.2, samples: 10, unit: ' s', ...more },
    found.map(({ next }) => next),
  );
}

describe('a comparison of values', () => {
  it.each([
    ['passes what is alike', pairs(value => value), {}, 'passed'],
    ['passes what is 10 % higher', pairs(value => value * 1.1), {}, 'passed'],
    ['fails what is 50 % higher', pairs(value => value * 1.5), {}, 'failed'],
    ['passes what is 50 % lower', pairs(value => value / 2), {}, 'passed'],
    [
      'fails what is lower where that is too much',
      pairs(value => value / 2),
      { higherBy: undefined, lowerBy: 0.2 },
      'failed',
    ],
    [
      'passes a difference below the least one that matters',
      pairs(value => value * 1.5),
      { minDifference: 0.3 },
      'passed',
    ],
    ['knows nothing of nine moments', pairs(value => value * 9).slice(1), {}, 'inconclusive'],
    [
      'leaves out moments at which a side has no value',
      pairs((value, index) => (index === 0 ? Number.NaN : value)),
      {},
      'inconclusive',
    ],
    ['knows nothing of infinity', pairs(() => Number.POSITIVE_INFINITY), {}, 'inconclusive'],
    [
      'knows nothing of a part of nothing',
      pairs(() => 0.1, new Array<number>(10).fill(0)),
      {},
      'inconclusive',
    ],
    [
      'fails more than nothing where the least difference is said',
      pairs(() => 0.1, new Array<number>(10).fill(0)),
      { minDifference: 0.05 },
      'failed',
    ],
    ['passes nothing beside nothing', pairs(() => 0, new Array<number>(10).fill(0)), {}, 'passed'],
    [
      'fails what is beyond a bound, without a comparison',
      pairs(value => value * 9).slice(1),
      { max: 1.5 },
      'failed',
    ],
  ])('%s', (_, found, more, verdict) => {
    expect(judge(found, more).verdict).toBe(verdict);
  });

  it('says the levels, the margin and the interval', () => {
    expect(judge(pairs(value => value * 1.4)).message).toBe(
      '0.420 s instead of 0.300 s, where 20 % more would be too much; between +0.100 and +0.144 s with 98 %',
    );
  });

  it('says that both are alike where both are beyond a bound', () => {
    expect(
      judge(
        pairs(value => value),
        { max: 0.2 },
      ),
    ).toMatchObject({
      verdict: 'failed',
      message: expect.stringMatching(
        /^next and stable are alike, but 0.330 s is more than the 0.2 s of `max`, 10 times in a row; 0.300 s instead of 0.300 s/,
      ),
    });
  });

  it('says which side lacks values, and what would have been seen', () => {
    const found = pairs((value, index) => (index < 4 ? Number.NaN : value));
    expect(judge(found).message).toBe(
      'both sides have a value at 6 of the 10 moments that a comparison needs; next has no value at 4 of 10 moments; so far 0.310 s instead of 0.310 s',
    );
  });
});

describe('bounds', () => {
  it('tolerate two values in a row, and a value that does not exist ends a row', () => {
    expect(brokenBound([2, 2, 1, 2, 2, Number.NaN, 2], { max: 1.5 })).toBeUndefined();
    expect(brokenBound([2, 2, 2], { max: 1.5 })).toBe('2.00 is more than the 1.5 of `max`, 3 times in a row');
    expect(brokenBound([0, 0], { min: 1, tolerate: 1 })).toBe(
      '0 is less than the 1 of `min`, 2 times in a row',
    );
  });
});

describe('a step', () => {
  it('fails with one that fails, and passes only if all do', () => {
    expect(worstOf(['passed', 'inconclusive', 'failed'])).toBe('failed');
    expect(worstOf(['passed', 'inconclusive'])).toBe('inconclusive');
    expect(worstOf(['passed'])).toBe('passed');
  });

  it('has a false alarm in one of a hundred comparisons at most', () => {
    expect(falseAlarm(3)).toBe(0.03);
    expect(falseAlarm(500)).toBe(1);
  });
});
