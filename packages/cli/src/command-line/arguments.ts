import { parseArgs } from 'node:util';
import { didYouMean, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Command, Flag, Flags } from './command.ts';

/** Every command has it. */
export const HELP: Flag = { help: 'shows this' };

/** What a command line gives to a command. */
export interface Arguments {
  readonly operands: readonly string[];
  has(flag: string): boolean;
  /** The last value of a flag; undefined if it is not given. */
  text(flag: string): string | undefined;
  /** All values of a flag as they were given. */
  values(flag: string): readonly string[];
  /**
   * All values of a flag that can be given several times, or with several values separated by commas.
   * @throws SlipwayError `usage` for an empty one, which as a path would be the whole workspace
   */
  list(flag: string): readonly string[];
}

/**
 * Reads the command line of a command.
 * @param args all that is behind its name
 * @throws SlipwayError `usage` with everything that is wrong with it
 */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const flags: Flags = { ...command.flags, help: HELP };
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  // Not strict, since Node's own errors stop at the first.
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const isHelp = values['help'] !== undefined;
  const wrong = tokens.flatMap(token =>
    token.kind === 'option' ? problemsOf(command, flagNamed(flags, token.name), token) : [],
  );
  const all = [...wrong, ...(isHelp ? [] : operandProblems(command, positionals))];
  const [first, ...others] = all.map(usage(command));
  if (first !== undefined) throw new SlipwayError<CliErrorCode>([first, ...others]);
  const valuesOf = (flag: string): readonly string[] => (values[flag] ?? []) as readonly string[];
  return {
    operands: positionals,
    has: flag => values[flag] !== undefined,
    text: flag => valuesOf(flag).at(-1),
    values: valuesOf,
    list: flag => valuesOf(flag).flatMap(text => partsOf(command, flag, text)),
  };
}

/** Names such as "constructor", which every object of the language has, are not flags. */
function flagNamed(flags: Flags, name: string): Flag | undefined {
  return Object.hasOwn(flags, name) ? flags[name] : undefined;
}

/** A flag as it is written. */
interface WrittenFlag {
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value is behind a `=`. */
  readonly inlineValue?: boolean | undefined;
}

function problemsOf(
  { name, flags }: Command,
  flag: Flag | undefined,
  { rawName: written, value, inlineValue }: WrittenFlag,
): string[] {
  if (flag === undefined) {
    const meant = didYouMean(
      written,
      [...Object.keys(flags), 'help'].map(one => `--${one}`),
    );
    return [`slipway ${name} has no flag ${quote(written)}${meant === '' ? '' : `: ${meant}`}`];
  }
  if (flag.value === undefined)
    return value === undefined ? [] : [`the flag ${quote(written)} takes no value`];
  const isFlag = inlineValue !== true && value?.startsWith('--');
  return value && !isFlag ? [] : [`the flag ${quote(written)} needs a value: ${flag.value}`];
}

function partsOf(command: Command, flag: string, text: string): string[] {
  const parts = text.split(',').map(part => part.trim());
  if (!parts.includes('')) return parts;
  throw new SlipwayError<CliErrorCode>(
    usage(command)(`the flag "--${flag}" has an empty value in ${quote(text)}`),
  );
}

function operandProblems({ name, operands }: Command, given: readonly string[]): string[] {
  const { name: what = '', least = 0, most = 0 } = operands ?? {};
  if (given.length < least) return [`slipway ${name} needs ${what}`];
  return given.slice(most).map(text => `slipway ${name} does not take ${quote(text)}`);
}

function usage({ name }: Command) {
  return (message: string) => ({ code: 'usage', message, remedy: `see slipway ${name} --help` }) as const;
}
