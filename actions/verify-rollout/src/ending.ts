import type { Position, Verdict } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { CheckChange, RolloutChange } from '@slipway/rollout';
import type { Inputs } from './inputs.ts';
import type { Place } from './place.ts';
import type { Watched } from './watch.ts';

/** What verifying works with from beginning to end. */
export interface VerifyContext {
  readonly inputs: Inputs;
  readonly place: Place;
  readonly runner: Runner;
}

/** How it ended, and all that happened on the way. */
export interface Ending {
  readonly verdict: Verdict;
  readonly changes: readonly RolloutChange[];
  readonly checks: readonly CheckChange[];
  /** The release that a rollback made, if there was one. */
  readonly restored?: Watched | undefined;
  /** Where the fault was written, if this job has the stencils. */
  readonly at?: Position | undefined;
}
