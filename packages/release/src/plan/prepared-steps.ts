import type { KubernetesObject } from '@slipway/kubernetes';
import type { Copy, Half, LeftOut, StepsProblem, StepWorkload } from '@slipway/steps';

/** A workload that goes in steps, beside what serves. */
export interface PreparedWorkload extends StepWorkload {
  /** The Deployment that serves. */
  readonly live: KubernetesObject;
  /** How many pods it has. */
  readonly stable: number;
}

/** A Service or a budget that is held while the release is open. */
export interface HeldObject {
  /** As it is held: as the release that serves has it, or as this one does if it is new. */
  readonly base: KubernetesObject;
  /** Undefined if it is new. */
  readonly live: KubernetesObject | undefined;
}

/** How a release of a formation with a strategy reaches its users. */
export interface PreparedSteps {
  /** What goes in steps; none for an ordinary release, of which `leftOut` says why it is one. */
  readonly workloads: readonly PreparedWorkload[];
  readonly leftOut: readonly LeftOut[];
  readonly held: readonly HeldObject[];
  readonly copies: readonly Copy[];
  /** The half of each object of the release, by its key; held objects are written at the end. */
  readonly halves: ReadonlyMap<string, Half>;
  /** What those who read a plan should know. */
  readonly advice: readonly StepsProblem[];
  /** Services of other owners that would send to the copies whatever the step is. */
  readonly otherSenders: readonly StepsProblem[];
}
