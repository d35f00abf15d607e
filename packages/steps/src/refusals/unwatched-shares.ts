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
          remedy: `add unwatched: true if that is meant, or ${fewerOf(weight, pods)}`,
        },
      ];
    });
  });
}

/** How the share becomes as small as it may be: by more pods, or by a weight that the pods there are can have. */
function fewerOf(weight: number, pods: number): string {
  const isSmall = (least: number, stable: number): boolean =>
    realShare(copySize(least, stable), stable) <= UNWATCHED_SHARE;
  const lower = Array.from({ length: weight - 1 }, (_, index) => weight - 1 - index).find(less =>
    isSmall(less, pods),
  );
  if (lower !== undefined) return `write weight ${lower}`;
  const more = Array.from({ length: 99 }, (_, index) => pods + 1 + index).find(one => isSmall(weight, one));
  return more === undefined ? 'run more pods' : `run ${count(more, 'pod')}`;
}
