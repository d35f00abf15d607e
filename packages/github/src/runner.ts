import type { Exec, Logger, Position } from '@slipway/core';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Annotation {
  readonly severity: 'error' | 'warning' | 'notice';
  /** The code of an error or the id of a rule: the title of the annotation, and the end of its line in the log. One about several has none. */
  readonly code?: string;
  /** One sentence without its code. */
  readonly message: string;
  readonly at?: Position;
}

/** What GitHub says about the run. Outside of a run the fields are empty. */
export interface RunContext {
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  readonly actor: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  /** The address of the page of this attempt. */
  readonly runUrl: string;
  /** The file of the workflow, as `owner/name/path`, and the commit that it was read from. */
  readonly workflow: { readonly file: string; readonly commit: string };
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** The event's payload. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** Everything that an action may ask of its runner. Tests use `fakeRunner` instead. */
export interface Runner {
  readonly environment: Environment;
  /** The absolute path of the workspace. */
  readonly workspace: string;
  /** The absolute path of a folder that is emptied after the job. */
  readonly temporaryDirectory: string;
  readonly context: RunContext;
  /** The log of the step. Lines that the runner would take for commands are defused. */
  readonly logger: Logger;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  setOutput(name: string, value: string): void;
  /** Keeps a text for the action's post step, which gets it even if this step is killed. */
  saveState(name: string, value: string): void;
  /** Replaces the value by `***` in everything that is written from now on. */
  mask(secret: string): void;
  /** Folds in the log what `work` writes. */
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * Requests GitHub's signed token (OpenID Connect), which says which job this is.
   * @param audience the service that the token is for; empty for GitHub's default
   * @throws SlipwayError `id-token-unavailable`
   */
  idToken(audience: string): Promise<string>;
  /** Shows a message at its position in the pull request. After GitHub's ten of a kind the others are only in the log. */
  annotate(annotation: Annotation): void;
  /** Appends a part to the job summary, which is written when the action ends. Blank lines separate it from the other parts. */
  addSummary(markdown: string): void;
  /**
   * Starts a process; the only way to do so. A process that fails is a result with its exit code.
   * @throws SlipwayError `command-not-found`
   */
  readonly exec: Exec;
}
