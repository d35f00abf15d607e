import { didYouMean, quote, SLIPWAY_VERSION, SlipwayError } from '@slipway/core';
import { parseArguments } from './command-line/arguments.ts';
import type { Command, ExitCode } from './command-line/command.ts';
import { commandHelp, programHelp } from './command-line/help.ts';
import { COMMANDS } from './commands/commands.ts';
import type { CliErrorCode } from './error-codes.ts';
import type { Machine } from './machine/machine.ts';
import { say, sayProblems } from './tell/say.ts';

/**
 * Runs a command line. This is the only code that handles errors for good: each problem becomes one line.
 * @param args all that is behind the name of the program
 */
export async function runProgram(args: readonly string[], machine: Machine): Promise<ExitCode> {
  try {
    return await runCommand(args, machine);
  } catch (error) {
    tell(machine.signal.aborted ? machine.signal.reason : error, machine);
    return 2;
  }
}

async function runCommand([name, ...args]: readonly string[], machine: Machine): Promise<ExitCode> {
  if (name === '--version') return answer(SLIPWAY_VERSION, machine);
  if (name === undefined || name === '--help' || name === 'help')
    return answer(programHelp(COMMANDS), machine, name === undefined ? 2 : 0);
  const command = commandNamed(name);
  const given = parseArguments(command, args);
  if (given.has('help')) return answer(commandHelp(command), machine);
  return await (await command.load())(given, machine);
}

function answer(text: string, { output, errors }: Machine, exitCode: ExitCode = 0): ExitCode {
  (exitCode === 0 ? output : errors).write(text);
  return exitCode;
}

/** @throws SlipwayError `usage` */
function commandNamed(name: string): Command {
  const command = COMMANDS.find(known => known.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map(known => known.name);
  const meant = didYouMean(name, names);
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `slipway has no command ${quote(name)}`,
    remedy: meant === '' ? `choose among ${names.join(', ')}` : meant,
  });
}

function tell(error: unknown, machine: Machine): void {
  if (error instanceof SlipwayError) {
    sayProblems(machine, error.problems);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split('\n', 1)[0];
  say(
    machine.errors,
    `error: unexpected failure: ${first}; report it with this command line (unexpected)`,
    'error',
  );
  if (machine.environment['SLIPWAY_DEBUG'] && error instanceof Error) say(machine.errors, error.stack ?? '');
}
