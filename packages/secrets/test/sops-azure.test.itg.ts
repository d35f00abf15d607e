import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudProxy, startCloudProxy } from '@slipway/testkit/clouds';
import { describedIn } from './described.ts';
import { encryptSops, openSops, pathWithSops } from './open-sops.ts';

const HOST = 'shop.vault.azure.net';
const VERSION = '0123456789abcdef0123456789abcdef';
const TENANT = '11111111-1111-1111-1111-111111111111';
const CLIENT = { AZURE_CLIENT_ID: '22222222-2222-2222-2222-222222222222', AZURE_TENANT_ID: TENANT };
const LOGIN = 'login.microsoftonline.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PADDING = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

let folder: string;
let clouds: CloudProxy;
let logins: string[] = [];
/** What the vault answers instead to a request with a token, for one test. */
let instead: RequestListener | undefined;
/** What sops asked or was answered, and Azure does not describe. */
const strange: string[] = [];
const undescribed = describedIn(new URL('azure-keys/descriptions.json', import.meta.url));
let challenge = 'https://vault.azure.net';

/** Encrypt and Decrypt of https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups with a real RSA key. */
const vault: RequestListener = async (request, response) => {
  if (request.headers.authorization === undefined) {
    const value = `Bearer authorization="https://${LOGIN}/${TENANT}", resource="${challenge}"`;
    response.setHeader('WWW-Authenticate', value);
    return fail(response, 401, 'Unauthorized');
  }
  if (instead !== undefined) return instead(request, response);
  const { pathname } = new URL(request.url ?? '', `https://${HOST}`);
  const body = JSON.parse(await textOf(request));
  const input = Buffer.from(body.value, 'base64url');
  const isEncrypt = pathname === `/keys/sops/${VERSION}/encrypt`;
  if (!isEncrypt && pathname !== `/keys/sops/${VERSION}/decrypt`) return fail(response, 404, 'KeyNotFound');
  const value = isEncrypt
    ? publicEncrypt({ key: publicKey, ...PADDING }, input)
    : privateDecrypt({ key: privateKey, ...PADDING }, input);
  const answer = { kid: `https://${HOST}/keys/sops/${VERSION}`, value: value.toString('base64url') };
  strange.push(...undescribed({ httpMethod: request.method ?? '', path: pathname }, body, answer));
  send(response, 200, answer);
};

/** What the SDK asks before and for a token: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
const login: RequestListener = async (request, response) => {
  const { pathname } = new URL(request.url ?? '', `https://${LOGIN}`);
  const issuer = `https://${LOGIN}/${TENANT}`;
  if (pathname.endsWith('/discovery/instance'))
    return send(response, 200, {
      tenant_discovery_endpoint: `${issuer}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: LOGIN, preferred_cache: LOGIN, aliases: [LOGIN] }],
    });
  if (pathname.endsWith('/openid-configuration'))
    return send(response, 200, {
      token_endpoint: `${issuer}/oauth2/v2.0/token`,
      authorization_endpoint: `${issuer}/oauth2/v2.0/authorize`,
      issuer: `${issuer}/v2.0`,
    });
  const form = new URLSearchParams(await textOf(request));
  logins.push(form.has('client_assertion') ? 'assertion' : 'secret');
  send(response, 200, {
    token_type: 'Bearer',
    expires_in: 3600,
    ext_expires_in: 3600,
    access_token: 'token',
  });
};

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string): void {
  send(response, status, { error: { code, message: 'no' } });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-azure-'));
  clouds = await startCloudProxy({ [HOST]: vault, [LOGIN]: login });
  const url = `https://${HOST}/keys/sops/${VERSION}`;
  await encryptSops(join(folder, 'shop.json'), '{"password": "p@ss"}', ['--azure-kv', url], {
    ...CLIENT,
    ...clouds.environment,
    AZURE_CLIENT_SECRET: 'client-secret',
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
  });
}, 600_000);

afterAll(async () => {
  await clouds?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  instead = undefined;
  challenge = 'https://vault.azure.net';
  logins = [];
  clouds.asked.length = 0;
});

afterEach(() => expect(strange).toEqual([]));

const SECRET = { ...CLIENT, AZURE_CLIENT_SECRET: 'client-secret' };

const read = (identity: object, lines = [`sops-azure=${HOST}/sops`], more: object = {}) =>
  openSops(
    { folder, lines, environment: { ...clouds.environment, ...identity }, ...more },
    'shop.json',
    'password',
  );

describe('a SOPS file for a key of Azure Key Vault', () => {
  it("is opened with a client's secret, which is masked", async () => {
    const { value, masked } = await read(SECRET);
    expect(value).toBe('p@ss');
    expect(logins).toEqual(['secret']);
    expect(masked).toContain('client-secret');
    expect(new Set(clouds.asked)).toEqual(new Set([HOST, LOGIN]));
  });

  it('is opened with a federated token', async () => {
    const path = join(folder, 'token');
    await writeFile(path, 'a.b.c');
    const { value } = await read({ ...CLIENT, AZURE_FEDERATED_TOKEN_FILE: path });
    expect(value).toBe('p@ss');
    expect(logins).toEqual(['assertion']);
  });

  it('is opened with the session of az', async () => {
    const programs = join(folder, 'bin');
    await mkdir(programs);
    const expiry = Math.floor(Date.now() / 1000) + 3600;
    const token = JSON.stringify({ accessToken: 'token', expires_on: expiry, tokenType: 'Bearer' });
    const script = `#!/bin/sh\n[ "$AZURE_CONFIG_DIR" = /home/runner/.azure ] && [ "$1" = account ] && echo '${token}'\n`;
    await writeFile(join(programs, 'az'), script);
    await chmod(join(programs, 'az'), 0o755);
    const { value } = await read({ HOME: '/home/runner', PATH: `${programs}:${await pathWithSops()}` });
    expect(value).toBe('p@ss');
    expect(clouds.asked).not.toContain(LOGIN);
  });

  it('asks no one without its line, and without an identity', async () => {
    const other = [`sops-azure=other.vault.azure.net/sops`];
    await expect(read(SECRET, other)).rejects.toMatchObject({ code: 'sops-key-missing' });
    await expect(read(CLIENT)).rejects.toMatchObject({ code: 'sops-identity-missing' });
    const own = { AZURE_CONFIG_DIR: '/work-tree/.azure' };
    const inWorkspace = read(own, undefined, { workspace: '/work-tree' });
    await expect(inWorkspace).rejects.toMatchObject({ code: 'sops-identity-missing' });
    expect(clouds.asked).toEqual([]);
  });

  it('gives no token to a vault that asks for one of another resource', async () => {
    challenge = 'https://stranger.example';
    await expect(read(SECRET)).rejects.toMatchObject({ code: 'sops-failed' });
    expect(logins).toEqual([]);
  });

  it.each<[string, number, string, string, RegExp]>([
    ['not allowed', 403, 'Forbidden', 'sops-key-refused', /may not decrypt/],
    ['missing', 404, 'KeyNotFound', 'sops-key-refused', /no such key/],
    ['disabled', 403, 'KeyDisabled', 'sops-key-refused', /disabled or deleted/],
    ['of another entry', 400, 'BadParameter', 'sops-key-refused', /not encrypted with the key/],
  ])('that is %s says so', async (_name, status, word, code, message) => {
    instead = (_request, response) => fail(response, status, word);
    const failure = read(SECRET);
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });
});
