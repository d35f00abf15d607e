import { destinationsOf, type Formation } from '../application/application.ts';
import type { Inputs } from '../jobs/steps.ts';
import { mayWait } from '../steps/stages.ts';

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
  /** Whether a person may have it take over objects that something else deployed: the input `adopt` is `yes` then. */
  readonly adoption: 'if-asked' | 'never';
  /** The expression for whether anything is done, if that is not always so. */
  readonly condition?: string;
}

export function wavesOf(formations: readonly Formation[]): number {
  return Math.max(...formations.map(({ waves }) => waves.length));
}

/** Whether all of it goes to one destination. */
export function isOfOne({ formations }: Delivery): boolean {
  return formations.length === 1 && formations.flatMap(destinationsOf).length === 1;
}

/** Whether each of several destinations has jobs of its own, which decide about a release that waits: these are in a file of their own. */
export function needsStepsFile(delivery: Delivery): boolean {
  return !isOfOne(delivery) && delivery.formations.some(mayWait);
}

/**
 * Each wave after the first needs a job that waits, all alike: these are in a file of their own. So is the job of several destinations
 * behind a plan, as one file with both would be too long to be read.
 */
export function needsWaveFile(delivery: Delivery): boolean {
  const { formations, plan } = delivery;
  if (needsStepsFile(delivery)) return false;
  return wavesOf(formations) > 1 || (plan === 'before' && formations.flatMap(destinationsOf).length > 1);
}
