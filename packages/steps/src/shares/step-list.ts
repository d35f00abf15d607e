import type { StepStrategy, StrategyStep } from '@slipway/core';

/** The steps of a release: the copy is always brought and judged without users first. */
export function stepList({ steps }: Pick<StepStrategy, 'steps'>): StrategyStep[] {
  return steps[0]?.weight === 0 ? [...steps] : [{ weight: 0 }, ...steps];
}
