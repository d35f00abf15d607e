import { spawn } from 'node:child_process';
import { type ExecOptions, type ExecResult, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import { lineReader } from './line-reader.ts';
import type { Machine } from './machine.ts';

/** Starts a process without a shell and waits for it. The only file of the program that starts processes. */
export async function execute(
  command: string,
  args: readonly string[],
  { cwd, environment, input = '', onLine, onOutput }: ExecOptions,
  inherited: Machine['environment'],
): Promise<ExecResult> {
  const child = spawn(command, [...args], { cwd, env: environment ?? inherited, windowsHide: true });
  const [stdout, stderr] = [[] as Uint8Array[], [] as Uint8Array[]];
  const readers = onLine === undefined ? [] : [lineReader(onLine), lineReader(onLine)];
  child.stdout.on('data', (bytes: Uint8Array) => {
    stdout.push(bytes);
    onOutput?.(bytes);
    readers[0]?.read(bytes);
  });
  child.stderr.on('data', (bytes: Uint8Array) => {
    stderr.push(bytes);
    readers[1]?.read(bytes);
  });
  // A program that ends without reading its input is judged by its exit code.
  child.stdin.on('error', () => undefined).end(input);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', cause => reject(notFound(command, cause)));
    // A process that a signal ended has no exit code, and did not succeed.
    child.on('close', code => resolve(code ?? 1));
  });
  for (const reader of readers) reader.end();
  return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

function notFound(command: string, cause: Error): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>(
    { code: 'command-not-found', message: `${quote(command)} cannot be run`, remedy: 'install it' },
    { cause },
  );
}
