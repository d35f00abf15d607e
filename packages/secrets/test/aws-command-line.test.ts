import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Exec, SlipwayError } from '@slipway/core';
import { exportedCredentials } from '../src/clouds/aws/aws-command-line.ts';

const CREDENTIALS = { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'a secret key' };
const PROFILE = { from: 'profile', name: 'shop' } as const;
const INSTANCE = { from: 'instance' } as const;
const EXPORT = ['configure', 'export-credentials', '--format', 'process'];
const FULL_URI = 'http://169.254.170.23/v1/credentials';

let folder: string;
let tools: string;
let workspace: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-aws-'));
  [tools, workspace, home] = [join(folder, 'tools'), join(folder, 'workspace'), join(folder, 'home')];
  for (const place of [tools, join(workspace, 'bin')]) {
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'aws'), '#!/bin/sh\n', { mode: 0o755 });
  }
  await Promise.all(['links', 'home'].map(name => mkdir(join(folder, name))));
  await symlink(join(workspace, 'bin', 'aws'), join(folder, 'links', 'aws'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A step whose program prints credentials, and what was started. */
function step(more: Readonly<Record<string, string>> = {}) {
  const started: unknown[] = [];
  const exec: Exec = async (command, args, options) => {
    started.push([command, args, options]);
    return { exitCode: 0, stdout: JSON.stringify({ Version: 1, ...CREDENTIALS }), stderr: '' };
  };
  const environment = {
    PATH: tools,
    HOME: home,
    HTTPS_PROXY: 'http://proxy:3128',
    AWS_ACCESS_KEY_ID: 'another key',
    AWS_SECRET_ACCESS_KEY: 'another secret',
    AWS_ENDPOINT_URL: 'https://a.example',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: FULL_URI,
    AWS_CONTAINER_PASSWORD: 'p@ss',
    ...more,
  };
  return { surroundings: { environment, exec, workspace }, started };
}

describe("the credentials of AWS's own program", () => {
  it('are those of a profile, and it gets nothing but what finding them needs', async () => {
    const { surroundings, started } = step();
    expect(await exportedCredentials(PROFILE, surroundings)).toEqual({
      accessKeyId: CREDENTIALS.AccessKeyId,
      secretAccessKey: CREDENTIALS.SecretAccessKey,
      sessionToken: '',
    });
    const environment = {
      PATH: tools,
      HTTPS_PROXY: 'http://proxy:3128',
      HOME: home,
      AWS_CONFIG_FILE: join(home, '.aws/config'),
      AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    };
    const args = [...EXPORT, '--profile', 'shop'];
    expect(started).toEqual([[join(tools, 'aws'), args, { cwd: '/', environment }]]);
  });

  it('are those of the machine, which is asked without a proxy', async () => {
    const { surroundings, started } = step();
    await exportedCredentials(INSTANCE, surroundings);
    const environment = {
      PATH: tools,
      HOME: '/nonexistent',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: FULL_URI,
    };
    expect(started).toEqual([[join(tools, 'aws'), EXPORT, { cwd: '/', environment }]]);
  });

  it('come from a program outside of the workspace, whatever PATH has before it', async () => {
    const inside = [join(workspace, 'bin'), relative(process.cwd(), tools), join(folder, 'links')];
    const { surroundings, started } = step({ PATH: [...inside, tools].join(':') });
    await exportedCredentials(INSTANCE, surroundings);
    expect(started).toMatchObject([[join(tools, 'aws'), EXPORT, {}]]);

    const only = step({ PATH: inside.join(':') });
    const exporting = exportedCredentials(INSTANCE, only.surroundings);
    await expect(exporting).rejects.toThrow(/needs the program "aws", which is not on the runner/);
    expect(only.started).toEqual([]);
  });

  it.each([
    ['AWS_CONFIG_FILE', '.aws/config'],
    ['AWS_SHARED_CREDENTIALS_FILE', 'credentials'],
    ['HOME', ''],
  ])('are not those of a profile in the workspace (%s)', async (name, file) => {
    const { surroundings, started } = step({ [name]: join(workspace, file) });
    const exporting = exportedCredentials(PROFILE, surroundings);
    await expect(exporting).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    expect(started).toEqual([]);
  });

  it('are those of files that a path with ~ names', async () => {
    const { surroundings, started } = step({ AWS_CONFIG_FILE: '~/profiles' });
    await exportedCredentials(PROFILE, surroundings);
    const environment = { AWS_CONFIG_FILE: join(home, 'profiles') };
    expect(started).toMatchObject([[join(tools, 'aws'), [...EXPORT, '--profile', 'shop'], { environment }]]);
  });

  it.each([
    ['finds nothing', async () => ({ exitCode: 255, stdout: '', stderr: 'p@ss' })],
    [
      'cannot be started',
      () => Promise.reject(new SlipwayError({ code: 'command-not-found', message: 'no such program' })),
    ],
  ] as const)('are missing if it %s', async (_name, exec) => {
    const exporting = exportedCredentials(INSTANCE, { ...step().surroundings, exec });
    await expect(exporting).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    await expect(exporting).rejects.not.toThrow(/p@ss/);
  });
});
