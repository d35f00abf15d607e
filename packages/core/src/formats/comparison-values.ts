import { parseDuration } from '../duration.ts';
import type { PrometheusCheck } from './checks.ts';
import { longestRange } from './comparison-problems.ts';

/** How many values each version needs, unless a check says. */
export const DEFAULT_SAMPLES = 10;

const LEAST_STEP = 1000;
const LEAST_BY_DEFAULT = 15_000;

/** How long a step has to be judged for until each version has `samples` values of which none looks back over another, in milliseconds. */
export function timeForSamples(check: PrometheusCheck, samples: number): number {
  const range = longestRange(check);
  const every = parseDuration(check.every ?? '') ?? Math.max(LEAST_BY_DEFAULT, range);
  const step = Math.max(LEAST_STEP, every);
  const apart = step * Math.max(1, Math.ceil(range / step));
  return range + (samples - 1) * apart;
}
