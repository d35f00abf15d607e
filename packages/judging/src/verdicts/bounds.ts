import { count } from '@slipway/core';
import { figuresFor } from './figures.ts';

/** What no value may be beyond, more often in a row than is tolerated. */
export interface Bounds {
  readonly max?: number | undefined;
  readonly min?: number | undefined;
  readonly tolerate?: number | undefined;
}

const TOLERATED = 2;

/** Which bound the values break, as a clause; a value that does not exist breaks none, and ends a row. */
export function brokenBound(
  values: readonly number[],
  { max, min, tolerate = TOLERATED }: Bounds,
  unit = '',
): string | undefined {
  const above = max === undefined ? 0 : longestRow(values, value => value > max);
  const below = min === undefined ? 0 : longestRow(values, value => value < min);
  if (max !== undefined && above > tolerate)
    return clause(Math.max(...known(values)), 'more', max, above, unit);
  if (min !== undefined && below > tolerate)
    return clause(Math.min(...known(values)), 'less', min, below, unit);
  return undefined;
}

function longestRow(values: readonly number[], isBeyond: (value: number) => boolean): number {
  let [row, longest] = [0, 0];
  for (const value of values) {
    row = isBeyond(value) ? row + 1 : 0;
    longest = Math.max(longest, row);
  }
  return longest;
}

function known(values: readonly number[]): readonly number[] {
  return values.filter(value => !Number.isNaN(value));
}

function clause(worst: number, word: string, bound: number, times: number, unit: string): string {
  const seen = Number.isFinite(worst) ? figuresFor([worst], unit).plain(worst) : String(worst);
  const name = word === 'more' ? 'max' : 'min';
  return `${seen} is ${word} than the ${bound}${unit} of \`${name}\`, ${count(times, 'time')} in a row`;
}
