import type { Machine } from '../machine/machine.ts';
import type { Arguments } from './arguments.ts';

/** 0: as it should be; 1: something was found or refused; 2: the command line or a file is wrong, so that there is no answer. */
export type ExitCode = 0 | 1 | 2;

/** A flag of a command. */
export interface Flag {
  /** What its value is called in the help, such as `<folder>`; absent for a flag without one. */
  readonly value?: string;
  /** Whether it can be given several times, or with several values separated by commas. */
  readonly isList?: true;
  /** What it does, in half a sentence. */
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** A command as its help shows it. What it does is loaded when it is called. */
export interface Command {
  readonly name: string;
  /** What it does, in half a sentence. */
  readonly summary: string;
  /** What it takes beside flags, such as `<file:line>`, and how many of it. */
  readonly operands?: { readonly name: string; readonly least: number; readonly most: number };
  readonly flags: Flags;
  /** A command line as people type it, and what it does. */
  readonly example: { readonly line: string; readonly does: string };
  /** What exit code 1 means for it. */
  readonly failsWhen: string;
  load(): Promise<RunCommand>;
}

export type RunCommand = (given: Arguments, machine: Machine) => Promise<ExitCode>;
