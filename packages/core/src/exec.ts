export interface ExecOptions {
  /** The folder that the process starts in; that of this process if absent. */
  readonly cwd?: string;
  /** The whole environment of the process; that of this process, without the action's inputs, if absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The standard input. */
  readonly input?: string;
  /** Called for each line of either stream. */
  readonly onLine?: (line: string) => void;
  /** Called with each piece of the standard output as it is, for output that is not text. */
  readonly onOutput?: (bytes: Uint8Array) => void;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts a program with an array of arguments, never through a shell. Exit codes are results; only a program that cannot be started
 * rejects. `@slipway/github` implements it.
 */
export type Exec = (command: string, args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
