import { expect, it } from '@jest/globals';
import type { Exec, ExecOptions } from '@slipway/core';
import { findCredentials, helperEnvironment } from '../../src/http/credential-helper.ts';
import { knowCredentials } from '../../src/http/credentials.ts';
import { parseDockerConfig } from '../../src/http/docker-config.ts';

const ENVIRONMENT = {
  PATH: '/bin',
  HOME: '/h',
  DOCKER_CONFIG: '/d',
  AWS_REGION: 'x',
  AWS_SESSION_TOKEN: 'x',
  AWS_ENDPOINT_URL: 'x',
  AZURE_CLIENT_ID: 'x',
  CLOUDSDK_CONFIG: 'x',
  JFROG_TOKEN: 'x',
  DATABASE_PASSWORD: 'x',
  INPUT_TOKEN: 'x',
  SOPS_AGE_KEY: 'x',
  VAULT_TOKEN: 'x',
  ACTIONS_RUNTIME_TOKEN: 'x',
};
const secretNames = ['DATABASE_PASSWORD', 'AWS_SESSION_TOKEN'];

const given = (name: string) =>
  Object.keys(helperEnvironment(name, { environment: ENVIRONMENT, secretNames }).variables).toSorted();

it.each([
  ['ecr-login', ['AWS_REGION', 'DOCKER_CONFIG', 'HOME', 'PATH']],
  ['gcloud', ['CLOUDSDK_CONFIG', 'DOCKER_CONFIG', 'HOME', 'PATH']],
  ['acr-env', ['AZURE_CLIENT_ID', 'DOCKER_CONFIG', 'HOME', 'PATH']],
])('%s gets what logging in to its cloud needs, and nothing else', (name, expected) => {
  expect(given(name)).toEqual(expected);
});

it('a helper of no cloud gets what docker would give it, and nothing that secrets names, stores log in with or inputs hold', () => {
  expect(given('jfrog')).toEqual([
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AZURE_CLIENT_ID',
    'CLOUDSDK_CONFIG',
    'DOCKER_CONFIG',
    'HOME',
    'JFROG_TOKEN',
    'PATH',
  ]);
});

it('a helper that fails for want of a variable that secrets names is reported with its name', async () => {
  const config = parseDockerConfig('{"credHelpers":{"r.example":"ecr-login"}}', 'config.json');
  const started: ExecOptions[] = [];
  const exec: Exec = async (_command, _args, options = {}) => {
    started.push(options);
    return { exitCode: 1, stdout: '', stderr: '' };
  };
  const context = { exec, environment: ENVIRONMENT, secretNames };
  await expect(findCredentials(config, 'r.example', context)).rejects.toMatchObject({
    code: 'credential-helper-failed',
    message: expect.stringContaining('AWS_SESSION_TOKEN'),
  });
  expect(Object.keys(started[0]?.environment ?? {})).not.toContain('AWS_SESSION_TOKEN');
});

it('many requests that are refused at once ask the helper once more', async () => {
  const config = parseDockerConfig('{"credHelpers":{"r.example":"ecr-login"}}', 'config.json');
  let asked = 0;
  const exec: Exec = async () => {
    asked += 1;
    return { exitCode: 0, stdout: JSON.stringify({ Username: 'AWS', Secret: `${asked}` }), stderr: '' };
  };
  const known = knowCredentials(config, { exec });
  const first = await known.for('r.example');
  const renewed = await Promise.all([1, 2, 3, 4].map(() => known.after('r.example', first)));
  expect(renewed).toEqual(Array(4).fill({ username: 'AWS', password: '2' }));
  expect(asked).toBe(2);
});

it('a helper that fails when it is asked again leaves the login that it gave before', async () => {
  const config = parseDockerConfig('{"credHelpers":{"r.example":"ecr-login"}}', 'config.json');
  let asked = 0;
  const exec: Exec = async () => {
    asked += 1;
    const stdout = JSON.stringify({ Username: 'AWS', Secret: `${asked}` });
    return { exitCode: asked === 2 ? 1 : 0, stdout, stderr: '' };
  };
  const known = knowCredentials(config, { exec });
  const first = await known.for('r.example');
  expect(await Promise.all([1, 2].map(() => known.after('r.example', first)))).toEqual([first, first]);
  expect(await known.for('r.example')).toBe(first);
  expect(await known.after('r.example', first)).toEqual({ username: 'AWS', password: '3' });
});
