import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSops } from '../src/sops/run-sops.ts';
import { parseSopsFile } from '../src/sops/sops-file.ts';

const opened = {
  file: parseSopsFile('{"a": "ENC[a]", "sops": {"mac": "ENC[m]"}}', 'secrets/a.json'),
  text: '{}',
  keys: [{ word: 'sops-transit' as const, name: 'transit/shop', entry: {} }],
  variables: {},
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-sops-'));
  await writeFile(join(folder, 'sops'), '#!/bin/sh\n');
  await chmod(join(folder, 'sops'), 0o755);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const program = (workspace = '/nonexistent') => ({ environment: { PATH: folder }, workspace });

describe('sops', () => {
  it('is given up if the service of a key never answers', async () => {
    const exec = () => new Promise<never>(() => {});
    const failure = runSops(opened, 'json', { exec, ...program(), patience: 10 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-unanswered' });
    await expect(failure).rejects.toThrow(/waiting for the service of a key of "secrets\/a.json"/);
  });

  it('never has what it says repeated', async () => {
    const exec = async () => ({ exitCode: 128, stdout: 'hunter2', stderr: 'hunter2 hunter3' });
    const failure = runSops(opened, 'json', { exec, ...program(), patience: 10_000 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-failed' });
    await expect(failure).rejects.not.toThrow(/hunter/);
  });

  it.each([
    ['* invalid token', /^the credentials of the step are not accepted/],
    [
      'ciphertext or signature version is disallowed by policy (too old)',
      /^the version of the key .* may not be used any more/,
    ],
  ])('has what Vault says of a key told in words of our own: %s', async (said, message) => {
    const exec = async () => ({ exitCode: 128, stdout: '', stderr: `Code: 403. Errors:\n\n* ${said}` });
    const failure = runSops(opened, 'json', { exec, ...program(), patience: 10_000 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-key-refused' });
    await expect(failure).rejects.toThrow(message);
  });

  it('is not taken from the workspace, where a commit could have brought it', async () => {
    const started: string[] = [];
    const exec = async (command: string) => {
      started.push(command);
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const failure = runSops(opened, 'json', { exec, ...program(folder), patience: 10_000 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-not-installed' });
    await runSops(opened, 'json', { exec, ...program(), patience: 10_000 });
    expect(started).toEqual([join(folder, 'sops')]);
  });
});
