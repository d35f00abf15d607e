import type { Environment } from '../build/machine.ts';
import type { Locate } from './programs.ts';
import type { Supervision } from './supervision.ts';

/** What each part needs to be started. */
export interface StartContext {
  /** The testbed's folder. */
  readonly folder: string;
  readonly locate: Locate;
  readonly supervision: Supervision;
  /** The docker command, when registry and BuildKit are to run in containers. */
  readonly docker?: string | undefined;
  readonly environment: Environment;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}
