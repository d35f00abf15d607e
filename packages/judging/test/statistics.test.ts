import { describe, expect, it } from '@jest/globals';
import { difference, mannWhitney, shift } from '@slipway/judging';
import { normalTail } from '../src/statistics/normal.ts';

const Z_95 = 1.959963984540054;

describe('the interval of the difference of two proportions', () => {
  /** Table II, method 10, of https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I */
  it.each([
    ['56/70 − 48/80', 56, 70, 48, 80, 0.0524, 0.3339],
    ['9/10 − 3/10', 9, 10, 3, 10, 0.1705, 0.809],
    ['6/7 − 2/7', 6, 7, 2, 7, 0.0582, 0.8062],
    ['5/56 − 0/29', 5, 56, 0, 29, -0.0381, 0.1926],
    ['0/10 − 0/20', 0, 10, 0, 20, -0.1611, 0.2775],
    ['0/10 − 0/10', 0, 10, 0, 10, -0.2775, 0.2775],
    ['10/10 − 0/20', 10, 10, 0, 20, 0.6791, 1],
    ['10/10 − 0/10', 10, 10, 0, 10, 0.6075, 1],
  ])('is that of Newcombe’s paper for %s', (_, bad, all, otherBad, otherAll, lower, upper) => {
    const found = difference({ bad, all }, { bad: otherBad, all: otherAll }, Z_95);
    expect(found.lower).toBeCloseTo(lower, 4);
    expect(found.upper).toBeCloseTo(upper, 4);
  });
});

describe('the test of Mann and Whitney', () => {
  it.each([
    [
      'one order of 252 is as extreme as five values above five',
      [6, 7, 8, 9, 10],
      [1, 2, 3, 4, 5],
      25,
      1 / 252,
    ],
    ['the other end is certain', [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0, 1],
    ['equal values of both sides say nothing', [1, 1, 1], [1, 1, 1], 4.5, 1],
    ['ties are counted as they are dealt: 2 of 6 ways have both twos', [2, 2], [1, 2], 3, 0.5],
  ])('says that %s', (_, next, stable, u, p) => {
    const found = mannWhitney(next, stable);
    expect(found.u).toBe(u);
    expect(found.p).toBeCloseTo(p, 12);
  });

  it('says nothing of more than 50 values that are all equal', () => {
    const values = new Array<number>(60).fill(3);
    expect(mannWhitney(values, values)).toEqual({ u: 1800, p: 1 });
  });
});

describe('the shift', () => {
  it('is the median of all differences', () => {
    expect(shift([1, 5, 9], [0, 1, 2]).estimate).toBe(4);
  });

  it('has an interval without ends for four values on each side, which no order can decide', () => {
    expect(shift([11, 12, 13, 14], [1, 2, 3, 4])).toEqual({
      estimate: 10,
      lower: Number.NEGATIVE_INFINITY,
      upper: Number.POSITIVE_INFINITY,
    });
  });

  it('leaves out one difference at each end for five values on each side', () => {
    const found = shift([100, 200, 300, 400, 500], [1, 2, 3, 4, 5]);
    expect([found.lower, found.upper]).toEqual([96, 498]);
  });
});

describe('the tail of the normal distribution', () => {
  /** https://www.itl.nist.gov/div898/handbook/eda/section3/eda3671.htm, and for the far end its first digits. */
  it.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [2.3263478740408408, 0.01],
    [-2.3263478740408408, 0.99],
    [3, 0.0013498980316300933],
    [3.5, 0.00023262907903552504],
    [8, 6.22096057427178e-16],
  ])('beyond %f is %f', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 9);
  });
});
