import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { encryptSops, openSops } from './open-sops.ts';

let folder: string;
let quantumKey: string;

const CONTENT = '{"password": "p@ss"}';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-age-'));
  quantumKey = execFileSync(await toolPath('age-keygen'), ['-pq'], { encoding: 'utf8', stdio: 'pipe' });
  const recipient = /public key: (\S+)/.exec(quantumKey)?.[1] ?? '';
  await encryptSops(join(folder, 'quantum.json'), CONTENT, ['--age', recipient]);
  for (const type of ['ed25519', 'rsa']) {
    const key = join(folder, type);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', key]);
    const recipient = (await readFile(`${key}.pub`, 'utf8')).trim();
    await encryptSops(join(folder, `${type}.json`), CONTENT, ['--age', recipient]);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a SOPS file for a key of age', () => {
  it('of the kind that quantum computers do not break is opened', async () => {
    const environment = { SOPS_AGE_KEY: quantumKey };
    const { value } = await openSops({ folder, lines: [], environment }, 'quantum.json', 'password');
    expect(value).toBe('p@ss');
  });

  it.each(['ed25519', 'rsa'])(
    'that is an SSH key of type %s is opened, and the key is masked',
    async type => {
      const key = await readFile(join(folder, type), 'utf8');
      const environment = { SOPS_AGE_SSH_PRIVATE_KEY: key.replaceAll('\n', '\r\n') };
      const step = { folder, lines: [], environment };
      const { value, started, masked } = await openSops(step, `${type}.json`, 'password');
      expect(value).toBe('p@ss');
      expect(masked).toEqual(expect.arrayContaining(key.trim().split('\n')));
      const command = started.flatMap(({ args }) => args).join(' ');
      expect(command).not.toContain('PRIVATE KEY');
    },
  );

  it('that is an SSH key is not opened with a key of age', async () => {
    const environment = { SOPS_AGE_KEY: quantumKey };
    const failure = openSops({ folder, lines: [], environment }, 'ed25519.json', 'password');
    await expect(failure).rejects.toMatchObject({ code: 'sops-key-missing' });
    await expect(failure).rejects.toThrow(/SOPS_AGE_SSH_PRIVATE_KEY for an SSH key/);
  });

  it('that is an SSH key with a passphrase is not opened', async () => {
    const path = join(folder, 'locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'long passphrase', '-C', '', '-f', path]);
    const environment = { SOPS_AGE_SSH_PRIVATE_KEY: await readFile(path, 'utf8') };
    const failure = openSops({ folder, lines: [], environment }, 'ed25519.json', 'password');
    await expect(failure).rejects.toMatchObject({ code: 'sops-key-missing' });
  });
});
