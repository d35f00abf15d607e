import { defined, type StepStrategy } from '@slipway/core';
import { type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import { cannot } from './chosen-problems.ts';
import type { ChosenWorkloads } from './step-workload.ts';
import { withoutPods } from './unfit.ts';

/** What is known of a workload in the cluster. */
export interface WorkloadInCluster {
  /** The live Deployment; undefined if there is none. */
  readonly live: KubernetesObject | undefined;
  readonly change: 'create' | 'restart' | 'replace' | 'none';
  /** Whether the pods of the live template have the label by which Services are narrowed. */
  readonly isTracked: boolean;
}

/**
 * Narrows the workloads that may go in steps to those that do so in this cluster. Where none is left, the release is an ordinary one,
 * and the reasons say why.
 */
export function goInSteps(
  chosen: ChosenWorkloads,
  strategy: StepStrategy,
  inCluster: (object: KubernetesObject) => WorkloadInCluster,
): ChosenWorkloads {
  const isNamed = strategy.workloads !== undefined;
  const judged = chosen.workloads.map(workload => ({
    workload,
    ...reasonInCluster(inCluster(workload.object)),
  }));
  const left = judged.filter(({ reason }) => reason !== undefined);
  const refused = left.filter(({ isRefused }) => isNamed && isRefused === true);
  return {
    workloads: judged.flatMap(({ workload, reason }) => (reason === undefined ? [workload] : [])),
    leftOut: [
      ...chosen.leftOut,
      ...left.map(({ workload, reason = '' }) => ({ object: referenceTo(workload.object), reason })),
    ],
    problems: [
      ...chosen.problems,
      ...refused.map(({ workload, reason = '' }) => cannot(referenceTo(workload.object), reason, '/spec')),
    ],
  };
}

function reasonInCluster({ live, change, isTracked }: WorkloadInCluster): {
  readonly reason?: string;
  readonly isRefused?: boolean;
} {
  if (live === undefined || change === 'create') return { reason: 'this is its first release' };
  if (change === 'replace')
    return { reason: 'its change takes a replacement, since immutable fields change', isRefused: true };
  if (change === 'none') return { reason: 'none of its pods restarts' };
  return defined({
    reason: isTracked
      ? withoutPods(live)
      : 'its pods do not have the label yet that tells both versions apart',
  });
}

/** The keys of the workloads that go in steps. */
export function workloadKeys({ workloads }: Pick<ChosenWorkloads, 'workloads'>): ReadonlySet<string> {
  return new Set(workloads.map(({ object }) => objectKey(referenceTo(object))));
}
