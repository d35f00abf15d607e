import { tmpdir } from 'node:os';
import { quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from './error-codes.ts';
import type { Machine, Screen } from './machine/machine.ts';
import { runProgram } from './run-program.ts';

/** The part of Node's process that the program uses. */
export type ProgramProcess = Pick<
  NodeJS.Process,
  'argv' | 'cwd' | 'env' | 'exit' | 'once' | 'stderr' | 'stdin' | 'stdout'
>;

/**
 * Runs the program from its first line to its last, and ends the process with its exit code.
 * @param folder where it was called, if that is another folder than the process is in
 */
export async function runInProcess(process: ProgramProcess, folder = process.cwd()): Promise<void> {
  // Where nothing can be written, as to a full disk or to a pipe that was closed, no one got the answer.
  for (const stream of [process.stdout, process.stderr]) stream.once('error', () => process.exit(2));
  const exitCode = await runProgram(process.argv.slice(2), machineOf(process, folder));
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>(done => stream.write('', () => done()));
  // Idle connections must not keep the program alive.
  process.exit(exitCode);
}

function machineOf(process: ProgramProcess, folder: string): Machine {
  const { env: environment, stdin, stdout, stderr } = process;
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => interrupted.abort(interruption(name)));
  return {
    folder,
    temporaryDirectory: tmpdir(),
    environment,
    // Loaded late, as most commands start no process.
    exec: async (command, args, options = {}) =>
      await (await import('./machine/execute.ts')).execute(command, args, options, environment),
    signal: interrupted.signal,
    clock: () => new Date(),
    output: screenOf(stdout, environment),
    errors: screenOf(stderr, environment),
    ...(stdin.isTTY && stdout.isTTY
      ? {
          ask: async (question: string) =>
            await (await import('./machine/ask.ts')).ask(question, { stdin, stdout }, interrupted.signal),
        }
      : {}),
  };
}

function screenOf(stream: NodeJS.WriteStream, { NO_COLOR, TERM }: Machine['environment']): Screen {
  return {
    isColoured: stream.isTTY === true && !NO_COLOR && TERM !== 'dumb',
    write: text => void stream.write(`${text}\n`),
  };
}

function interruption(signal: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'interrupted',
    message: `the program was interrupted (${quote(signal)})`,
    remedy: 'run it again',
  });
}
