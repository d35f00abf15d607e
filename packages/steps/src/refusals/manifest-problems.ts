import type { StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { progressProblems } from '../halves/progress.ts';
import type { StepsProblem } from '../problem.ts';
import { mayGoInSteps } from '../workloads/may-go-in-steps.ts';
import { isDeployment } from '../workloads/pods-of.ts';
import { unfitness } from '../workloads/unfit.ts';
import { autoscalerProblems } from './autoscalers.ts';
import { budgetProblems } from './budgets.ts';
import { nameProblems } from './names.ts';
import { reservedTracks } from './reserved-track.ts';
import { serviceProblems } from './services.ts';
import { shareProblems } from './share-problems.ts';
import { unwatchedShares } from './unwatched-shares.ts';

/**
 * Everything that speaks against the steps of a formation by its manifests alone, without a cluster and without the release before.
 * @param objects all objects of one destination, as they are rendered
 */
export function manifestProblems(
  objects: readonly KubernetesObject[],
  strategy: StepStrategy,
): readonly StepsProblem[] {
  const { workloads, problems } = mayGoInSteps(objects, strategy);
  // Which Deployments have the label of stable already is known in the cluster only: each of them may.
  const mayBeTracked = (object: KubernetesObject): boolean =>
    isDeployment(object) && unfitness(object, []) === undefined;
  return [
    ...problems,
    ...progressProblems(objects),
    ...reservedTracks(objects),
    ...nameProblems(objects, workloads),
    ...serviceProblems(objects, workloads, strategy),
    ...budgetProblems(objects, workloads, mayBeTracked),
    ...autoscalerProblems(objects, workloads, strategy),
    ...shareProblems(objects, workloads, strategy),
    ...unwatchedShares(objects, workloads, strategy),
  ];
}
