import { describe, expect, it } from '@jest/globals';
import type { ExecOptions } from '@slipway/core';
import { dockerConfigDirectory, parseDockerConfig } from '@slipway/registry';
import { thrownBy } from '@slipway/testkit/errors';
import { findCredentials } from '../../src/http/credential-helper.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const parse = (config: unknown) => parseDockerConfig(JSON.stringify(config), 'config.json');

describe("docker's config", () => {
  it('has logins under hosts, with and without scheme, and under the old name of Docker Hub', () => {
    const { logins } = parse({
      auths: {
        'ghcr.io': { auth: base64('octo:cat:dog') },
        'https://registry.example:5000/v2/': { username: 'user', password: 'word' },
        'https://index.docker.io/v1/': { auth: base64('whale:blue') },
        'token.example': { auth: '', identitytoken: 'long' },
        'in-the-store.example': {},
      },
    });
    expect([...logins]).toEqual([
      ['ghcr.io', { username: 'octo', password: 'cat:dog' }],
      ['registry.example:5000', { username: 'user', password: 'word' }],
      ['docker.io', { username: 'whale', password: 'blue' }],
      ['token.example', { identityToken: 'long' }],
    ]);
  });

  it.each([
    ['is not JSON', '{"auths": {"ghcr.io": {"auth": "secret'],
    ['is a list', '[]'],
    ['holds a login without a colon', JSON.stringify({ auths: { 'ghcr.io': { auth: base64('secret') } } })],
  ])('that %s is refused without repeating it', (_case, text) => {
    const error = thrownBy(() => parseDockerConfig(text, 'config.json'));
    expect(error.code).toBe('docker-config-invalid');
    expect(error.message).not.toContain('secret');
  });

  it('is where DOCKER_CONFIG says, else in the home folder', () => {
    expect(dockerConfigDirectory({ DOCKER_CONFIG: '/etc/docker', HOME: '/home/me' })).toBe('/etc/docker');
    expect(dockerConfigDirectory({ HOME: '/home/me' })).toBe('/home/me/.docker');
  });
});

describe('a login', () => {
  const asked: string[] = [];
  const helper =
    (answers: Record<string, string>) =>
    async (command: string, _args: unknown, { input = '' }: ExecOptions = {}) => {
      asked.push(`${command} ${input}`);
      const stdout = answers[input];
      return stdout === undefined
        ? { exitCode: 1, stdout: 'not found', stderr: '' }
        : { exitCode: 0, stdout, stderr: '' };
    };

  it('comes from the helper of its registry before all else', async () => {
    const config = parse({ auths: { 'ghcr.io': { auth: base64('a:b') } }, credHelpers: { 'ghcr.io': 'gh' } });
    const exec = helper({ 'ghcr.io': JSON.stringify({ Username: 'from', Secret: 'helper' }) });
    expect(await findCredentials(config, 'ghcr.io', { exec })).toEqual({
      username: 'from',
      password: 'helper',
    });
    expect(asked).toEqual(['docker-credential-gh ghcr.io']);
  });

  it('may be an identity token', async () => {
    const exec = helper({
      'https://index.docker.io/v1/': JSON.stringify({ Username: '<token>', Secret: 'long' }),
    });
    expect(await findCredentials(parse({ credsStore: 'desktop' }), 'docker.io', { exec })).toEqual({
      identityToken: 'long',
    });
  });

  it('that the store does not know is missing', async () => {
    expect(
      await findCredentials(parse({ credsStore: 'desktop' }), 'ghcr.io', { exec: helper({}) }),
    ).toBeUndefined();
  });

  it('that its own helper does not give is an error', async () => {
    const found = findCredentials(parse({ credHelpers: { 'ghcr.io': 'gh' } }), 'ghcr.io', {
      exec: helper({}),
    });
    await expect(found).rejects.toMatchObject({ code: 'credential-helper-failed' });
  });

  it('is not asked of a program with a path in its name', async () => {
    const found = findCredentials(parse({ credHelpers: { 'ghcr.io': '../../bin/sh' } }), 'ghcr.io', {
      exec: helper({}),
    });
    await expect(found).rejects.toMatchObject({ code: 'credential-helper-failed' });
  });
});
