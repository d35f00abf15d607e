import { HELP } from './arguments.ts';
import type { Command, Flag } from './command.ts';

const DOCUMENTATION = 'https://github.com/slipway-dev/slipway/blob/main/docs/cli.md';

/** What `slipway --help` shows. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'Usage: slipway <command> [flags]',
    '',
    'Runs on your machine what the actions run on GitHub, and writes to no cluster but by setup --apply and doctor --try-network.',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Flags:',
    ...columns([
      ['--help', 'shows this, and what a command takes: slipway <command> --help'],
      ['--version', 'shows the version'],
    ]),
    '',
    'Exit codes: 0 as it should be, 1 something was found or refused, 2 the command line or a file is wrong.',
    `More: ${DOCUMENTATION}`,
  ].join('\n');
}

/** What `slipway <command> --help` shows. */
export function commandHelp({ name, summary, operands, flags, example, failsWhen }: Command): string {
  const rows = Object.entries({ ...flags, help: HELP }).map(([flag, about]): [string, string] => [
    written(flag, about),
    about.help,
  ]);
  return [
    `Usage: slipway ${name} [flags]${operands === undefined ? '' : ` ${shape(operands)}`}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    'Flags:',
    ...columns(rows),
    '',
    'Example:',
    `  ${example.line}`,
    `  ${example.does}`,
    '',
    `Exit code 1: ${failsWhen}.`,
  ].join('\n');
}

function written(flag: string, { value, isList }: Flag): string {
  return `--${flag}${value === undefined ? '' : ` ${value}`}${isList === true ? ' …' : ''}`;
}

function shape({ name, least, most }: NonNullable<Command['operands']>): string {
  const several = most > 1 ? `${name} …` : name;
  return least === 0 ? `[${several}]` : several;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
