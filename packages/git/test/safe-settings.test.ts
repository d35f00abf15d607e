import { describe, expect, it } from '@jest/globals';
import type { Exec, ExecOptions } from '@slipway/core';
import { openGit, withSafeGit } from '../src/index.ts';

/** What Git is started with for one command in the checkout /work. */
async function started(environment: Record<string, string> = {}) {
  const calls: { command: string; args: readonly string[]; environment: ExecOptions['environment'] }[] = [];
  const exec: Exec = async (command, args, options = {}) => {
    calls.push({ command, args, environment: options.environment });
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await openGit({ exec, checkout: '/work', environment }).read(['status']);
  const [call] = calls;
  if (call === undefined) throw new Error('nothing was started');
  return call;
}

describe('Git in a checkout', () => {
  it('is told which repository and which work tree, before all else', async () => {
    const { command, args } = await started();
    expect([command, ...args.slice(0, 2)]).toEqual(['git', '--git-dir=/work/.git', '--work-tree=/work']);
    expect(args.at(-1)).toBe('status');
    expect(args).not.toContain('-C');
  });

  it.each([
    'safe.bareRepository=explicit',
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.pager=cat',
    'log.showSignature=false',
    'protocol.ext.allow=never',
    'safe.directory=/work',
  ])('has the setting %s from the command line, which outweighs every file', async setting => {
    const { args } = await started();
    expect(args[args.indexOf(setting) - 1]).toBe('-c');
  });

  it('gets no variable that names another repository or a program, and no secret of the step', async () => {
    const dropped = {
      GIT_DIR: '/elsewhere',
      GIT_WORK_TREE: '/elsewhere',
      GIT_EXTERNAL_DIFF: 'program',
      GIT_EXEC_PATH: '/elsewhere',
      GIT_PAGER: 'program',
      GIT_ASKPASS: 'program',
      INPUT_TOKEN: 'secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
    };
    const kept = { PATH: '/bin', HOME: '/home/me', GIT_SSL_CAINFO: '/ca.pem', GIT_CONFIG_COUNT: '0' };
    const { environment = {} } = await started({ ...dropped, ...kept });
    expect(Object.keys(dropped).filter(name => name in environment)).toEqual([]);
    expect(environment).toMatchObject({ ...kept, GIT_TERMINAL_PROMPT: '0', GIT_LITERAL_PATHSPECS: '1' });
  });

  it.each([
    ['HOME', '/work', true],
    ['HOME', '/work/home', true],
    ['XDG_CONFIG_HOME', '/work/.config', true],
    ['GIT_CONFIG_GLOBAL', '/work/gitconfig', true],
    ['HOME', '/workspace', false],
    ['HOME', '/', false],
    ['XDG_CONFIG_HOME', '', false],
  ])(
    "does not read the user's configuration where a commit can write it: %s=%s",
    async (name, value, isLeft) => {
      const { environment = {} } = await started({ [name]: value });
      expect(environment['GIT_CONFIG_GLOBAL'] === '/dev/null').toBe(isLeft);
    },
  );
});

describe('a program that starts Git by itself', () => {
  it('gets the settings after those that are there already', () => {
    const given = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.proxy', GIT_CONFIG_VALUE_0: 'p', A: 'b' };
    expect(withSafeGit(given)).toEqual({
      ...given,
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_1: 'safe.bareRepository',
      GIT_CONFIG_VALUE_1: 'explicit',
      GIT_CONFIG_KEY_2: 'core.fsmonitor',
      GIT_CONFIG_VALUE_2: 'false',
      GIT_CONFIG_KEY_3: 'core.hooksPath',
      GIT_CONFIG_VALUE_3: '/dev/null',
    });
  });

  it.each(['', 'none', undefined])('gets them where GIT_CONFIG_COUNT is %s', count => {
    expect(withSafeGit({ GIT_CONFIG_COUNT: count })).toMatchObject({
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'safe.bareRepository',
    });
  });
});
