import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recipientsOfMessage } from '../src/sops/pgp-message.ts';
import { encryptSops, openSops, pathWithSops } from './open-sops.ts';

let folder: string;
let ring: string;
let own: string;
let other: string;

function gpg(args: readonly string[], input = ''): string {
  const all = ['--homedir', ring, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...args];
  return execFileSync('gpg', all, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] });
}

function makeKey(name: string): string {
  gpg(['--quick-generate-key', name, 'future-default', 'default', 'never']);
  return /^fpr:+([0-9A-F]{40}):/m.exec(gpg(['--with-colons', '--list-keys', name]))?.[1] ?? '';
}

const entryOf = (text: string) => JSON.parse(text).sops.pgp[0] as { fp: string; enc: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-pgp-'));
  ring = join(folder, 'ring');
  await mkdir(ring, { mode: 0o700 });
  own = makeKey('shop@acme.io');
  other = makeKey('other@acme.io');
  for (const [name, fingerprint] of [
    ['own.json', own],
    ['other.json', other],
  ] as const)
    await encryptSops(join(folder, name), '{"password": "p@ss"}', ['--pgp', fingerprint], {
      GNUPGHOME: ring,
    });
  await encryptSops(join(folder, 'own.env'), 'password=p@ss\n', ['--pgp', own], { GNUPGHOME: ring });
  await encryptSops(join(folder, 'own.yaml'), 'password: p@ss\n', ['--pgp', own], { GNUPGHOME: ring });
});

afterAll(async () => {
  execFileSync('gpgconf', ['--homedir', ring, '--kill', 'all']);
  await rm(folder, { recursive: true, force: true });
});

const step = (more: object = {}) => ({
  folder,
  lines: [`sops-pgp=${own}`],
  environment: { GNUPGHOME: ring },
  ...more,
});

describe('a SOPS file for a PGP key', () => {
  it('is opened with the key of its line, from the key ring of the runner', async () => {
    const { value, started } = await openSops(step(), 'own.json', 'password');
    expect(value).toBe('p@ss');
    const environment = { PATH: await pathWithSops(), GNUPGHOME: ring };
    expect(started).toEqual([
      expect.objectContaining({ command: expect.stringMatching(/\/gpg$/), environment }),
      expect.objectContaining({
        command: expect.stringMatching(/\/sops$/),
        environment: { ...environment, SOPS_DECRYPTION_ORDER: 'age' },
      }),
    ]);
  });

  it.each(['own.env', 'own.yaml'])('is opened in each format: %s', async file => {
    const { value, told } = await openSops(step(), file, 'password');
    expect(value).toBe('p@ss');
    expect(told).toEqual([`gpg is asked for keys of SOPS files as the key ring "${ring}"`]);
  });

  it('for another key of the ring is not', async () => {
    await expect(openSops(step(), 'other.json', 'password')).rejects.toMatchObject({
      code: 'sops-key-missing',
    });
  });

  it('whose message is for another key than it says is not', async () => {
    const { enc } = entryOf(await readFile(join(folder, 'other.json'), 'utf8'));
    const change = (text: string): string => {
      const file = JSON.parse(text);
      file.sops.pgp[0].enc = enc;
      return JSON.stringify(file);
    };
    const failure = openSops(step({ change }), 'own.json', 'password');
    await expect(failure).rejects.toMatchObject({ code: 'sops-identity-missing' });
    await expect(failure).rejects.toThrow(
      /no gpg with the secret PGP key.*, or the message in the file is for other keys too/,
    );
  });

  it('is not opened with a key ring of the repository', async () => {
    const failure = openSops(step({ workspace: folder }), 'own.json', 'password');
    await expect(failure).rejects.toMatchObject({ code: 'sops-identity-missing' });
  });
});

describe('the recipients of a message', () => {
  it('are told from its packets', async () => {
    const { enc } = entryOf(await readFile(join(folder, 'own.json'), 'utf8'));
    const ids = gpg(['--with-colons', '--list-keys', own]).match(/(?<=^sub:.:\d+:\d+:)[0-9A-F]{16}/gm);
    expect(recipientsOfMessage(enc)).toEqual(ids);
    const args = ['--armor', '--trust-model', 'always', '--encrypt', '-r', own, '-r', other];
    expect(recipientsOfMessage(gpg(args, 'x'))).toHaveLength(2);
  });

  it.each([
    ['hidden', ['--encrypt', '-R', 'shop@acme.io']],
    ['a password', ['--symmetric']],
    ['a password beside a key', ['--symmetric', '--encrypt', '-r', 'shop@acme.io']],
  ])('are not told if one is %s', (_name, args) => {
    const all = ['--passphrase', 'long', '--armor', '--trust-model', 'always', ...args];
    expect(recipientsOfMessage(gpg(all, 'x'))).toBeUndefined();
    expect(recipientsOfMessage('no message')).toBeUndefined();
  });
});
