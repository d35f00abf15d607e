import type { Exec, Logger, Position } from '@slipway/core';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Annotation {
  readonly severity: 'error' | 'warning' | 'notice';
  /** The code of an error or the id of a rule. It becomes the title, which the log does not show, and ends the message. */
  readonly code: string;
  /** One sentence without its code. */
  readonly message: string;
  readonly place?: Position;
}

/** What GitHub says about the run; fields are empty outside of one. */
export interface RunContext {
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  readonly actor: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  /** The page of the run, attempt included. */
  readonly runUrl: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** The event's payload. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** All that an action may ask of the runner that runs it. `fakeRunner` stands in for it in tests. */
export interface Runner {
  readonly environment: Environment;
  /** Absolute. */
  readonly workspace: string;
  /** Absolute; emptied after the job. */
  readonly temporaryDirectory: string;
  readonly context: RunContext;
  /** Foreign text in it is neutralised. */
  readonly logger: Logger;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  setOutput(name: string, value: string): void;
  /** Keeps a text for the action's post step, which gets it though this one be killed. */
  saveState(name: string, value: string): void;
  /** From here on the value is blanked out in all that is written. */
  mask(secret: string): void;
  /** A fold in the log around what `work` writes. */
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * GitHub's signed token (OpenID Connect) that says which job this is, for a service that trusts it.
   * @param audience the service that it is meant for; empty for GitHub's own default
   * @throws SlipwayError `id-token-unavailable`
   */
  idToken(audience: string): Promise<string>;
  /** On the line of the pull request; those over GitHub's ten of a kind become lines of the log. */
  annotate(annotation: Annotation): void;
  /** Appends to the job summary, which is written when the action ends. */
  addSummary(markdown: string): void;
  /**
   * The one way to start a process; exit codes are results.
   * @throws SlipwayError `command-not-found`
   */
  readonly exec: Exec;
}
