import { describeBriefly, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { heldObjects } from '../copies/copies-of.ts';
import type { StepsProblem } from '../problem.ts';
import { covers, isWorkload } from '../workloads/pods-of.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/**
 * Budgets that cover other workloads besides: narrowed to stable, they would no longer protect them.
 * @param isTracked whether the pods of a workload have the label of stable
 */
export function budgetProblems(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
  isTracked: (workload: KubernetesObject) => boolean,
): StepsProblem[] {
  return heldObjects(objects, workloads).flatMap(budget => {
    const others = objects.filter(
      object => isWorkload(object) && covers(budget, object) && !isTracked(object),
    );
    return others.map(other => ({
      code: 'steps-selector' as const,
      object: referenceTo(budget),
      pointer: '/spec/selector',
      message: `${describeBriefly(referenceTo(budget))} covers ${describeBriefly(referenceTo(other))} too, which would have none while a release is open`,
      remedy: 'write a PodDisruptionBudget for each of them',
    }));
  });
}
