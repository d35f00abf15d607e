import type { Problem } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import type { StepsErrorCode } from './error-codes.ts';

/** What speaks against steps, with where it is: the caller knows the files. */
export interface StepsProblem extends Problem<StepsErrorCode> {
  /** The object of the release that has it; absent if it is in the strategy. */
  readonly object?: ObjectReference;
  /** RFC 6901, in that object or in the strategy. */
  readonly pointer: string;
}
