import type { StepStrategy } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';

/** A Deployment of which a release in steps brings a copy. */
export interface StepWorkload {
  /** As the new release has it. */
  readonly object: KubernetesObject;
  /** Whether its pods fetch their work themselves. */
  readonly takesWork: boolean;
  /** The Services of the release that select it. */
  readonly services: readonly KubernetesObject[];
}

/** A workload that is written at the commit, without a copy. */
export interface LeftOut {
  readonly object: ObjectReference;
  /** Half a sentence, such as `its strategy is Recreate`. */
  readonly reason: string;
}

/** Which workloads of a release go in steps. */
export interface ChosenWorkloads {
  readonly workloads: readonly StepWorkload[];
  readonly leftOut: readonly LeftOut[];
  readonly problems: readonly StepsProblem[];
}

/** What was written about a workload, if it was named. */
export interface NamedWorkload {
  readonly name: string;
  readonly takesWork: boolean;
  /** RFC 6901, in the strategy. */
  readonly pointer: string;
}

/** The workloads that a strategy names; undefined if it leaves the choice to the release. */
export function namedWorkloads({ workloads }: StepStrategy): readonly NamedWorkload[] | undefined {
  return workloads?.map((entry, index) => {
    const pointer = `/workloads/${index}`;
    return typeof entry === 'string'
      ? { name: entry, takesWork: false, pointer }
      : { name: entry.name, takesWork: entry['takes-work'] === true, pointer };
  });
}
