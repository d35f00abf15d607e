import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';
import type { Declared } from './plan/declared.ts';
import type { Identity } from './what/find-identity.ts';

/** What verifying works with from beginning to end. */
export interface VerifyContext {
  readonly inputs: Inputs;
  readonly identity: Identity;
  /** The checks and rules of the inputs. */
  readonly own: Declared;
  readonly runner: Runner;
}
