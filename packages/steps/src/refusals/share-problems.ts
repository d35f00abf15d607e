import { count, leftAlone, type StepStrategy, UNWATCHED_SHARE } from '@slipway/core';
import { describeBriefly, type KubernetesObject, numberAt, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { copySize, realShare } from '../shares/shares.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';
import { scalersOf } from './autoscalers.ts';

/** A share that is more than this many times what was asked is refused. */
const MOST_TIMES = 2;

/** Weights that the fixed number of pods of a workload would turn into much larger shares. */
export function shareProblems(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
  strategy: StepStrategy,
): StepsProblem[] {
  const fixed = workloads.filter(({ object }) => scalersOf(object, objects).length === 0);
  return fixed.flatMap(({ object }) => {
    const pods = numberAt(object, 'spec', 'replicas') ?? 1;
    return strategy.steps.flatMap(({ weight, unwatched }, index) => {
      const share = realShare(copySize(weight, pods), pods);
      if (weight < 1 || weight > 50 || share <= MOST_TIMES * weight) return [];
      const larger = Math.min(50, Math.ceil(share));
      const isAlone = leftAlone(strategy, index) !== undefined && unwatched !== true;
      const asked = isAlone && larger > UNWATCHED_SHARE ? ' and unwatched: true' : '';
      const enough = Math.ceil((100 - weight) / weight);
      return [
        {
          code: 'steps-share' as const,
          pointer: `/steps/${index}/weight`,
          message: `a weight of ${weight} beside ${count(pods, 'pod')} of ${describeBriefly(referenceTo(object))} would be ${rounded(share)} %`,
          remedy: `run ${count(enough, 'pod')}, or write weight ${larger}${asked}`,
        },
      ];
    });
  });
}

function rounded(share: number): string {
  return String(Math.round(share * 10) / 10);
}
