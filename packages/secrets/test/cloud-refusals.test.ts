import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { identify } from '../src/clouds/aws/aws-identity.ts';
import { keyVaultCertificates, keyVaultSecrets } from '../src/clouds/azure/key-vault.ts';
import { unexpectedFromGoogle } from '../src/clouds/google/google-client.ts';
import { readTokenFile } from '../src/clouds/token-file.ts';

const ROLE = 'arn:aws:iam::111122223333:role/shop';

let folder: string;
let workspace: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-clouds-'));
  workspace = join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(join(workspace, 'token'), 'header.claims.signature');
  await writeFile(join(folder, 'token'), 'header.claims.signature\n');
  await writeFile(join(folder, 'empty'), ' \n');
  await symlink(join(workspace, 'token'), join(folder, 'link'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Logs in to AWS with a role, where STS answers as a test says. */
async function logIn(status: number, text: string, environment: Readonly<Record<string, string>> = {}) {
  const answer = { status, text, headers: {}, body: {} };
  const sent: string[] = [];
  const surroundings = {
    environment,
    exec: () => Promise.reject(new Error('no program is expected')),
    idToken: async () => 'header.claims.signature',
    mask: () => {},
    workspace,
  };
  const connection = {
    send: async ({ body = '' }: { readonly body?: string | undefined }) => {
      sent.push(body);
      return answer;
    },
    endpoint: undefined,
    now: () => new Date(),
  };
  const settings = {
    roles: Object.keys(environment).length === 0 ? [ROLE] : [],
    ...{ identity: undefined, endpoint: undefined },
  };
  const outcome = await identify('111122223333', 'eu-central-1', settings, surroundings, connection).then(
    ({ arn }) => arn,
    ({ code, message }) => `${code}: ${message}`,
  );
  return { outcome, sent };
}

const refusal = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;

describe('a login at AWS STS', () => {
  it.each([
    [400, refusal('Throttling'), 'cloud-unreachable: AWS STS still throttles requests'],
    [400, refusal('IDPCommunicationError'), 'cloud-unreachable: AWS STS still answers with status 400'],
    [429, '', 'cloud-unreachable: AWS STS still throttles requests'],
    [503, '', 'cloud-unreachable: AWS STS still answers with status 503'],
    [403, refusal('AccessDenied'), 'cloud-login-refused: AWS refuses the login'],
    [
      400,
      refusal('constructor'),
      'cloud-login-refused: AWS refuses the login as "arn:aws:iam::111122223333:role/shop": status 400',
    ],
  ])('that is answered with %s %s is not called refused unless it is', async (status, text, expected) => {
    expect((await logIn(status, text)).outcome).toContain(expected);
  });

  it.each([
    ['in the workspace', () => join(workspace, 'token'), /is in the workspace, where a commit could/],
    ['given by a relative path, which is in the workspace', () => 'token', /is in the workspace/],
    ['a link into the workspace', () => join(folder, 'link'), /is in the workspace/],
    ['empty', () => join(folder, 'empty'), /is empty/],
    ['nowhere', () => join(folder, 'nowhere'), /cannot be read/],
  ])('sends nothing if the file of its token is %s', async (_name, path, message) => {
    const environment = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: path() };
    const { outcome, sent } = await logIn(200, '', environment);
    expect(outcome).toMatch(message);
    expect(outcome).toContain('of AWS_WEB_IDENTITY_TOKEN_FILE');
    expect(sent).toEqual([]);
  });

  it('sends the token of a file elsewhere, without the end of its line', async () => {
    const path = join(folder, 'token');
    const { token } = await readTokenFile({ variable: 'A', path: relative(workspace, path) }, workspace);
    expect(token).toBe('header.claims.signature');
    const { sent } = await logIn(200, '', { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: path });
    expect(new URLSearchParams(sent[0]).get('WebIdentityToken')).toBe('header.claims.signature');
  });
});

it.each([
  [500, 'cloud-unreachable'],
  [503, 'cloud-unreachable'],
  [429, 'cloud-unreachable'],
  [418, 'cloud-answer-invalid'],
])('Google that answers with status %s is %s', (status, code) => {
  const answer = { status, headers: {}, text: '', body: {} };
  expect(unexpectedFromGoogle(answer, '', 'Google', 'reading')).toMatchObject({ code });
});

const NOW = Date.parse('2026-11-29T12:00:00Z');
const PATH = 'shop.vault.azure.net/db';

/** A vault that has one secret. */
function vaultWith(bundle: JsonObject) {
  const id = `https://shop.vault.azure.net/secrets/db/${'0'.repeat(32)}`;
  const body = { id, value: 'p@ss', ...bundle };
  return {
    get: async () => ({ status: 200, headers: {}, text: '', body }),
    now: () => new Date(NOW),
  };
}

describe('a secret of Azure Key Vault', () => {
  const FAR = 300_000_000_000;
  it.each([
    ['the expiry 0', { exp: 0 }, 'cloud-secret-unusable', /was valid until 1970-01-01/],
    ['an expiry before 1970', { exp: -1 }, 'cloud-secret-unusable', /was valid until 1969-12-31/],
    [
      'a beginning after the year 9999',
      { nbf: FAR },
      'cloud-secret-unusable',
      /is not valid before second 300000000000/,
    ],
    [
      'an expiry that is a text',
      { exp: '2030-01-01' },
      'cloud-answer-invalid',
      /a time "exp" that is not a number/,
    ],
  ] as const)('with %s is refused', async (_name, attributes, code, message) => {
    const reading = keyVaultSecrets(vaultWith({ attributes })).read({ from: 'azure', path: PATH });
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(message);
  });

  it.each([
    ['after the year 9999', { exp: FAR, nbf: 0 }],
    ['never', { exp: null, nbf: null }],
    ['in a minute', { exp: NOW / 1_000 + 60 }],
  ] as const)('that expires %s is read', async (_name, attributes) => {
    const store = keyVaultSecrets(vaultWith({ attributes }));
    expect(Buffer.from(await store.read({ from: 'azure', path: PATH })).toString()).toBe('p@ss');
  });

  it('that is empty is refused, and so is an empty certificate', async () => {
    const reading = keyVaultSecrets(vaultWith({ value: '' })).read({ from: 'azure', path: PATH });
    await expect(reading).rejects.toMatchObject({ code: 'secret-missing' });
    const certificate = vaultWith({ value: '', managed: true });
    const other = keyVaultCertificates(certificate).read({ from: 'azure-certificate', path: PATH });
    await expect(other).rejects.toThrow(/is empty/);
  });
});
