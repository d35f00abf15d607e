import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReferenceTo } from '@slipway/secrets';
import { listen, stopServers } from '../aws-server.ts';
import {
  ACCOUNT,
  failure,
  type GoogleServer,
  JOB_TOKEN,
  PROJECT,
  PROVIDER,
  send,
  startGoogle,
} from './google-server.ts';
import { googleStore } from './google-store.ts';

const PASSWORD = 'p@ss "wörd"\nsecond line';
const BINARY = Buffer.from([0xff, 0x00, 0x80, 0x41]);
const REQUEST_URL = 'https://run-actions.actions.example/idtoken?api-version=2.0';

const version = (text: string) => ({ data: Buffer.from(text) });
const SECRETS = {
  database: [
    version('the first version'),
    version(JSON.stringify({ password: PASSWORD, port: 5432, empty: '', map: { a: 1 } })),
  ],
  text: [version(PASSWORD)],
  binary: [{ data: BINARY }],
  disabled: [version('old'), { ...version('off'), state: 'DISABLED' }],
  destroyed: [version('old'), { ...version('off'), state: 'DESTROYED' }],
  'europe-west3/database': [version('of Frankfurt')],
} as const;

let google: GoogleServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-google-'));
});

beforeEach(async () => {
  google = await startGoogle(SECRETS);
});

