import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';
import { runProgram } from '../../src/run-program.ts';
import { machineIn } from './machine.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../../examples/shop');

/** A copy of the example outside of a checkout, which is removed after the tests of the file. */
export function copyOfShop(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-cli-'));
  cpSync(EXAMPLE, folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs the program in a folder. */
export async function runIn(folder: string, ...args: string[]) {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const exitCode = await runProgram(args, machineIn(folder, { printed, complaints }));
  return { exitCode, printed: printed.join('\n'), complaints: complaints.join('\n') };
}
