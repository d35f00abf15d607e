import { tmpdir } from 'node:os';
import type { Machine, Screen } from '../../src/machine/machine.ts';

/** What the program writes to its two streams. */
export interface Written {
  readonly printed: string[];
  readonly complaints: string[];
}

/** A machine whose screens are lists, and which starts no process. */
export function machineIn(folder: string, { printed, complaints }: Written): Machine {
  const screen = (lines: string[]): Screen => ({
    isColoured: false,
    write: text => void lines.push(text),
  });
  return {
    folder,
    temporaryDirectory: tmpdir(),
    environment: {},
    exec: () => Promise.reject(new Error('no process is expected')),
    signal: new AbortController().signal,
    clock: () => new Date(0),
    output: screen(printed),
    errors: screen(complaints),
  };
}
