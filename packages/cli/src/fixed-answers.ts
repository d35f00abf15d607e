import { SLIPWAY_VERSION } from '@slipway/core';
import { commandHelp, programHelp } from './command-line/help.ts';
import { COMMANDS } from './commands/commands.ts';

/** The command lines whose answer is always the same, with their answers: the bundle prints these without loading its library. */
export function fixedAnswers(): Readonly<Record<string, string>> {
  const pages = COMMANDS.map(command => [`${command.name} --help`, commandHelp(command)]);
  return { '--version': SLIPWAY_VERSION, '--help': programHelp(COMMANDS), ...Object.fromEntries(pages) };
}
