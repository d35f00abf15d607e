import { normalTail } from './normal.ts';
import { type DoubledRanks, doubledRanks, rankSumCounts } from './rank-sums.ts';

/** Up to this many values on each side all orders are counted. */
export const MAX_EXACT = 50;

export interface MannWhitney {
  /** In how many of all pairs the value of `next` is greater; a tie is half a pair. */
  readonly u: number;
  /** How probable that many or more are if both sides are alike. */
  readonly p: number;
}

/**
 * Whether values of `next` tend to be greater than those of `stable`: Mann and Whitney's test, exact with ties up to 50 values on each
 * side (of all ways to deal the seen values out to the sides), and beyond by the normal distribution with corrections for ties and
 * continuity.
 */
export function mannWhitney(next: readonly number[], stable: readonly number[]): MannWhitney {
  const found = doubledRanks([...next, ...stable]);
  const sum = found.ranks.slice(0, next.length).reduce((total, rank) => total + rank, 0);
  const u = (sum - next.length * (next.length + 1)) / 2;
  const isSmall = Math.max(next.length, stable.length) <= MAX_EXACT;
  return { u, p: isSmall ? exact(found.ranks, sum, next.length) : approximate(u, next, stable, found) };
}

function exact(ranks: readonly number[], seen: number, size: number): number {
  const counts = rankSumCounts(ranks, size);
  let [all, asMuch] = [0, 0];
  counts.forEach((count, sum) => {
    all += count;
    if (sum >= seen) asMuch += count;
  });
  return asMuch / all;
}

function approximate(
  u: number,
  { length: n }: readonly number[],
  { length: m }: readonly number[],
  { ties }: DoubledRanks,
): number {
  const all = n + m;
  const tied = ties.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((n * m) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance === 0) return 1;
  return normalTail((u - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}
