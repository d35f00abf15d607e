import { MAX_EXACT } from './mann-whitney.ts';
import { Z_98 } from './normal.ts';
import type { Estimate } from './proportions.ts';
import { rankSumCounts } from './rank-sums.ts';

/** What may be beyond an end of an interval with 98 %. */
const BEYOND = 0.01;

/**
 * How much greater the values of `next` are: Hodges and Lehmann's estimate, the median of all differences, and its interval with 98 %,
 * the shifts that Mann and Whitney's test does not exclude. With ties the interval is right in more than 98 %, as its ends belong to it
 * (Randles and Wolfe, Introduction to the Theory of Nonparametric Statistics, 1979, section 6.2). With too few values it has no ends.
 */
export function shift(next: readonly number[], stable: readonly number[]): Estimate {
  const differences = Float64Array.from(next.flatMap(value => stable.map(other => value - other))).sort();
  const excluded = excludedDifferences(next.length, stable.length);
  return {
    estimate: median(differences),
    lower: excluded === 0 ? Number.NEGATIVE_INFINITY : (differences.at(excluded - 1) as number),
    upper: excluded === 0 ? Number.POSITIVE_INFINITY : (differences.at(-excluded) as number),
  };
}

/** The median of sorted numbers; NaN of none. */
export function median(sorted: ArrayLike<number>): number {
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

const KNOWN = new Map<string, number>();

/** How many of the sorted differences are beyond or at an end of the interval; 0 if there are too few for any. */
function excludedDifferences(n: number, m: number): number {
  if (Math.max(n, m) > MAX_EXACT) {
    const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
    return Math.max(0, Math.floor((n * m) / 2 + 0.5 - Z_98 * deviation));
  }
  const key = `${n} ${m}`;
  const found = KNOWN.get(key) ?? countExcluded(n, m);
  KNOWN.set(key, found);
  return found;
}

/** The smallest number of pairs of which as few or fewer come about by chance in more than 1 %. */
function countExcluded(n: number, m: number): number {
  const counts = rankSumCounts(
    Array.from({ length: n + m }, (_, index) => index + 1),
    n,
  );
  const limit = counts.reduce((sum, count) => sum + count, 0) * BEYOND;
  let [least, seen] = [(n * (n + 1)) / 2, 0];
  for (let sum = least; ; sum++) {
    seen += counts[sum] ?? 0;
    if (seen > limit) return sum - least;
  }
}
