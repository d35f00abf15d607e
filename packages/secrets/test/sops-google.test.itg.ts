import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudProxy, startCloudProxy } from '@slipway/testkit/clouds';
import { undescribed } from './google/google-server.ts';
import { encryptSops, openSops } from './open-sops.ts';

const KEY = 'projects/shop-1/locations/europe-west3/keyRings/sops/cryptoKeys/production';
const REQUEST_URL = 'https://run-actions.actions.example/idtoken?api-version=2.0';
const ACCOUNT_URL =
  'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/shop@shop-1.iam.gserviceaccount.com:generateAccessToken';

let folder: string;
let clouds: CloudProxy;
/** What Google Cloud KMS answers instead, for one test. */
let instead: RequestListener | undefined;
/** What sops asked or was answered, and Google's discovery document does not describe. */
const strange: string[] = [];

/**
 * The two methods of https://cloudkms.googleapis.com/$discovery/rest?version=v1 that sops calls:
 * cloudkms.projects.locations.keyRings.cryptoKeys.encrypt and .decrypt. What it "encrypts" is the text with the name of the key.
 */
const kms: RequestListener = async (request, response) => {
  const { pathname } = new URL(request.url ?? '', 'https://cloudkms.googleapis.com');
  const [, name = '', method] = /^\/v1\/(.*):(encrypt|decrypt)$/.exec(pathname) ?? [];
  if (request.headers.authorization !== 'Bearer token') return fail(response, 401, 'UNAUTHENTICATED');
  // Google's client for Go repeats the name of the path in the body, which the discovery document has in the path only.
  const { name: repeated = name, ...body } = (await json(request)) as Record<string, string>;
  if (repeated !== name) strange.push(`the path names ${name}, and the body ${repeated}`);
  const answer = (content: Readonly<Record<string, string>>): void => {
    strange.push(...undescribed({ httpMethod: request.method ?? '', path: pathname }, body, content));
    send(response, 200, content);
  };
  const plain = Buffer.from(body['plaintext'] ?? body['ciphertext'] ?? '', 'base64').toString('latin1');
  if (method === 'encrypt')
    return answer({
      name,
      ciphertext: Buffer.from(`${name}\n${plain}`, 'latin1').toString('base64'),
    });
  if (!plain.startsWith(`${name}\n`)) return fail(response, 400, 'INVALID_ARGUMENT');
  const text = Buffer.from(plain.slice(name.length + 1), 'latin1');
  answer({ plaintext: text.toString('base64') });
};

async function json(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** https://cloud.google.com/apis/design/errors#http_mapping */
function fail(response: ServerResponse, code: number, status: string, message = 'no'): void {
  send(response, code, { error: { code, message, status } });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-google-'));
  const token = { access_token: 'token', expires_in: 3600, token_type: 'Bearer' };
  clouds = await startCloudProxy({
    'cloudkms.googleapis.com': (request, response) => (instead ?? kms)(request, response),
    'oauth2.googleapis.com': (_request, response) => send(response, 200, token),
    'sts.googleapis.com': (_request, response) => send(response, 200, token),
    'iamcredentials.googleapis.com': (_request, response) =>
      send(response, 200, { accessToken: 'token', expireTime: '2099-01-01T00:00:00Z' }),
    'run-actions.actions.example': (_request, response) => send(response, 200, { value: 'a.b.c' }),
  });
  const environment = {
    GOOGLE_OAUTH_ACCESS_TOKEN: 'token',
    SOPS_GCP_KMS_CLIENT_TYPE: 'rest',
    ...clouds.environment,
  };
  await encryptSops(join(folder, 'shop.json'), '{"password": "p@ss"}', ['--gcp-kms', KEY], environment);
}, 600_000);

afterAll(async () => {
  await clouds?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  instead = undefined;
  clouds.asked.length = 0;
});

afterEach(() => expect(strange).toEqual([]));

const read = (identity: object, lines = [`sops-gcp=${KEY}`]) =>
  openSops({ folder, lines, environment: { ...clouds.environment, ...identity } }, 'shop.json', 'password');

async function readWith(credentials: object) {
  const path = join(folder, `${randomUUID()}.json`);
  await writeFile(path, JSON.stringify(credentials));
  return await read({
    GOOGLE_APPLICATION_CREDENTIALS: path,
    ACTIONS_ID_TOKEN_REQUEST_URL: REQUEST_URL,
  });
}

