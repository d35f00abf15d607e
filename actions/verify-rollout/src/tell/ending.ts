import type { Position, Release, Verdict } from '@slipway/core';
import type { RunAddress, Version } from '@slipway/report';
import type { CheckChange, RolloutChange } from '@slipway/rollout';
import type { Watched } from '../watch/watch.ts';
import type { JobRun } from '../what/job-runs.ts';

/** How a verification ended, and everything that happened on the way. */
export interface Ending {
  readonly verdict: Verdict;
  /** The record of what was verified; undefined for objects that another tool applied. */
  readonly release?: Release | undefined;
  /** Whether a release in steps was closed already when this run began. */
  readonly wasClosed?: boolean | undefined;
  readonly changes: readonly RolloutChange[];
  readonly checks: readonly CheckChange[];
  /** The release that a rollback made, if there was one. */
  readonly restored?: Watched | undefined;
  /** When the Jobs of the release ran. */
  readonly jobs?: readonly JobRun[] | undefined;
  /** For a rollback the release that it undoes, for others the newest before that succeeded; absent if there is none, or it cannot be read. */
  readonly before?: Version | undefined;
  /** How the destinations of a formation with waves differ now, and how to go back everywhere. */
  readonly differing?: string | undefined;
  /** The run that verified. */
  readonly run?: RunAddress | undefined;
  /** Where the fault was written, if this job has the stencils. */
  readonly at?: Position | undefined;
}
