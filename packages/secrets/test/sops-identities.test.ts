import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exec } from '@slipway/core';
import { type CloudIdentity, parseCloudIdentity } from '@slipway/secrets';
import { findIdentities } from '../src/sops/identities/find-identities.ts';
import type { SopsKeyWord } from '../src/sops/key-kinds.ts';
import { honestPgpKeys } from '../src/sops/pgp-keys.ts';

const ROLE = 'arn:aws:iam::111122223333:role/shop';
const KEY = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret-key' };
const CLIENT = { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant' };

let folder: string;
let workspace: string;
let tools: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-identities-'));
  [workspace, tools] = [join(folder, 'workspace'), join(folder, 'tools')];
  await mkdir(join(workspace, 'settings'), { recursive: true });
  await mkdir(tools);
  await mkdir(join(folder, 'home'));
  for (const name of ['aws', 'gcloud', 'gpg']) {
    await writeFile(join(tools, name), '#!/bin/sh\n');
    await chmod(join(tools, name), 0o755);
  }
  for (const place of [workspace, folder]) await writeFile(join(place, 'token'), 'header.claims.signature');
  for (const name of ['.azure', '.gnupg', '.aws'])
    await symlink(join(workspace, 'settings'), join(folder, 'home', name));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Step {
  readonly environment?: Readonly<Record<string, string>>;
  readonly identity?: CloudIdentity;
  readonly printed?: string;
}

/** What sops would get for a kind of key, with what was told, masked and started. */
async function found(word: SopsKeyWord, { environment = {}, identity, printed = '' }: Step) {
  const [told, masked, started] = [[] as string[], [] as string[], [] as string[]];
  const tell = (message: string) => void told.push(message);
  const exec: Exec = async (command, args) => {
    started.push([command, ...args].join(' '));
    return { exitCode: 0, stdout: printed, stderr: '' };
  };
  const { identityOf } = findIdentities(
    {
      environment: { PATH: tools, ...environment },
      ...{ workspace, exec, readFile: async () => undefined },
      idToken: () => Promise.reject(new Error('no identity token is expected')),
      mask: secret => void masked.push(secret),
      logger: { info: tell, warning: tell },
      signal: AbortSignal.timeout(30_000),
    },
    { lines: new Set(), identity, vault: undefined },
  );
  const finding = Promise.all([identityOf(word), identityOf(word)]);
  const outcome = await finding.then(
    ([variables]) => ({ variables, refused: '' }),
    ({ code, message }) => ({ variables: undefined, refused: `${code}: ${message}` }),
  );
  return { ...outcome, told, masked, started };
}

describe('who asks for keys of SOPS files', () => {
  it('is named once, and what is secret is masked', async () => {
    const { variables, told, masked } = await found('sops-kms', { environment: KEY });
    expect(variables).toMatchObject({ ...KEY, AWS_EC2_METADATA_DISABLED: 'true' });
    expect(told).toEqual(['AWS is asked for keys of SOPS files as the owner of AWS_ACCESS_KEY_ID']);
    expect(masked).toEqual(['secret-key']);
  });

  it.each([
    [
      'sops-kms',
      () => ({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token') }),
      `AWS is asked for keys of SOPS files as "${ROLE}", from AWS_WEB_IDENTITY_TOKEN_FILE`,
    ],
    [
      'sops-azure',
      () => ({ ...CLIENT, AZURE_FEDERATED_TOKEN_FILE: join(folder, 'token') }),
      'Azure is asked for keys of SOPS files as the client "client", from AZURE_FEDERATED_TOKEN_FILE',
    ],
    [
      'sops-azure',
      () => ({ ...CLIENT, AZURE_CLIENT_SECRET: 'x' }),
      'Azure is asked for keys of SOPS files as the client "client", from AZURE_CLIENT_SECRET',
    ],
    ['sops-azure', () => ({ HOME: folder }), 'Azure is asked for keys of SOPS files as the session of az'],
    [
      'sops-gcp',
      () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: 'x' }),
      'Google Cloud is asked for keys of SOPS files as the owner of a token, from GOOGLE_OAUTH_ACCESS_TOKEN',
    ],
    ['sops-pgp', () => ({ HOME: folder }), 'gpg is asked for keys of SOPS files as the key ring'],
  ] as const)('is named (%s)', async (word, environment, said) => {
    expect((await found(word, { environment: environment() })).told).toEqual([expect.stringContaining(said)]);
  });

  it.each([
    [
      'a profile of AWS',
      'sops-kms',
      'profile:shop',
      JSON.stringify({ AccessKeyId: 'A', SecretAccessKey: 'B' }),
      { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' },
    ],
    [
      'the machine in AWS',
      'sops-kms',
      'instance',
      JSON.stringify({ AccessKeyId: 'A', SecretAccessKey: 'B', SessionToken: 'C' }),
      { AWS_SESSION_TOKEN: 'C' },
    ],
    [
      'a configuration of gcloud',
      'sops-gcp',
      'profile:shop',
      'token\n',
      { GOOGLE_OAUTH_ACCESS_TOKEN: 'token' },
    ],
    [
      'the machine in Azure',
      'sops-azure',
      'instance',
      '',
      { AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' },
    ],
  ] as const)(
    'is %s where cloud-identity says so, before what a login left',
    async (_name, word, text, printed, expected) => {
      const environment = {
        ...KEY,
        GOOGLE_OAUTH_ACCESS_TOKEN: 'other',
        ...CLIENT,
        AZURE_CLIENT_SECRET: 'x',
        HOME: folder,
      };
      const { variables, told } = await found(word, {
        environment,
        identity: parseCloudIdentity(text),
        printed,
      });
      expect(variables).toMatchObject(expected);
      expect(told).toEqual([expect.stringMatching(new RegExp(`cloud-identity: ${text}$`))]);
    },
  );

  it.each<[SopsKeyWord, Readonly<Record<string, string>>, RegExp]>([
    [
      'sops-kms',
      { ...KEY, AWS_ACCESS_KEY_ID: 'precious\n' },
      /^sops-identity-refused: AWS_ACCESS_KEY_ID cannot be sent/,
    ],
    [
      'sops-kms',
      { ...KEY, AWS_SESSION_TOKEN: 'a\nprecious' },
      /^sops-identity-refused: AWS_SESSION_TOKEN cannot be sent/,
    ],
    [
      'sops-gcp',
      { GOOGLE_OAUTH_ACCESS_TOKEN: 'precious\n' },
      /^sops-identity-refused: GOOGLE_OAUTH_ACCESS_TOKEN cannot be sent.*; store it again/,
    ],
  ])('is not what no header takes, for %s (%#)', async (word, environment, message) => {
    const { refused } = await found(word, { environment });
    expect(refused).toMatch(message);
    expect(refused).not.toMatch(/precious/);
  });

  it('is not a profile for Azure, which is said', async () => {
    const environment = { ...CLIENT, AZURE_CLIENT_SECRET: 'x' };
    const { told } = await found('sops-azure', { environment, identity: { from: 'profile', name: 'shop' } });
    expect(told[0]).toMatch(/^cloud-identity: profile:shop is not used for Azure, which has no profiles: /);
  });

  it.each([
    ['sops-kms', () => ({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: join(workspace, 'token') })],
    ['sops-azure', () => ({ ...CLIENT, AZURE_FEDERATED_TOKEN_FILE: join(workspace, 'token') })],
  ] as const)('is not a token of the workspace (%s)', async (word, environment) => {
    const { refused } = await found(word, { environment: environment() });
    expect(refused).toMatch(/^sops-identity-refused: .* is in the workspace, where a commit could/);
  });

  it.each([
    ['sops-azure', { name: 'AZURE_CONFIG_DIR', folder: '.azure' }],
    ['sops-pgp', { name: 'GNUPGHOME', folder: '.gnupg' }],
  ] as const)(
    'is not in a folder that leads back into the workspace (%s)',
    async (word, { name, folder: own }) => {
      const home = join(folder, 'home');
      for (const environment of [
        { HOME: home },
        { [name]: join(home, own) },
        { [name]: 'settings' },
        { [name]: join(workspace, 'settings') },
      ]) {
        const { variables, told } = await found(word, { environment: environment as Record<string, string> });
        expect({ environment, variables, told }).toEqual({ environment, variables: undefined, told: [] });
      }
    },
  );

  it('is not a profile of a folder that leads back into the workspace', async () => {
    const environment = { HOME: join(folder, 'home') };
    const { refused, started } = await found('sops-kms', {
      environment,
      identity: { from: 'profile', name: 'a' },
    });
    expect(refused).toMatch(/^cloud-identity-missing: cloud-identity takes no profile of the workspace/);
    expect(started).toEqual([]);
  });
});

it('gpg that does not answer is given up', async () => {
  const exec = () => new Promise<never>(() => {});
  const surroundings = { environment: { PATH: tools }, exec, workspace };
  const keys = [{ word: 'sops-pgp' as const, name: 'A'.repeat(40), entry: { enc: 'x' } }];
  const asking = honestPgpKeys(keys, surroundings, { GNUPGHOME: folder }, 5);
  await expect(asking).rejects.toMatchObject({ code: 'sops-unanswered' });
});