function serviceAccount(): object {
  const { privateKey: private_key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const client_email = 'shop@shop-1.iam.gserviceaccount.com';
  return {
    type: 'service_account',
    client_email,
    private_key,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
}

/** As google-github-actions/auth writes it. */
const EXTERNAL = {
  type: 'external_account',
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/providers/shop',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  service_account_impersonation_url: ACCOUNT_URL,
  credential_source: {
    url: `${REQUEST_URL}&audience=shop`,
    headers: { Authorization: 'Bearer x' },
    format: { type: 'json', subject_token_field_name: 'value' },
  },
};

describe('a SOPS file for a key of Google Cloud KMS', () => {
  it('is opened with a token', async () => {
    const { value, masked } = await read({ GOOGLE_OAUTH_ACCESS_TOKEN: 'token' });
    expect(value).toBe('p@ss');
    expect(clouds.asked).toEqual(['cloudkms.googleapis.com']);
    expect(masked).toContain('token');
  });

  it('is opened with the key of a service account', async () => {
    expect((await readWith(serviceAccount())).value).toBe('p@ss');
    expect(clouds.asked.sort()).toEqual(['cloudkms.googleapis.com', 'oauth2.googleapis.com']);
  });

  it("is opened with the job's own identity token", async () => {
    expect((await readWith(EXTERNAL)).value).toBe('p@ss');
    expect(clouds.asked.sort()).toEqual([
      'cloudkms.googleapis.com',
      'iamcredentials.googleapis.com',
      'run-actions.actions.example',
      'sts.googleapis.com',
    ]);
  });

  it.each<[string, object]>([
    ['a program', { ...EXTERNAL, credential_source: { executable: { command: '/bin/true' } } }],
    ['a file', { ...EXTERNAL, credential_source: { file: '/tmp/token' } }],
    ['another server', { ...EXTERNAL, credential_source: { url: 'https://stranger.example/token' } }],
    ['the metadata of a machine', { ...EXTERNAL, credential_source: { environment_id: 'aws1' } }],
    ['a token URL of someone else', { ...EXTERNAL, token_url: 'https://stranger.example/v1/token' }],
    [
      'an account of someone else',
      { ...EXTERNAL, service_account_impersonation_url: 'https://stranger.example' },
    ],
    ['another cloud', { ...EXTERNAL, universe_domain: 'stranger.example' }],
    ['a person', { type: 'authorized_user', refresh_token: 'x' }],
    ['no credentials at all', {}],
  ])('is not opened with %s, and asks no one', async (_name, credentials) => {
    await expect(readWith(credentials)).rejects.toMatchObject({ code: 'sops-identity-refused' });
    expect(clouds.asked).toEqual([]);
  });

  it('asks no one without a line or an identity', async () => {
    const token = { GOOGLE_OAUTH_ACCESS_TOKEN: 'token' };
    const other = [`sops-gcp=${KEY.replace('shop-1', 'shop-2')}`];
    await expect(read(token, other)).rejects.toMatchObject({ code: 'sops-key-missing' });
    await expect(read({})).rejects.toMatchObject({ code: 'sops-identity-missing' });
    expect(clouds.asked).toEqual([]);
  });

  it.each<[string, number, string, string, RegExp, string]>([
    ['not allowed', 403, 'PERMISSION_DENIED', 'sops-key-refused', /may not decrypt/, 'no'],
    ['missing', 404, 'NOT_FOUND', 'sops-key-refused', /no such key/, 'no'],
    [
      'disabled',
      400,
      'FAILED_PRECONDITION',
      'sops-key-refused',
      /disabled or deleted/,
      'the key version is not enabled, current state is: DISABLED.',
    ],
    [
      'of another entry',
      400,
      'INVALID_ARGUMENT',
      'sops-key-refused',
      /not encrypted with the key/,
      'Decryption failed: the ciphertext is invalid.',
    ],
    ['not accepted', 401, 'UNAUTHENTICATED', 'sops-key-refused', /not accepted/, 'no'],
    ['throttled', 429, 'RESOURCE_EXHAUSTED', 'sops-unanswered', /no more requests/, 'no'],
  ])('that is %s says so', async (_name, status, word, code, message, said) => {
    instead = (_request, response) => fail(response, status, word, said);
    const failure = read({ GOOGLE_OAUTH_ACCESS_TOKEN: 'token' });
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });
});
