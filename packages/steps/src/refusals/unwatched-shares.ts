import { count, leftAlone, type StepStrategy, UNWATCHED_SHARE } from '@slipway/core';
import { describeBriefly, type KubernetesObject, numberAt, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { copySize, realShare } from '../shares/shares.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';
import { scalersOf } from './autoscalers.ts';

/** Steps that no run watches, whose weight is small and whose real share is not, as there are few pods. */
export function unwatchedShares(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
  strategy: StepStrategy,
): StepsProblem[] {
  const fixed = workloads.filter(({ object }) => scalersOf(object, objects).length === 0);
  return strategy.steps.flatMap(({ weight, unwatched }, index) => {
    const why = leftAlone(strategy, index);
    // A larger weight is refused where the strategy is read.
    if (why === undefined || unwatched === true || weight === 0 || weight > UNWATCHED_SHARE) return [];
    return fixed.flatMap(({ object }) => {
      const pods = numberAt(object, 'spec', 'replicas') ?? 1;
      const share = realShare(copySize(weight, pods), pods);
      if (share <= UNWATCHED_SHARE) return [];
      return [
        {
          code: 'steps-share' as const,
          pointer: `/steps/${index}`,
          message: `step ${index + 1} ${why}: a weight of ${weight} beside ${count(pods, 'pod')} of ${describeBriefly(referenceTo(object))} is ${Math.round(share)} % of the connections, while no run looks at it`,
          remedy: 'add unwatched: true if that is meant, or run more pods',
        },
      ];
    });
  });
}
