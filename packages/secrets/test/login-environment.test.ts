import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exec, SecretReference } from '@slipway/core';
import {
  openStores,
  parseAllowances,
  readStoreSettings,
  type SecretStores,
  storesOf,
} from '@slipway/secrets';

const TRANSIT = 'sops-transit=transit/shop';
const VAULT = { 'vault-address': 'https://vault.example' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';

let folder: string;
let tools: string;
let workspace: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-login-'));
  [tools, workspace] = [join(folder, 'tools'), join(folder, 'workspace')];
  for (const place of [tools, join(workspace, 'bin')]) {
    await mkdir(place, { recursive: true });
    for (const name of ['sops', 'gpg', 'aws', 'az', 'gcloud']) {
      await writeFile(join(place, name), '#!/bin/sh\n');
      await chmod(join(place, name), 0o755);
    }
  }
  await symlink(join(workspace, 'bin'), join(folder, 'link'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Step {
  readonly lines: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly file?: string;
}

/** The stores of a step, with what was wrong with its inputs, what it told and what it started. */
async function step({ lines, environment = {}, inputs = {}, file = '' }: Step) {
  const [problems, told] = [[] as string[], [] as string[]];
  const started: { command: string; environment: Readonly<Record<string, string | undefined>> }[] = [];
  const exec: Exec = async (command, _args, { environment: given = {} } = {}) => {
    started.push({ command, environment: given });
    return { exitCode: 1, stdout: '', stderr: '' };
  };
  const tell = (message: string) => void told.push(message);
  const all = { PATH: tools, HOME: join(folder, 'home'), ...environment };
  const allowances = parseAllowances(lines);
  const settings = readStoreSettings(
    {
      environment: all,
      allowances,
      text: input => inputs[input] ?? '',
      problem: (input, message) => void problems.push(`${input} ${message}`),
      parse: (_input, parse) => parse(),
    },
    storesOf(allowances),
  );
  const stores = await openStores(
    {
      ...{ environment: all, allowances, exec, workspace },
      readFile: async () => Buffer.from(file),
      idToken: () => Promise.reject(new Error('no identity token is expected')),
      mask: () => {},
      logger: { info: tell, warning: tell },
      signal: AbortSignal.timeout(30_000),
    },
    settings,
  );
  return { problems, told, started, stores };
}

async function read(stores: SecretStores, reference: SecretReference): Promise<Uint8Array | undefined> {
  return await stores[reference.from]?.read(reference as never);
}

describe('a variable that an env= line names', () => {
  it('is what the entry of the config reads', async () => {
    const { stores } = await step({ lines: ['env=A'], environment: { A: 'one', B: 'two' } });
    expect(Buffer.from((await read(stores, { from: 'env', name: 'A' })) ?? '').toString()).toBe('one');
    await expect(read(stores, { from: 'env', name: 'B' })).rejects.toMatchObject({ code: 'secret-missing' });
  });

  it.each([
    ['vault', 'vault=kv/shop/*', VAULT, { VAULT_TOKEN: 'hvs.x' }],
    ['vault', 'vault=kv/shop/*', VAULT, { VAULT_SECRET_ID: 'x', VAULT_ROLE_ID: 'y' }],
    ['sops', 'sops=secrets/*', {}, { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1A' }],
    ['sops', 'sops=secrets/*', {}, { SOPS_AGE_SSH_PRIVATE_KEY: 'x' }],
    ['aws', 'aws=111122223333/eu-central-1/a', {}, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' }],
    ['gcp', 'gcp=shop-production/a', {}, { GOOGLE_OAUTH_ACCESS_TOKEN: 'x' }],
  ] as const)('logs in to no store (%s), and that is said', async (_store, line, inputs, environment) => {
    const [name = ''] = Object.keys(environment);
    expect((await step({ lines: [line], inputs, environment })).problems).toEqual([]);
    const { problems } = await step({ lines: [line, `env=${name}`], inputs, environment });
    expect(problems).toEqual([
      expect.stringContaining(`(${name} is not used, because an "env=" line of "secrets" makes it a secret`),
    ]);
  });

  it('logs in neither to Vault nor to its keys for SOPS files', async () => {
    const environment = { VAULT_TOKEN: 'hvs.x' };
    const lines = ['vault=kv/*', 'sops=a/*', TRANSIT, 'env=VAULT_TOKEN'];
    const entry = { vault_address: 'https://vault.example', engine_path: 'transit', key_name: 'shop' };
    const file = JSON.stringify({ a: 'ENC[a]', sops: { hc_vault: [{ ...entry, enc: 'x' }], mac: 'ENC[m]' } });
    const { stores } = await step({ lines, inputs: VAULT, environment, file });
    expect(stores.vault).toBeUndefined();
    const reading = read(stores, { from: 'sops', file: 'a/b.json', key: 'a' });
    await expect(reading).rejects.toMatchObject({ code: 'sops-identity-missing' });
  });
});

describe('a program that a store starts', () => {
  const file = JSON.stringify({
    a: 'ENC[a]',
    sops: { age: [{ recipient: 'age1a', enc: 'x' }], mac: 'ENC[m]' },
  });
  const sops = { from: 'sops', file: 'a.json', key: 'a' } as const;

  it.each<[string, string, Partial<Step>, SecretReference]>([
    ['sops', 'sops=a.json', { environment: { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1A' }, file }, sops],
    [
      'aws',
      'aws=111122223333/eu-central-1/a',
      { inputs: { 'cloud-identity': 'instance' } },
      { from: 'aws', path: '111122223333/eu-central-1/a' },
    ],
    [
      'gcloud',
      'gcp=shop-production/a',
      { inputs: { 'cloud-identity': 'profile:shop' } },
      { from: 'gcp', path: 'shop-production/a' },
    ],
  ])(
    '(%s) is not of the workspace, and finds no other program there',
    async (name, line, more, reference) => {
      const inside = [join(workspace, 'bin'), join(folder, 'link'), relative(process.cwd(), tools), ''];
      const environment = { ...more.environment, PATH: [...inside, tools].join(delimiter), OTHER: 'x' };
      const { stores, started } = await step({ lines: [line, 'env=OTHER'], ...more, environment });
      await expect(read(stores, reference)).rejects.toThrow();
      expect(started.map(({ command }) => command)).toEqual([join(tools, name)]);
      expect(started[0]?.environment).toMatchObject({ PATH: tools });
      expect(Object.keys(started[0]?.environment ?? {})).not.toContain('OTHER');

      const only = { ...environment, PATH: inside.join(delimiter) };
      const none = await step({ lines: [line], ...more, environment: only });
      await expect(read(none.stores, reference)).rejects.toThrow(/is not on the runner/);
      expect(none.started).toEqual([]);
    },
  );
});

describe('what a step says without effect', () => {
  it.each([
    [
      'aws=111122223333/eu-central-1/a',
      { AWS_ENDPOINT_URL: 'x', AWS_ENDPOINT_URL_STS: 'y' },
      'AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS of the environment are ignored: only the input "aws-endpoint"',
    ],
    [
      `sops-kms=${KEY} context=a:b`,
      { AWS_ENDPOINT_URL_KMS: 'x' },
      'AWS_ENDPOINT_URL_KMS of the environment is ignored: ',
    ],
    [
      'gcp=shop-production/a',
      { CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: 'x' },
      'CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER of the environment is ignored: only the input "gcp-endpoint"',
    ],
    [
      'sops-gcp=projects/p/locations/l/keyRings/r/cryptoKeys/k',
      { SOPS_GCP_KMS_ENDPOINT: 'x' },
      'SOPS_GCP_KMS_ENDPOINT of the environment is ignored: ',
    ],
  ] as const)('is named: the address of a server (%s)', async (line, environment, said) => {
    expect((await step({ lines: ['sops=a/*', line], environment })).told).toEqual([
      expect.stringContaining(said),
    ]);
    expect((await step({ lines: ['env=A'], environment })).told).toEqual([]);
  });

  it('is refused: a key of SOPS files without a file', async () => {
    const { problems } = await step({ lines: [`sops-kms=${KEY} context=a:b`] });
    expect(problems).toEqual(['secrets names a key of SOPS files, and no such file']);
    expect((await step({ lines: [`sops-kms=${KEY} context=a:b`, 'sops=a/*'] })).problems).toEqual([]);
  });

  it.each([
    ['aws-endpoint', 'aws=111122223333/eu-central-1/a'],
    ['gcp-endpoint', 'gcp=shop-production/a'],
  ])('is refused: a path in %s', async (input, line) => {
    const given = { 'cloud-identity': 'instance', [input]: 'https://proxy.example/aws' };
    const { problems } = await step({ lines: [line], inputs: given });
    expect(problems).toEqual([expect.stringMatching(/must be a server without a path/)]);
    const good = await step({ lines: [line], inputs: { ...given, [input]: 'https://proxy.example' } });
    expect(good.problems).toEqual([]);
  });
});
