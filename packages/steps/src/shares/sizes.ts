import type { StepStrategy } from '@slipway/core';
import { copySize } from './shares.ts';

/** What is known of a workload when its copy is sized. */
export interface SizedWorkload {
  /** How many pods stable has now. */
  readonly stable: number;
  readonly takesWork: boolean;
  /** How many pods the copy has now; 0 if there is none. */
  readonly copy: number;
}

/**
 * How many pods the copy of a workload has in a step. Within a step it grows with stable, which an autoscaler may change, and never
 * shrinks: an autoscaler counts the pods of both, and would answer the shrinking.
 * @param at the index of the step
 */
export function sizeInStep(
  { steps }: Pick<StepStrategy, 'steps'>,
  at: number,
  workload: SizedWorkload,
): number {
  const { weight = 0 } = steps[at] ?? {};
  const { stable, takesWork, copy } = workload;
  if (takesWork && weight === 0) return copy;
  return Math.max(copy, copySize(weight, stable, steps[at + 1]));
}
