import { describe, expect, it } from '@jest/globals';
import { SLIPWAY_VERSION } from '@slipway/core';
import { parseArguments } from '../src/command-line/arguments.ts';
import type { Command } from '../src/command-line/command.ts';
import { COMMANDS } from '../src/commands/commands.ts';
import type { Machine } from '../src/machine/machine.ts';
import { runProgram } from '../src/run-program.ts';
import { say } from '../src/tell/say.ts';
import { machineIn } from './support/machine.ts';

async function run(...args: string[]) {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const exitCode = await runProgram(args, machineIn('/nowhere', { printed, complaints }));
  return { exitCode, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

describe('the program', () => {
  it('says its version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, printed: SLIPWAY_VERSION, complaints: '' });
  });

  it('lists its commands when it is asked, and as an error when it is called without one', async () => {
    const { printed } = await run('--help');
    for (const { name, summary } of COMMANDS)
      expect(printed).toMatch(new RegExp(`^  ${name} +${summary}`, 'm'));
    expect(await run()).toEqual({ exitCode: 2, printed: '', complaints: printed });
  });

  it.each(COMMANDS.map(({ name }) => name))('explains a command with an example: %s', async name => {
    const { exitCode, printed } = await run(name, '--help');
    expect(exitCode).toBe(0);
    expect(printed).toMatch(new RegExp(`^Example:\n {2}slipway ${name}\\b`, 'm'));
    expect(printed).toMatch(/^Exit code 1: /m);
  });

  it.each(COMMANDS)('runs its own examples as far as the command line goes: $name', command => {
    const [, , ...args] = command.example.line.split(' ');
    expect(() => parseArguments(command, args)).not.toThrow();
  });

  it('guesses a misspelt command', async () => {
    expect(await run('workflow')).toEqual({
      exitCode: 2,
      printed: '',
      complaints: 'error: slipway has no command "workflow"; did you mean "workflows"? (usage)',
    });
  });
});

const COMMAND: Command = {
  name: 'show',
  summary: 'shows',
  operands: { name: '<file>', least: 1, most: 2 },
  flags: { json: { help: 'JSON' }, set: { value: '<word>', isList: true, help: 'sets' } },
  example: { line: 'slipway show a', does: 'shows' },
  failsWhen: 'never',
  load: () => Promise.reject(new Error('it is not run')),
};

describe('a command line', () => {
  it('has flags anywhere, values behind a space or =, and lists by commas or again', () => {
    const given = parseArguments(COMMAND, ['a', '--set', 'x,y', '--json', '--set=z', 'b']);
    expect(given.operands).toEqual(['a', 'b']);
    expect([given.has('json'), given.list('set'), given.text('set')]).toEqual([true, ['x', 'y', 'z'], 'z']);
  });

  it.each([',', 'x,', ',x', 'x, ,y'])('has no empty value in a list: %j', text => {
    expect(() => parseArguments(COMMAND, ['a', '--set', text]).list('set')).toThrow(
      `the flag "--set" has an empty value in "${text}"; see slipway show --help`,
    );
  });

  it('takes what is behind -- for no flag', () => {
    expect(parseArguments(COMMAND, ['--', '--json']).operands).toEqual(['--json']);
  });

  const wrong: Readonly<Record<string, readonly [readonly string[], string]>> = {
    'a flag that does not exist': [
      ['a', '--jsno'],
      'slipway show has no flag "--jsno": did you mean "--json"?',
    ],
    'a flag whose name every object has': [
      ['a', '--constructor'],
      'slipway show has no flag "--constructor"',
    ],
    'the name of the prototype of every object': [
      ['a', '--__proto__'],
      'slipway show has no flag "--__proto__"',
    ],
    'a short flag': [['a', '-j'], 'slipway show has no flag "-j"'],
    'a flag without its value': [['a', '--set'], 'the flag "--set" needs a value: <word>'],
    'an empty value': [['a', '--set='], 'the flag "--set" needs a value: <word>'],
    'a flag in the place of a value': [['a', '--set', '--json'], 'the flag "--set" needs a value: <word>'],
    'a value that is not taken': [['a', '--json=yes'], 'the flag "--json" takes no value'],
    'too little': [[], 'slipway show needs <file>'],
    'too much': [['a', 'b', 'c'], 'slipway show does not take "c"'],
  };

  it.each(Object.entries(wrong))('is refused for %s', (_name, [args, message]) => {
    expect(() => parseArguments(COMMAND, args)).toThrow(message);
  });

  it('is refused for all that is wrong with it at once', () => {
    expect(() => parseArguments(COMMAND, ['--jsno', '--set'])).toThrow(
      expect.objectContaining({ problems: [expect.anything(), expect.anything(), expect.anything()] }),
    );
  });
});

describe('a line', () => {
  function written(text: string, isColoured: boolean): string {
    const lines: string[] = [];
    const screen: Machine['output'] = { isColoured, write: line => void lines.push(line) };
    say(screen, text, 'error');
    return lines.join('\n');
  }

  it('has a colour on a terminal only', () => {
    expect(written('wrong', false)).toBe('wrong');
    expect(written('wrong', true)).toBe('\u001b[31mwrong\u001b[39m');
  });

  it('shows the codes of a terminal that a name has, and does not send them', () => {
    expect(written('a\u001b[2J\u009bb\rc', false)).toBe('a\\x1b[2J\\x9bb\\x0dc');
  });
});
