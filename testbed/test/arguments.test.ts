import { describe, expect, it } from '@jest/globals';
import { parseCommand, USAGE } from '../src/arguments.ts';

describe('the command line', () => {
  it('asks for the usage when it is empty', () => {
    expect(parseCommand([]).command).toBeUndefined();
    for (const option of ['--name', '--detach', '--parts', '--use-kubeconfig'])
      expect(USAGE).toContain(option);
  });

  it.each([[['--help']], [['-h']], [['up', '--help']]])(
    'asks for the usage with %j, and starts nothing',
    args => {
      expect(parseCommand(args).command).toBeUndefined();
    },
  );

  it('starts everything when nothing else is said', () => {
    const { command, options } = parseCommand(['up']);
    expect(command).toBe('up');
    expect(options).toMatchObject({
      name: 'default',
      detach: false,
      parts: ['cluster', 'registry', 'buildkit'],
      registryAuth: 'none',
      nodes: undefined,
      kubernetes: undefined,
    });
  });

  it('takes lists, numbers and switches', () => {
    const args = [
      'up',
      '--parts',
      'cluster, registry',
      '--nodes',
      '500',
      '--registry-auth',
      'token',
      '--detach',
    ];
    expect(parseCommand(args).options).toMatchObject({
      parts: ['cluster', 'registry'],
      nodes: 500,
      registryAuth: 'token',
      detach: true,
    });
  });

  it.each([
    [['rise'], '"rise" is not a valid command; use up, down, status, env, build'],
    [['up', '--parts', 'cluster,moon'], '"moon" is not a valid part; use cluster, registry, buildkit, node'],
    [['up', '--nodes', 'many'], '"many" is not a valid number of nodes; use 0 to 99999'],
    [['up', '--registry-auth', 'magic'], '"magic" is not a valid registry-auth; use none, basic, token'],
    [
      ['up', '--name', '../etc'],
      '"../etc" is not a valid name; use lower-case letters, digits and dashes, at most 40',
    ],
    [
      ['up', '--name', 'run-1'],
      '"run-1" is not a valid name; use lower-case letters, digits and dashes, at most 40',
    ],
  ])('refuses %j with a sentence that names what is valid', (args, message) => {
    expect(() => parseCommand(args)).toThrow(expect.objectContaining({ code: 'testbed-option', message }));
  });

  it('refuses an option that it does not have', () => {
    expect(() => parseCommand(['up', '--fast'])).toThrow(expect.objectContaining({ code: 'testbed-option' }));
  });
});
