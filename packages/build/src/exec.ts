/** Runs a program with an array of arguments, never through a shell. Exit codes are results; a missing program throws. */
export type Exec = (
  command: string,
  args: readonly string[],
  options?: {
    readonly cwd?: string;
    /** The whole environment; that of this process if absent. */
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly onLine?: (line: string) => void;
  },
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
