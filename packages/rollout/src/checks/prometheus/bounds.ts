import type { PrometheusCheck, ValueCheck } from '@slipway/core';
import type { Sample } from './client.ts';

/** The bounds of a query's values; with the averages before the release by series, where values are compared with them. */
export interface Bounds {
  readonly check: ValueCheck;
  readonly before: ReadonlyMap<string, number>;
}

/** Why a value is out of bounds, as the end of a sentence about it; undefined for one that is not. */
export function violation({ series, value }: Sample, { check, before }: Bounds): string | undefined {
  const { max, min, absent = 'fail' } = check;
  if (Number.isNaN(value))
    return absent === 'pass' ? undefined : 'is not a number (NaN), as when nothing was counted';
  if (max !== undefined && value > max) return `is ${short(value)}, more than ${max}`;
  if (min !== undefined && value < min) return `is ${short(value)}, less than ${min}`;
  return changeViolation(value, before.get(series), check);
}

function changeViolation(
  value: number,
  before: number | undefined,
  check: PrometheusCheck,
): string | undefined {
  const { 'max-increase': increase, 'max-decrease': decrease, absent = 'fail' } = check;
  if (increase === undefined && decrease === undefined) return undefined;
  if (before === undefined || Number.isNaN(before))
    return absent === 'pass'
      ? undefined
      : `is ${short(value)}, with no value from before the release to compare it with`;
  if (increase !== undefined && value > before + Math.abs(before) * fraction(increase))
    return `is ${short(value)}, more than ${increase} above the ${short(before)} before the release`;
  if (decrease !== undefined && value < before - Math.abs(before) * fraction(decrease))
    return `is ${short(value)}, more than ${decrease} below the ${short(before)} before the release`;
  return undefined;
}

function fraction(percentage: string): number {
  return Number.parseFloat(percentage) / 100;
}

/** A number with four digits, which are enough for people. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