afterEach(async () => {
  await stopServers();
  expect(google.undescribed).toEqual([]);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string, rest: object = {}): ReferenceTo<'gcp'> => ({
  from: 'gcp',
  path: `${PROJECT.id}/${name}`,
  ...rest,
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function fileWith(credentials: object | string): Promise<Record<string, string>> {
  const path = join(folder, `gha-creds-${Math.random()}.json`);
  await writeFile(path, typeof credentials === 'string' ? credentials : JSON.stringify(credentials));
  return { GOOGLE_APPLICATION_CREDENTIALS: path, ACTIONS_ID_TOKEN_REQUEST_URL: REQUEST_URL };
}

/** As google-github-actions/auth writes it. */
const EXTERNAL = {
  type: 'external_account',
  audience: `//iam.googleapis.com/${PROVIDER}`,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  credential_source: {
    url: `${REQUEST_URL}&audience=https%3A%2F%2Fiam.googleapis.com%2Fshop`,
    headers: { Authorization: 'Bearer x' },
    format: { type: 'json', subject_token_field_name: 'value' },
  },
};
const ACCOUNT_URL = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`;

function accountKey(): object {
  const { privateKey: private_key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const token_uri = 'https://oauth2.googleapis.com/token';
  return { type: 'service_account', client_email: ACCOUNT, private_key, token_uri };
}

describe('the identity that Google Cloud is asked as', () => {
  it("is the job's own, by GitHub's identity token", async () => {
    const { store, told, masked, audiences } = googleStore(google.address);
    const both = await Promise.all([store.read(at('text')), store.read(at('database', { version: '1' }))]);
    expect(both.map(text)).toEqual([PASSWORD, 'the first version']);
    expect(audiences).toEqual([`https://iam.googleapis.com/${PROVIDER}`]);
    expect(told).toEqual([
      `Google Cloud is asked for secrets as this job at ${PROVIDER}, from the input "gcp-provider"`,
    ]);
    expect(masked).toEqual([JOB_TOKEN, 'federated-token']);
    expect(google.asked).toHaveLength(3);
  });

  it('is a service account after that', async () => {
    const { store, told, masked } = googleStore(google.address, { serviceAccount: ACCOUNT });
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    expect(told).toEqual([`Google Cloud is asked for secrets as ${ACCOUNT}, from the input "gcp-provider"`]);
    expect(masked).toEqual([JOB_TOKEN, 'federated-token', 'account-token']);
  });

  it.each([
    ['', {}, `this job at ${PROVIDER}`],
    [' with a service account', { service_account_impersonation_url: ACCOUNT_URL }, ACCOUNT],
  ])(
    'is that of the file of an earlier step%s, whose token the runner is asked for',
    async (_name, more, name) => {
      const environment = await fileWith({ ...EXTERNAL, ...more });
      const { store, told, audiences } = googleStore(google.address, { provider: '', environment });
      expect(text(await store.read(at('text')))).toBe(PASSWORD);
      expect(audiences).toEqual(['https://iam.googleapis.com/shop']);
      expect(told).toEqual([
        `Google Cloud is asked for secrets as ${name}, from GOOGLE_APPLICATION_CREDENTIALS`,
      ]);
    },
  );

  it('is that of the variable of google-github-actions/auth alone', async () => {
    const { GOOGLE_APPLICATION_CREDENTIALS: path = '', ...rest } = await fileWith(EXTERNAL);
    const environment = { ...rest, GOOGLE_GHA_CREDS_PATH: path };
    const { store, told } = googleStore(google.address, { provider: '', environment });
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    expect(told).toEqual([expect.stringMatching(/from GOOGLE_GHA_CREDS_PATH$/)]);
  });

  it('is a service account with its key, or whoever a token is of', async () => {
    const key = { provider: '', environment: await fileWith(accountKey()) };
    expect(text(await googleStore(google.address, key).store.read(at('text')))).toBe(PASSWORD);
    const token = { provider: '', environment: { GOOGLE_OAUTH_ACCESS_TOKEN: 'account-token' } };
    const { store, masked } = googleStore(google.address, token);
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    expect(masked).toEqual(['account-token']);
  });

  it.each<[string, object | string]>([
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
    [
      'a pool of people',
      { ...EXTERNAL, audience: '//iam.googleapis.com/locations/global/workforcePools/a/providers/b' },
    ],
    ['a key that is not one', { ...accountKey(), private_key: 'not a key' }],
    ['a key for another server', { ...accountKey(), token_uri: 'https://stranger.example' }],
    ['a person', { type: 'authorized_user', refresh_token: 'x' }],
    ['no credentials at all', 'not JSON'],
  ])('is not that of a file with %s, and no one is asked', async (_name, credentials) => {
    const { store, audiences } = googleStore(google.address, {
      provider: '',
      environment: await fileWith(credentials),
    });
    await expect(store.read(at('text'))).rejects.toMatchObject({ code: 'cloud-login-refused' });
    expect([google.asked, audiences]).toEqual([[], []]);
  });

  it('is not looked for if the job has none: no metadata is asked', async () => {
    const environment = { GCE_METADATA_HOST: google.address, GOOGLE_CLOUD_PROJECT: PROJECT.id };
    const { store } = googleStore(google.address, { provider: '', environment });
    await expect(store.read(at('text'))).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    expect(google.asked).toEqual([]);
  });

  it("is the machine's where the workflow says so", async () => {
    const machine = await listen((request, response) => {
      const { url = '', headers } = request;
      const isEmail = url.endsWith('/email');
      response.setHeader('Metadata-Flavor', 'Google');
      if (url.startsWith('/v1/')) return send(response, 200, answerFor(url));
      if (headers['metadata-flavor'] !== 'Google') return send(response, 403, {});
      response.end(isEmail ? ACCOUNT : JSON.stringify({ access_token: 'account-token', expires_in: 3 }));
    });
    const { store, told } = googleStore(machine.address, { provider: '', identity: { from: 'instance' } });
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    expect(told).toEqual([`Google Cloud is asked for secrets as ${ACCOUNT}, from cloud-identity: instance`]);
  });

  it('is that of a configuration of gcloud where the workflow says so, by a gcloud outside of the workspace', async () => {
    const started: unknown[] = [];
    await writeFile(join(folder, 'gcloud'), '#!/bin/sh\n', { mode: 0o755 });
    const environment = { PATH: folder, HOME: '/home/runner', DATABASE_PASSWORD: PASSWORD };
    const wanted = {
      provider: '',
      environment,
      identity: { from: 'profile', name: 'shop' },
      exec: async (command: string, args: readonly string[], options?: { readonly environment?: object }) => {
        started.push([command, ...args, options?.environment]);
        return { exitCode: 0, stdout: 'account-token\n', stderr: '' };
      },
    } as const;
    expect(text(await googleStore(google.address, wanted).store.read(at('text')))).toBe(PASSWORD);
    const passed = { PATH: folder, CLOUDSDK_CONFIG: '/home/runner/.config/gcloud' };
    const args = ['auth', 'print-access-token', '--configuration=shop', passed];
    expect(started).toEqual([[join(folder, 'gcloud'), ...args]]);

    const inside = googleStore(google.address, { ...wanted, workspace: folder });
    const own = { ...environment, CLOUDSDK_CONFIG: '/nonexistent/gcloud' };
    const configured = googleStore(google.address, { ...wanted, environment: own });
    for (const { store } of [inside, configured])
      await expect(store.read(at('text'))).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    expect(started).toHaveLength(1);
  });

  it.each([
    ['is not accepted', 400, { error: 'invalid_grant' }, /has expired, is of another issuer/],
    ['does not fit', 400, { error: 'unauthorized_client' }, /attribute condition does not fit/],
    ['finds no provider', 400, { error: 'invalid_target' }, /no such provider/],
  ])('is refused in a sentence if the token %s', async (_name, status, body, message) => {
    google.insteadOfLogin = (_request, response) =>
      send(response, status, { ...body, error_description: JOB_TOKEN });
    const reading = googleStore(google.address).store.read(at('text'));
    await expect(reading).rejects.toMatchObject({
      code: 'cloud-login-refused',
      message: expect.stringMatching(message),
    });
    await expect(reading).rejects.not.toThrow(JOB_TOKEN);
  });

  it('is refused in a sentence if the job may not act as the service account', async () => {
    const serviceAccount = 'other@shop-production.iam.gserviceaccount.com';
    const { store } = googleStore(google.address, { serviceAccount });
    await expect(store.read(at('text'))).rejects.toMatchObject({
      code: 'cloud-login-refused',
      message: expect.stringMatching(/may not act as it/),
    });
  });
});

