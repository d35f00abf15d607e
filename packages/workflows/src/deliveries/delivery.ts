import { destinationsOf, type Formation } from '../application/application.ts';
import type { Inputs } from '../jobs/steps.ts';

/** How a snapshot reaches some formations. */
export interface Delivery {
  /** `release`, `promote` or `rebuild`: the id of a job that does all of it. */
  readonly name: string;
  readonly formations: readonly Formation[];
  /** The inputs that say where images come from. */
  readonly build: Inputs;
  /** What waits for its turn: a promotion may wait for an approval for weeks, and must not hold up another one. */
  readonly turns: 'one-by-one' | 'any';
  /** Whether a job shows what would change before a job is in an environment, which may ask for an approval. */
  readonly plan: 'before' | 'none';
  /** What a person says about it: whose config is rendered, and the reason that is recorded. */
  readonly said: 'config-and-reason' | 'nothing';
  /** The expression for whether anything is done, if that is not always so. */
  readonly condition?: string;
}

export function wavesOf(formations: readonly Formation[]): number {
  return Math.max(...formations.map(({ waves }) => waves.length));
}

/**
 * Each wave after the first needs a job that waits, all alike: these are in a file of their own. So is the job of several destinations
 * behind a plan, as one file with both would be too long to be read.
 */
export function needsWaveFile({ formations, plan }: Delivery): boolean {
  return wavesOf(formations) > 1 || (plan === 'before' && formations.flatMap(destinationsOf).length > 1);
}
