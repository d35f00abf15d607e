import { tmpdir } from 'node:os';
import { type EndingProcess, endProcess, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from './error-codes.ts';
import { isClosedPipe, outputUnwritable, watchArrival } from './machine/arrival.ts';
import type { Ask } from './machine/ask.ts';
import type { Machine, Screen } from './machine/machine.ts';
import { runProgram } from './run-program.ts';
import { sayProblems } from './tell/say.ts';

/** The part of Node's process that the program uses. */
export type ProgramProcess = EndingProcess &
  Pick<NodeJS.Process, 'argv' | 'cwd' | 'env' | 'once' | 'stderr' | 'stdin' | 'stdout'>;

/**
 * Runs the program from its first line to its last, and ends the process with its exit code.
 * @param folder where it was called, if that is another folder than the process is in
 */
export async function runInProcess(process: ProgramProcess, folder = process.cwd()): Promise<void> {
  const [output, errors] = [watchArrival(process.stdout), watchArrival(process.stderr)];
  const machine = machineOf(process, folder);
  const exitCode = await runProgram(process.argv.slice(2), machine);
  const lost = await output.settle();
  if (lost !== undefined && !isClosedPipe(lost)) sayProblems(machine, outputUnwritable(lost).problems);
  // Whoever does not get the answer, or why there is none, has none.
  const hasArrived = (await errors.settle()) === undefined && lost === undefined;
  endProcess(process, hasArrived ? exitCode : 2);
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
          ask: askLate({ stdin, stdout }, interrupted.signal),
        }
      : {}),
  };
}

/** Loaded late, as most commands ask nothing; what is typed ahead is kept from question to question. */
function askLate(terminal: Pick<ProgramProcess, 'stdin' | 'stdout'>, signal: AbortSignal): Ask {
  let loaded: Promise<Ask> | undefined;
  return async question => {
    loaded ??= import('./machine/ask.ts').then(({ asker }) => asker(terminal, signal));
    return await (await loaded)(question);
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