/** What Google would answer for the newest version of the secret "text". */
function answerFor(url: string): object {
  const name = url.replace('/v1/', '').replace(PROJECT.id, PROJECT.number);
  return {
    name: name.replace('latest:access', '1'),
    payload: { data: Buffer.from(PASSWORD).toString('base64') },
  };
}

describe('a secret of Google Secret Manager', () => {
  it('is read whole, by its key, as a number, as bytes and in its location', async () => {
    const { store } = googleStore(google.address);
    const read = ['password', 'port'].map(field => store.read(at('database', { key: field })));
    expect((await Promise.all(read)).map(text)).toEqual([PASSWORD, '5432']);
    expect(await store.read(at('binary'))).toEqual(BINARY);
    expect(text(await store.read(at('europe-west3/database')))).toBe('of Frankfurt');
    expect(google.asked.filter(line => line.endsWith('/database/versions/latest:access'))).toHaveLength(2);
  });

  it('is read by the number of its project too', async () => {
    const { store } = googleStore(google.address);
    expect(text(await store.read({ from: 'gcp', path: `${PROJECT.number}/text` }))).toBe(PASSWORD);
  });

  it('is read in its newest version, by number and by alias, and the number is recorded', async () => {
    const { store } = googleStore(google.address);
    const wanted = [{}, { version: '1' }, { version: 'before' }];
    const versions = await Promise.all(wanted.map(one => store.versionOf?.(at('database', one))));
    expect(versions).toEqual([{ id: '2' }, { id: '1' }, { id: '1' }]);
    expect(text(await store.read(at('database', { version: 'before' })))).toBe('the first version');
  });

  it('does not hide others that can be read', async () => {
    const { store } = googleStore(google.address);
    const results = await Promise.allSettled([store.read(at('text')), store.read(at('missing'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['that does not exist', 'missing', {}, 'secret-missing', /has no secret "shop-production\/missing"/],
    ['without the version', 'text', { version: '7' }, 'secret-missing', /no version "7" of a secret/],
    [
      'whose newest version is disabled',
      'disabled',
      {},
      'secret-missing',
      /the newest version .* is disabled/,
    ],
    [
      'whose version is destroyed',
      'destroyed',
      { version: '2' },
      'secret-missing',
      /version "2" .* is destroyed/,
    ],
    [
      'without the field',
      'database',
      { key: 'pasword' },
      'secret-missing',
      /has no field "pasword"; did you mean "password"\?/,
    ],
    ['with an empty field', 'database', { key: 'empty' }, 'secret-missing', /is empty/],
    ['with a map', 'database', { key: 'map' }, 'secret-missing', /is not a scalar/],
    [
      'that is text where a key is asked for',
      'text',
      { key: 'a' },
      'secret-not-text',
      /is not a JSON object/,
    ],
    [
      'that is binary where a key is asked for',
      'binary',
      { key: 'a' },
      'secret-not-text',
      /is not a JSON object/,
    ],
  ] as const)('%s is refused without a word of it', async (_name, secret, rest, code, message) => {
    const reading = googleStore(google.address).store.read(at(secret, rest));
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(reading).rejects.not.toThrow(/p@ss|second line|5432/);
  });

  it('of a project that the identity may not read is refused', async () => {
    const { store } = googleStore(google.address);
    const reading = store.read({ from: 'gcp', path: 'shop-staging/text' });
    await expect(reading).rejects.toMatchObject({ code: 'cloud-forbidden' });
  });
});

const NAME = `projects/${PROJECT.number}/secrets/text/versions/3`;
const DATA = { data: Buffer.from(PASSWORD).toString('base64') };
const GOOD = { name: NAME, payload: DATA };

describe('what Google answers', () => {
  it.each<[string, object]>([
    ['another secret', { ...GOOD, name: NAME.replace('text', 'other') }],
    ['a secret of another project', { ...GOOD, name: NAME.replace(PROJECT.number, 'shop-staging') }],
    [
      'a secret of a location',
      { ...GOOD, name: NAME.replace('/secrets', '/locations/europe-west3/secrets') },
    ],
    ['no version', { ...GOOD, name: NAME.replace('/versions/3', '') }],
    ['nothing', {}],
    ['no value', { name: NAME, payload: {} }],
    ['a value that is not base64', { name: NAME, payload: { data: 'p@ss' } }],
    ['a value with another checksum', { name: NAME, payload: { ...DATA, dataCrc32c: '17' } }],
  ])('is refused if it is about %s', async (_name, body) => {
    google.instead = (_request, response) => send(response, 200, body);
    const reading = googleStore(google.address).store.read(at('text'));
    await expect(reading).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    await expect(reading).rejects.not.toThrow(/p@ss/);
  });

  it('is refused if it is another version than the one that is asked for', async () => {
    google.instead = (_request, response) => send(response, 200, GOOD);
    const { store } = googleStore(google.address);
    const other = store.read(at('text', { version: '2' }));
    await expect(other).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    expect(text(await store.read(at('text', { version: '3' })))).toBe(PASSWORD);
  });

  it('is refused if the number of a project changes, or is that of another ID or number', async () => {
    let number = PROJECT.number;
    google.instead = ({ url = '' }, response) => {
      const name = url.replace(/^\/v1\/projects\/[^/]+/, `projects/${number}`).replace('latest:access', '1');
      send(response, 200, { name, payload: DATA });
    };
    const { store } = googleStore(google.address);
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    const ofOtherId = store.read({ from: 'gcp', path: 'shop-staging/text' });
    await expect(ofOtherId).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    number = '210987654321';
    await expect(store.read(at('database'))).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    const byNumber = store.read({ from: 'gcp', path: `${PROJECT.number}/other` });
    await expect(byNumber).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['throttles', response => send(response, 429, failure(429, 'RESOURCE_EXHAUSTED').body)],
    ['is busy', response => send(response, 503, {})],
    [
      'breaks off',
      response => {
        response.writeHead(200, { 'Content-Length': '900' });
        response.write('{"name":"p', () => response.destroy());
      },
    ],
  ])('is asked for again, after a pause, if it %s', async (_name, fail) => {
    let attempt = 0;
    google.instead = (_request, response) => (attempt++ < 2 ? fail(response) : send(response, 200, GOOD));
    const { store, pauses } = googleStore(google.address);
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
    expect([attempt, pauses.length]).toEqual([3, 2]);
  });

  it.each([
    [
      'an expired token',
      failure(401, 'UNAUTHENTICATED', PASSWORD),
      'cloud-login-refused',
      /has expired or was revoked/,
    ],
    [
      'no right',
      failure(403, 'PERMISSION_DENIED', PASSWORD, 'IAM_PERMISSION_DENIED'),
      'cloud-forbidden',
      /may not read .*; grant it roles\/secretmanager.secretAccessor on the secret text/,
    ],
    [
      'a project without the API',
      failure(403, 'PERMISSION_DENIED', PASSWORD, 'SERVICE_DISABLED'),
      'cloud-forbidden',
      /does not use Secret Manager/,
    ],
    [
      'a perimeter',
      failure(403, 'PERMISSION_DENIED', PASSWORD, 'SECURITY_POLICY_VIOLATED'),
      'cloud-forbidden',
      /VPC Service Controls/,
    ],
    [
      'a key that is disabled',
      failure(400, 'FAILED_PRECONDITION', 'projects/p/locations/global/keyRings/r/cryptoKeys/k is DISABLED'),
      'cloud-key-unusable',
      /KMS key/,
    ],
    [
      'throttling that does not end',
      failure(429, 'RESOURCE_EXHAUSTED', PASSWORD),
      'cloud-unreachable',
      /still throttles/,
    ],
    [
      'an error of tomorrow',
      failure(400, 'NEW_STATUS', PASSWORD),
      'cloud-answer-invalid',
      /status 400 \(NEW_STATUS\)/,
    ],
  ] as const)(
    'is one sentence for %s, and nothing that Google says is repeated',
    async (_name, answer, code, message) => {
      google.instead = (_request, response) => send(response, answer.status, answer.body);
      const reading = googleStore(google.address).store.read(at('text'));
      await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      await expect(reading).rejects.not.toThrow(/p@ss/);
    },
  );

  it.each([
    [
      failure(
        400,
        'FAILED_PRECONDITION',
        'Secret Version [projects/1/secrets/cloudkms-key/versions/1] is in DISABLED state.',
      ),
      'secret-missing',
    ],
    [
      failure(
        403,
        'PERMISSION_DENIED',
        "Permission denied for resource 'projects/1/secrets/cryptoKeys/versions/1'.",
      ),
      'cloud-forbidden',
    ],
    [
      failure(403, 'PERMISSION_DENIED', "Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied."),
      'cloud-key-unusable',
    ],
  ] as const)(
    'is not taken for the state of a key because of the name of a secret: %j',
    async (answer, code) => {
      google.instead = (_request, response) => send(response, answer.status, answer.body);
      const reading = googleStore(google.address).store.read(at('text'));
      await expect(reading).rejects.toMatchObject({ code });
    },
  );

  it('is not followed to another server', async () => {
    let visitors = 0;
    const other = await listen((_request, response) => {
      visitors++;
      response.end('{}');
    });
    google.instead = (_request, response) => void response.writeHead(307, { Location: other.address }).end();
    const reading = googleStore(google.address).store.read(at('text'));
    await expect(reading).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    expect(visitors).toBe(0);
  });

  it('is missing where no server is', async () => {
    const { store } = googleStore('http://127.0.0.1:9');
    await expect(store.read(at('text'))).rejects.toMatchObject({ code: 'cloud-unreachable' });
  });

  it('is asked for at the address of the input, whatever the environment says', async () => {
    const environment = { CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: 'http://127.0.0.1:9/' };
    const { store } = googleStore(google.address, { environment });
    expect(text(await store.read(at('text')))).toBe(PASSWORD);
  });
});
