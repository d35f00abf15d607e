import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exec } from '@slipway/core';
import { type ReferenceTo, sopsStore } from '@slipway/secrets';
import { toolPath } from '@slipway/testbed';
import { parseAgeKeys } from '../src/sops/age-keys.ts';
import type { SopsAccess } from '../src/sops/open-keys.ts';
import { recordingExec } from './exec.ts';
import { pathWithSops } from './open-sops.ts';

const PASSWORD = 'p@ss: "wörd"';
const BINARY = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a, 0x41]);
const PLAIN: Readonly<Record<string, string | Buffer>> = {
  'shop.yaml': `# the shop's\ndatabase:\n  password: '${PASSWORD}'\n  pin: 9007199254740993\n  nothing: null\n  empty: ""\ntls: {tls.key: "one\\ntwo\\n"}\nlist: [a, b]\n`,
  'shop.json': '{"database": {"password": "json", "ratio": 1.0}}\n',
  'shop.env': 'PASSWORD=dotenv\n# a comment\nOTHER=x y\n',
  'licence.bin': BINARY,
  'notes.txt': 'first\nsecond\n',
};

let sops: string;
let programs: string;
let folder: string;
let key: string;
let recipient: string;

beforeAll(async () => {
  sops = await toolPath('sops');
  programs = await pathWithSops();
  const keygen = await toolPath('age-keygen');
  folder = await mkdtemp(join(tmpdir(), 'slipway-sops-'));
  key = execFileSync(keygen, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  recipient = /public key: (\S+)/.exec(key)?.[1] ?? '';
  for (const [name, content] of Object.entries(PLAIN)) await encrypt(name, content);
  // What a stranger could leave in a repository: sops would refuse to start with it.
  await writeFile(join(folder, '.sops.yaml'), 'stores: [this, is, broken');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function encrypt(name: string, content: string | Buffer): Promise<void> {
  await writeFile(join(folder, name), content);
  const args = ['--config', '/dev/null', 'encrypt', '--age', recipient, '--in-place', name];
  execFileSync(sops, args, { cwd: folder });
}

/** A step that has age keys and nothing else. */
function ageAccess(text: string): SopsAccess {
  return {
    age: { keys: parseAgeKeys(text) },
    isListed: () => false,
    identityOf: async () => undefined,
    honestKeys: async () => new Set(),
  };
}

interface Opening {
  readonly ageKeys?: string;
  readonly exec?: Exec;
  readonly path?: string;
  readonly change?: (text: string) => string;
}

async function read(file: string, path?: ReferenceTo<'sops'>['key'], opening: Opening = {}): Promise<Buffer> {
  const { change = text => text } = opening;
  const store = sopsStore({
    readFile: name =>
      readFile(join(folder, name)).then(
        bytes => Buffer.from(change(bytes.toString('utf8'))),
        () => undefined,
      ),
    exec: opening.exec ?? recordingExec().exec,
    environment: { PATH: opening.path ?? programs },
    workspace: '/nonexistent',
    access: () => ageAccess(opening.ageKeys ?? key),
    patience: 30_000,
  });
  const reference = { from: 'sops' as const, file, ...(path === undefined ? {} : { key: path }) };
  return Buffer.from(await store.read(reference));
}

describe('the version of a secret in a SOPS file', () => {
  const versionsOf = async (file: string, keys: readonly (string | undefined)[]) => {
    const store = sopsStore({
      readFile: name => readFile(join(folder, name)),
      exec: recordingExec().exec,
      environment: { PATH: programs },
      workspace: '/nonexistent',
      access: () => ageAccess(key),
      patience: 30_000,
    });
    const references = keys.map(name => ({
      ...{ from: 'sops' as const, file },
      ...(name === undefined ? {} : { key: name }),
    }));
    return await Promise.all(references.map(reference => store.versionOf?.(reference)));
  };

  it.each(['versions.yaml', 'versions.json', 'versions.env'])(
    'changes with the value and not with its neighbours: %s',
    async file => {
      const plain = file.endsWith('.env') ? 'ONE=first\nTWO=second\n' : '{"ONE": "first", "TWO": "second"}';
      await encrypt(file, plain);
      const keys = ['ONE', 'TWO', undefined];
      const before = await versionsOf(file, keys);
      for (const version of before)
        expect(version).toEqual({
          id: expect.stringMatching(/^[0-9a-f]{12}$/),
          since: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:]+Z$/),
        });
      execFileSync(sops, ['--config', '/dev/null', 'set', file, '["TWO"]', '"third"'], {
        ...{ cwd: folder, env: { ...process.env, SOPS_AGE_KEY: key } },
      });
      const after = await versionsOf(file, keys);
      const isSame = after.map((version, index) => version?.id === before[index]?.id);
      expect(isSame).toEqual([true, false, false]);
    },
  );

  it('is one of the whole file where it is binary', async () => {
    const [version] = await versionsOf('licence.bin', [undefined]);
    expect(version?.id).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('a secret in a SOPS file', () => {
  it.each([
    ['shop.yaml', 'database.password', PASSWORD],
    ['shop.yaml', 'database.pin', '9007199254740993'],
    ['shop.yaml', ['tls', 'tls.key'], 'one\ntwo\n'],
    ['shop.yaml', 'list.1', 'b'],
    ['shop.json', 'database.password', 'json'],
    ['shop.env', 'PASSWORD', 'dotenv'],
    ['shop.env', undefined, 'PASSWORD=dotenv\n# a comment\nOTHER=x y\n'],
    ['notes.txt', undefined, 'first\nsecond\n'],
  ])('in %s at %s is read', async (file, path, expected) => {
    expect((await read(file, path)).toString()).toBe(expected);
  });

  it('that is a binary file comes byte by byte', async () => {
    expect(await read('licence.bin')).toEqual(BINARY);
  });

  it('is decrypted once for all of its keys, with an environment of its own and no key among the arguments', async () => {
    const { exec, started } = recordingExec();
    const store = sopsStore({
      readFile: name => readFile(join(folder, name)),
      exec,
      workspace: '/nonexistent',
      environment: { PATH: programs, AWS_ACCESS_KEY_ID: 'other', HTTPS_PROXY: 'http://proxy' },
      access: () => ageAccess(key),
      patience: 30_000,
    });
    const from = 'sops' as const;
    await Promise.all([
      store.read({ from, file: 'shop.yaml', key: 'database.password' }),
      store.read({ from, file: 'shop.yaml', key: 'database.pin' }),
    ]);
    const identity = key.split('\n').find(line => line.startsWith('AGE-SECRET-KEY-')) ?? 'none';
    expect(started).toEqual([
      {
        command: sops,
        args: ['--config', '/dev/null', 'decrypt', '--input-type', 'yaml', '--output-type', 'json'],
        environment: {
          PATH: programs,
          HOME: '/nonexistent',
          SOPS_AGE_KEY: identity,
          SOPS_DECRYPTION_ORDER: 'age',
        },
      },
    ]);
  });
});

describe('a SOPS file that cannot be opened says why', () => {
  const other = () =>
    execFileSync(join(sops, '..', 'age-keygen'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const swapValues = (text: string): string => {
    const [, first = '', second = ''] = /data": "(ENC\[.*?\])".*"(ENC\[.*?\])"/s.exec(text) ?? [];
    return text.replace(first, second);
  };

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'no sops',
      () => read('shop.yaml', 'list.0', { path: '/nonexistent' }),
      'sops-not-installed',
      /install sops/,
    ],
    [
      'another key',
      () => read('shop.yaml', 'list.0', { ageKeys: other() }),
      'sops-key-missing',
      /encrypted for "age1.*updatekeys/,
    ],
    [
      'an invalid identity',
      () => read('shop.yaml', 'list.0', { ageKeys: 'hunter2' }),
      'sops-key-invalid',
      /^(?!.*hunter2)/,
    ],
    [
      'a value that was removed',
      () => read('shop.yaml', 'list.0', { change: text => text.replace(/ {4}pin: .*\n/, '') }),
      'sops-changed',
      /MAC does not fit/,
    ],
    [
      'a value that was cut',
      () =>
        read('shop.yaml', 'list.0', {
          change: text => text.replace(/(password: ENC\[AES256_GCM,data:)../, '$1'),
        }),
      'sops-changed',
      /changed after it was encrypted/,
    ],
    [
      'a binary file with another MAC',
      () => read('licence.bin', undefined, { change: swapValues }),
      'sops-changed',
      /restore it from Git/,
    ],
    ['no such file', () => read('nothing.yaml', 'a'), 'sops-file-invalid', /there is no file "nothing.yaml"/],
    [
      'no such key',
      () => read('shop.yaml', 'database.pasword'),
      'secret-missing',
      /has no "database.pasword"; did you mean "password"\?/,
    ],
    [
      'a map',
      () => read('shop.yaml', 'database'),
      'secret-missing',
      /name one of its keys: password, pin, nothing, empty/,
    ],
    ['null', () => read('shop.yaml', 'database.nothing'), 'secret-missing', /has no "database.nothing"/],
    [
      'an empty value',
      () => read('shop.yaml', 'database.empty'),
      'secret-missing',
      /has no "database.empty"/,
    ],
    [
      'broken YAML',
      () => read('shop.yaml', 'a', { change: text => `${text}\n\t- x: [` }),
      'yaml-syntax',
      /shop.yaml/,
    ],
  ])('%s', async (_name, work, code, message) => {
    const failure = work();
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/p@ss|AGE-SECRET-KEY-1Q?[0-9A-Z]{4}/);
  });

  it('asks no server that the file names: keys of other kinds are not handed to sops', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const key = {
      engine_path: 'transit',
      key_name: 'a',
      created_at: '2026-01-01T00:00:00Z',
      enc: 'vault:v1:AAAA',
    };
    const entry = JSON.stringify([{ vault_address: address, ...key }]);
    const change = (text: string): string => text.replace('"age": [', `"hc_vault": ${entry},\n"age": [`);
    try {
      // The control: with the file as it is, sops does ask.
      await decryptAsItIs(change(await readFile(join(folder, 'shop.json'), 'utf8')));
      expect(asked).toBeGreaterThan(0);
      asked = 0;
      expect((await read('shop.json', 'database.password', { change })).toString()).toBe('json');
      await expect(read('shop.json', 'database.ratio', { change, ageKeys: other() })).rejects.toMatchObject({
        code: 'sops-key-missing',
      });
      expect(asked).toBe(0);
    } finally {
      server.close();
    }
  });

  async function decryptAsItIs(input: string): Promise<void> {
    const env = { VAULT_TOKEN: 'x', HOME: '/nonexistent' };
    const args = ['decrypt', '--input-type', 'json'];
    const child = spawn(sops, args, { cwd: '/', env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end(input);
    await once(child, 'close');
  }
});
