import { type Check, quote, type StepStrategy, type StrategyStep } from '@slipway/core';
import { describeBriefly, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { copySize } from '../shares/shares.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** A workload, and how many pods stable has; undefined where an autoscaler decides that. */
export type CountedWorkload = Pick<StepWorkload, 'object' | 'takesWork'> & {
  readonly stable: number | undefined;
};

/**
 * Comparisons of counts that a copy of a single pod is judged by. All requests of a client that keeps its connection are on one pod, so that
 * one bad client beside a single pod looks like a pod that does worse.
 * @param checks those that are known; verify-rollout may be given others
 */
export function singlePods(
  workloads: readonly CountedWorkload[],
  { steps }: Pick<StepStrategy, 'steps'>,
  checks: readonly Check[],
): StepsProblem[] {
  const counting = checks.filter(({ prometheus }) => prometheus?.bad !== undefined);
  if (counting.length === 0) return [];
  return workloads.flatMap(({ object, stable, takesWork }) => {
    if (stable === undefined || takesWork) return [];
    const index = steps.findIndex(step => isJudgedAlone(step, stable));
    const step = steps[index];
    if (step === undefined) return [];
    return [
      {
        code: 'steps-advice' as const,
        pointer: `/steps/${index}/weight`,
        message: `the copy of ${describeBriefly(referenceTo(object))} is a single pod at a weight of ${step.weight}, and ${counting.map(({ name }) => quote(name)).join(', ')} would count what one client with a kept connection does as what the pod does: the same version may be called worse in 4 of 100 steps instead of in 1`,
        remedy: waysOut(step.weight, stable),
      },
    ];
  });
}

/** Without a bake nothing is counted. */
function isJudgedAlone({ weight, bake }: StrategyStep, stable: number): boolean {
  return weight > 0 && bake !== undefined && copySize(weight, stable) === 1;
}

/** How the copy gets two pods. */
function waysOut(weight: number, stable: number): string {
  const pods = Array.from({ length: 99 }, (_, index) => stable + 1 + index).find(
    more => copySize(weight, more) > 1,
  );
  const weights = Array.from({ length: 50 - Math.min(50, weight) }, (_, index) => weight + 1 + index);
  const larger = weights.find(more => copySize(more, stable) > 1);
  const ways = [
    ...(pods === undefined ? [] : [`run ${pods} pods`]),
    ...(larger === undefined ? [] : [`write weight ${larger}`]),
  ];
  return ways.length === 0
    ? 'run more pods, so that it has two'
    : `${ways.join(', or ')}, so that it has two`;
}
