/** The ranks of values, doubled so that those of ties are whole numbers, and how many values each tie has. */
export interface DoubledRanks {
  readonly ranks: readonly number[];
  readonly ties: readonly number[];
}

/** Equal values share the mean of their ranks. */
export function doubledRanks(values: readonly number[]): DoubledRanks {
  const order = values.map((_, index) => index).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (const index of order.slice(start, end)) ranks[index] = start + 1 + end;
    ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

/**
 * How many ways there are to choose `size` of the ranks, by their sum. A count may be greater than a double holds exactly; all of them
 * are sums of positive numbers, so that their relative error stays below 1e-13.
 */
export function rankSumCounts(ranks: readonly number[], size: number): Float64Array {
  const ascending = ranks.toSorted((a, b) => a - b);
  const largest = ascending.slice(-size).reduce((sum, rank) => sum + rank, 0);
  const bySize = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1));
  (bySize[0] as Float64Array)[0] = 1;
  ascending.forEach((rank, index) => {
    // What is left after this rank must suffice to fill the choice.
    const fewest = Math.max(1, size - (ranks.length - index - 1));
    for (let chosen = Math.min(size, index + 1); chosen >= fewest; chosen--)
      addShifted(bySize[chosen] as Float64Array, bySize[chosen - 1] as Float64Array, rank, chosen * rank);
  });
  return bySize[size] as Float64Array;
}

/** Adds the counts of one array to those of another whose sums are greater by `by`, up to a sum. */
function addShifted(to: Float64Array, from: Float64Array, by: number, most: number): void {
  const end = Math.min(to.length - 1, most);
  for (let sum = by; sum <= end; sum++) to[sum] = (to[sum] as number) + (from[sum - by] as number);
}
