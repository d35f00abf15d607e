import type { Environment } from '../build/machine.ts';
import type { Locate } from './programs.ts';
import type { Supervision } from './supervision.ts';

/** What the start of each part needs. */
export interface StartContext {
  /** The testbed's folder. */
  readonly folder: string;
  readonly locate: Locate;
  readonly supervision: Supervision;
  /** The docker command, if the registry and BuildKit run in containers. */
  readonly docker?: string | undefined;
  readonly environment: Environment;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}
