import type { JudgedWindow } from './sides.ts';

/** When values are asked for. */
export interface Moments {
  readonly start: Date;
  readonly end: Date;
  /** Milliseconds between two of them. */
  readonly step: number;
  /** All of them, as Prometheus counts them. */
  readonly times: readonly number[];
  /** One of so many does not overlap with the one before. */
  readonly stride: number;
}

/** The most values of each version; a comparison of so many takes a second. */
const MOST = 1000;
const LEAST_STEP = 1000;
const EVERY = 15_000;

/**
 * The moments in a window whose values look back over nothing that was before it, the last of them at its end.
 * @param every milliseconds between two; by default as many as a value looks back over
 * @param range milliseconds that a value looks back over
 */
export function momentsOf({ from, to }: JudgedWindow, every: number | undefined, range: number): Moments {
  const [end, room] = [to.getTime(), Math.max(0, to.getTime() - from.getTime() - range)];
  const step = Math.max(LEAST_STEP, every ?? Math.max(EVERY, range), Math.ceil(room / MOST / 1000) * 1000);
  const count = Math.floor(room / step) + 1;
  const start = end - (count - 1) * step;
  return {
    ...{ start: new Date(start), end: to, step },
    times: Array.from({ length: count }, (_, index) => start + index * step),
    stride: Math.max(1, Math.ceil(range / step)),
  };
}
