import type { Estimate } from '../statistics/proportions.ts';

/** How figures of one check are written: all with as many decimals as give the greatest of them three digits. */
export interface Figures {
  plain(value: number): string;
  signed(value: number): string;
}

const DIGITS = 3;
const MAX_DECIMALS = 12;

/** @param unit what follows a number, with its space */
export function figuresFor(values: readonly number[], unit = ''): Figures {
  const greatest = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
  const places = greatest === 0 ? 0 : DIGITS - 1 - Math.floor(Math.log10(greatest));
  const decimals = Math.min(MAX_DECIMALS, Math.max(0, places));
  const write = (value: number): string => Math.abs(value).toFixed(decimals);
  return {
    plain: value => `${value < 0 && Number(write(value)) !== 0 ? '−' : ''}${write(value)}${unit}`,
    signed: value => `${value < 0 && Number(write(value)) !== 0 ? '−' : '+'}${write(value)}`,
  };
}

/** `between +0.07 and +0.15 s with 98 %`. */
export function interval({ lower, upper }: Estimate, { signed }: Figures, unit = ''): string {
  return `between ${signed(lower)} and ${signed(upper)}${unit} with 98 %`;
}

/** `1 % (12 of 1,204)`; Prometheus extrapolates, so that a count may have decimals, which are left out. */
export function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString('en');
}
