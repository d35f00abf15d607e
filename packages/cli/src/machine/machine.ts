import type { Clock, Exec } from '@slipway/core';

/** What the program runs on. */
export interface Machine {
  /** The folder that it was called in, absolute. */
  readonly folder: string;
  /** Where temporary files go, absolute. */
  readonly temporaryDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly exec: Exec;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The standard output: what was asked for. */
  readonly output: Screen;
  /** The standard error: what is wrong or should be known. */
  readonly errors: Screen;
  /** Asks the person at a terminal, and returns the line that they type; absent where there is no terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** One of the two streams of a terminal. */
export interface Screen {
  /** Whether people look at it in colours: it is a terminal, and neither `NO_COLOR` nor `TERM=dumb` says otherwise. */
  readonly isColoured: boolean;
  /** Writes a text and a line break. */
  write(text: string): void;
}
