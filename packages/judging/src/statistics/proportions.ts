import { Z_98 } from './normal.ts';

/** How many of all were bad. They need not be whole: Prometheus extrapolates to the ends of a window. */
export interface Counts {
  readonly bad: number;
  readonly all: number;
}

/** A figure, and where the true one is with the confidence that was asked for. */
export interface Estimate {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Wilson's score interval of a proportion; unlike the one in textbooks it is right for few and for no bad ones. */
export function proportion({ bad, all }: Counts, z = Z_98): Estimate {
  const [p, squared] = [bad / all, z * z];
  const centre = (p + squared / (2 * all)) / (1 + squared / all);
  const half = (z / (1 + squared / all)) * Math.sqrt((p * (1 - p)) / all + squared / (4 * all * all));
  return { estimate: p, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

/**
 * How much greater the proportion of `next` is, with Newcombe's hybrid score interval: method 10 of
 * https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I
 */
export function difference(next: Counts, stable: Counts, z = Z_98): Estimate {
  const [one, other] = [proportion(next, z), proportion(stable, z)];
  const estimate = one.estimate - other.estimate;
  return {
    estimate,
    lower: estimate - Math.hypot(one.estimate - one.lower, other.upper - other.estimate),
    upper: estimate + Math.hypot(one.upper - one.estimate, other.estimate - other.lower),
  };
}
