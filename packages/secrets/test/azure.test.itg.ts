import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Exec, type SecretReference, SlipwayError } from '@slipway/core';
import { openSecrets, parseAllowances } from '@slipway/secrets';
import {
  CLIENT,
  type CloudProxy,
  entra,
  fail,
  keyVault,
  send,
  startCloudProxy,
  TENANT,
  tokenOf,
} from '@slipway/testkit/clouds';
import { askWithSdk, azureStores } from './azure-step.ts';

const HOST = 'shop.vault.azure.net';
const CHINA = 'shop.vault.azure.cn';
const PASSWORD = 'p@ss "wörd"\nsecond line';
const FIELDS = JSON.stringify({ password: PASSWORD, port: 5432, empty: '' });
const ADMIN = tokenOf('99999999-9999-9999-9999-999999999999', TENANT);
const OTHER_TENANT = '44444444-4444-4444-4444-444444444444';
const trusted = tls.getCACertificates('default');

let folder: string;
let clouds: CloudProxy;
let environment: Readonly<Record<string, string>>;
let first: string;
const accepts = (token: string) => [ADMIN, tokenOf(CLIENT, TENANT)].includes(token);
const vault = keyVault(HOST, 'https://vault.azure.net', accepts);
const chinese = keyVault(CHINA, 'https://vault.azure.cn', accepts);
const login = entra();

const at = (name: string, rest: object = {}) =>
  ({ from: 'azure', path: `${HOST}/${name}`, ...rest }) as const;
const certificateAt = (name: string) => ({ from: 'azure-certificate', path: `${HOST}/${name}` }) as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const client = { id: CLIENT, tenant: TENANT };
const idToken = async (audience: string) => `github-token-for-${audience}`;
const sdk = (version: string, ...calls: string[][]) =>
  askWithSdk({ vault: `https://${HOST}`, token: ADMIN, version, calls }, clouds.environment);
/** A step with the client of the inputs. */
const step = (more: Parameters<typeof azureStores>[0] = {}) =>
  azureStores({ client, idToken, environment, ...more });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-azure-'));
  clouds = await startCloudProxy({
    [HOST]: vault.listener,
    [CHINA]: chinese.listener,
    'login.microsoftonline.com': login.listener,
    'login.partner.microsoftonline.cn': login.listener,
  });
  environment = { HTTPS_PROXY: clouds.environment.HTTPS_PROXY };
  tls.setDefaultCACertificates([...trusted, readFileSync(clouds.environment.SSL_CERT_FILE, 'utf8')]);
  const { answers } = await sdk(
    '',
    ['set', 'shop-db', '{"password": "the first version"}', ''],
    ['set', 'shop-db', FIELDS, 'application/json'],
    ['set', 'shop-text', PASSWORD, ''],
    ['set', 'shop-gone', 'gone', ''],
    ['delete', 'shop-gone'],
    ['disable', 'shop-disabled'],
    ['set', 'shop-upload', 'TUlJ', 'application/x-pkcs12'],
  );
  first = answers[0];
  const now = Math.floor(Date.now() / 1_000);
  vault.put('shop-ended', { value: PASSWORD, attributes: { exp: now - 60 } });
  vault.put('shop-early', { value: PASSWORD, attributes: { nbf: now + 3_600 } });
  vault.put('shop-between', { value: PASSWORD, attributes: { nbf: now - 60, exp: now + 3_600 } });
  const kid = `https://${HOST}/keys/shop-tls/0123456789abcdef0123456789abcdef`;
  vault.put('shop-tls', {
    value: '-----BEGIN PRIVATE KEY-----',
    contentType: 'application/x-pem-file',
    kid,
    managed: true,
  });
  vault.put('shop-kid', { value: 'only its key says it', kid });
  vault.put('shop-managed', { value: 'only that says it', managed: true });
  chinese.put('shop-db', { value: 'in China' });
}, 600_000);

afterAll(async () => {
  tls.setDefaultCACertificates(trusted);
  await clouds?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  vault.instead = undefined;
  vault.challenge = { resource: 'https://vault.azure.net', tenant: TENANT };
  login.refusal = undefined;
  for (const list of [vault.asked, login.asked, clouds.asked]) list.length = 0;
  vault.tokens.clear();
});

describe('a secret of Azure Key Vault', () => {
  it("is what Azure's own client reads, in the version that both ask the vault by", async () => {
    const { answers, scopes, versions } = await sdk(
      '7.4',
      ['get', 'shop-db'],
      ['get', 'shop-db', first],
      ['get', 'shop-tls'],
    );
    const { secrets, certificates } = step();
    const [now, old] = [at('shop-db'), at('shop-db', { version: first })];
    expect([text(await secrets.read(now)), text(await secrets.read(old))]).toEqual(
      answers.slice(0, 2).map(({ value }) => value),
    );
    expect(await secrets.versionOf?.(now)).toEqual({
      id: answers[0].version,
      since: new Date(answers[0].created * 1_000).toISOString(),
    });
    expect((await secrets.versionOf?.(old))?.id).toBe(first);
    expect(text(await certificates.read(certificateAt('shop-tls')))).toBe(answers[2].value);
    expect(answers[2]).toMatchObject({ managed: true, vault: `https://${HOST}`, name: 'shop-tls' });
    expect(scopes).toContain('https://vault.azure.net/.default');
    const asked = vault.asked.map(request => request.split(' ').at(-1));
    expect([new Set(asked), versions.includes('7.4')]).toEqual([new Set(['7.4']), true]);
  });

  it('is read whole, by its key and as a number, once, by an identity that is named once', async () => {
    const { secrets, told, masked } = step();
    const wanted = [at('shop-text'), at('shop-db', { key: 'password' }), at('shop-db', { key: 'port' })];
    const values = await Promise.all(wanted.map(one => secrets.read(one)));
    expect(values.map(text)).toEqual([PASSWORD, PASSWORD, '5432']);
    expect(vault.asked).toHaveLength(2);
    expect(told).toEqual([
      `Azure is asked for secrets of vault.azure.net as ${CLIENT} of the tenant ${TENANT}, from the input "azure-client-id"`,
    ]);
    expect(masked).toEqual(['github-token-for-api://AzureADTokenExchange', tokenOf(CLIENT, TENANT)]);
  });

  it('of another cloud is asked for with a token of that cloud', async () => {
    const { secrets } = step();
    expect(text(await secrets.read({ from: 'azure', path: `${CHINA}/shop-db` }))).toBe('in China');
    expect(login.asked.map(({ form }) => [form['scope'], form['client_assertion']])).toEqual([
      ['https://vault.azure.cn/.default', 'github-token-for-api://AzureADTokenExchangeChina'],
    ]);
    expect([...clouds.asked]).not.toContain('login.microsoftonline.com');
  });

  it('that is valid now is read', async () => {
    expect(text(await step().secrets.read(at('shop-between')))).toBe(PASSWORD);
  });

  it.each([
    ['is missing', 'shop-nothing', {}, 'secret-missing', /has no secret ".*shop-nothing"; fix "path"/],
    [
      'lacks the version',
      'shop-db',
      { version: '0'.repeat(32) },
      'secret-missing',
      /with this version; fix "version"/,
    ],
    ['was deleted', 'shop-gone', {}, 'secret-missing', /was deleted; restore it/],
    ['is disabled', 'shop-disabled', {}, 'cloud-secret-unusable', /is disabled/],
    ['has expired', 'shop-ended', {}, 'cloud-secret-unusable', /was valid until 20/],
    ['is not valid yet', 'shop-early', {}, 'cloud-secret-unusable', /is not valid before 20/],
    ['lacks the key', 'shop-db', { key: 'pasword' }, 'secret-missing', /did you mean "password"\?/],
    ['has an empty field', 'shop-db', { key: 'empty' }, 'secret-missing', /is empty/],
    ['is text where a key is asked for', 'shop-text', { key: 'a' }, 'secret-not-text', /not a JSON object/],
    ["is a certificate's", 'shop-tls', {}, 'secret-not-allowed', /private key of a certificate/],
    ["has a certificate's key", 'shop-kid', {}, 'secret-not-allowed', /private key of a certificate/],
    ['is managed', 'shop-managed', {}, 'secret-not-allowed', /private key of a certificate/],
    ['is a PKCS #12 file', 'shop-upload', {}, 'secret-not-allowed', /private key of a certificate/],
  ] as const)(
    'that %s is refused in one sentence without a word of it',
    async (_name, name, rest, code, message) => {
      const reading = step().secrets.read(at(name, rest));
      await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      await expect(reading).rejects.not.toThrow(/p@ss|second line|5432|PRIVATE KEY-|TUlJ|says it/);
    },
  );

  it('is opened with all others of a run, and all that is wrong is said at once', async () => {
    const { secrets, certificates } = step();
    const open = async (references: readonly SecretReference[]) =>
      await openSecrets({
        requests: references.map((reference, index) => ({ word: `word-${index}`, reference })),
        stores: { azure: secrets, 'azure-certificate': certificates },
        allowances: parseAllowances([`azure=${HOST}/shop-*`, `azure-certificate=${HOST}/shop-upload`]),
        mask: () => {},
      });
    const file = { ...certificateAt('shop-upload'), decode: 'base64' } as const;
    const { values, versions } = await open([at('shop-text'), file]);
    expect(values.get('word-1')).toEqual(Buffer.from('TUlJ', 'base64'));
    expect(versions.get('word-1')?.id).toMatch(/^f+1$/);
    const wrong = [at('shop-gone'), at('shop-disabled'), at('shop-text', { decode: 'base64' }), file];
    const failure = open(wrong as SecretReference[]);
    await expect(failure).rejects.toMatchObject({
      problems: ['secret-missing', 'cloud-secret-unusable', 'secret-not-text'].map(code => ({ code })),
    });
    await expect(failure).rejects.not.toThrow(/p@ss|TUlJ/);
    const listed = open([certificateAt('shop-tls')]);
    await expect(listed).rejects.toMatchObject({ code: 'secret-not-allowed' });
  });

  it('is not a certificate', async () => {
    const reading = step().certificates.read(certificateAt('shop-text'));
    await expect(reading).rejects.toMatchObject({ code: 'secret-missing' });
    expect(text(await step().certificates.read(certificateAt('shop-upload')))).toBe('TUlJ');
  });
});

describe('what a vault answers', () => {
  const bundle = { value: PASSWORD, id: `https://${HOST}/secrets/shop-db/${'a'.repeat(32)}`, attributes: {} };

  it.each([
    ['another name', { id: `https://${HOST}/secrets/shop-other/${'a'.repeat(32)}` }],
    ['another host', { id: `https://other.vault.azure.net/secrets/shop-db/${'a'.repeat(32)}` }],
    ['another kind', { id: `https://${HOST}/keys/shop-db/${'a'.repeat(32)}` }],
    ['no version', { id: `https://${HOST}/secrets/shop-db` }],
    ['nothing', { id: undefined }],
    ['no value', { value: undefined }],
  ])('is refused if it is about %s', async (_name, change) => {
    vault.instead = (_request, response) => send(response, 200, { ...bundle, ...change });
    const reading = step().secrets.read(at('shop-db'));
    await expect(reading).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    await expect(reading).rejects.not.toThrow(/p@ss/);
  });

  it('is refused if it is another version, and taken for the same name in capitals', async () => {
    vault.instead = (_request, response) => send(response, 200, bundle);
    const other = step().secrets.read(at('shop-db', { version: 'b'.repeat(32) }));
    await expect(other).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    expect(text(await step().secrets.read(at('Shop-DB')))).toBe(PASSWORD);
  });

  it.each([
    [
      'no right by a role',
      403,
      'Forbidden',
      'ForbiddenByRbac',
      'cloud-forbidden',
      /the role "Key Vault Secrets User"/,
    ],
    ['no right by a policy', 403, 'Forbidden', 'AccessDenied', 'cloud-forbidden', /the access policy/],
    ['a firewall', 403, 'Forbidden', 'ForbiddenByFirewall', 'cloud-forbidden', /the firewall of the vault/],
    [
      'a private vault',
      403,
      'Forbidden',
      'ForbiddenByConnection',
      'cloud-forbidden',
      /the firewall of the vault/,
    ],
    ['an expired token', 401, 'Unauthorized', '', 'cloud-login-refused', /has expired; log in again/],
    ['an error of tomorrow', 400, 'NewError', '', 'cloud-answer-invalid', /status 400 \(NewError\)/],
  ] as const)(
    'is one sentence for %s, and nothing of it is repeated',
    async (_name, status, code, inner, expected, message) => {
      vault.instead = (_request, response) => fail(response, status, code, `expired: ${PASSWORD}`, inner);
      const reading = step().secrets.read(at('shop-db'));
      await expect(reading).rejects.toMatchObject({
        code: expected,
        message: expect.stringMatching(message),
      });
      await expect(reading).rejects.not.toThrow(/p@ss/);
    },
  );

  it.each([
    ['throttles', 429, /still throttles/],
    ['is busy', 503, /still answers with status 503/],
  ] as const)('is asked for three times more if it %s, and then given up', async (_name, status, message) => {
    vault.instead = (_request, response) => fail(response, status, 'Throttled', PASSWORD);
    const { secrets, pauses } = step();
    const reading = secrets.read(at('shop-db'));
    await expect(reading).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: expect.stringMatching(message),
    });
    expect([vault.asked.length, pauses.length]).toEqual([4, 3]);
  });

  it('is asked for again after half of it, and never taken for the whole', async () => {
    vault.instead = (_request, response) => {
      response.writeHead(200, { 'Content-Length': '900' });
      response.write('{"value":"p@', () => response.destroy());
    };
    await expect(step().secrets.read(at('shop-db'))).rejects.toMatchObject({ code: 'cloud-unreachable' });
    expect(vault.asked).toHaveLength(4);
    vault.instead = (_request, response) => void response.end('{"value":"p@');
    await expect(step().secrets.read(at('shop-db'))).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
  });

  it('is missing where no vault has the name', async () => {
    const reading = step().secrets.read({ from: 'azure', path: 'nothing.vault.azure.net/shop-db' });
    await expect(reading).rejects.toMatchObject({ code: 'cloud-unreachable' });
  });

  it.each([
    ['another resource', { resource: 'https://stranger.example', tenant: TENANT }, 'cloud-answer-invalid'],
    ['the end of another name', { resource: 'https://azure.net', tenant: TENANT }, 'cloud-answer-invalid'],
    [
      'the vaults of another cloud',
      { resource: 'https://vault.azure.cn', tenant: TENANT },
      'cloud-answer-invalid',
    ],
    ['another tenant', { resource: 'https://vault.azure.net', tenant: OTHER_TENANT }, 'cloud-other-account'],
  ] as const)('gets no token if it asks for one of %s', async (_name, challenge, code) => {
    vault.challenge = { ...challenge };
    await expect(step().secrets.read(at('shop-db'))).rejects.toMatchObject({ code });
    expect([vault.tokens.size, login.asked.length]).toEqual([0, 0]);
  });

  it("gets none from Azure's own client either if it asks for one of another resource", async () => {
    vault.challenge = { resource: 'https://stranger.example', tenant: TENANT };
    const { answers } = await sdk('7.4', ['get', 'shop-db']);
    expect([answers[0].error, vault.tokens.size]).toEqual(['ValueError', 0]);
  });
});

describe('the identity that asks Azure', () => {
  const read = (more: Parameters<typeof azureStores>[0]) => {
    const stores = azureStores({ ...more, environment: { ...environment, ...more.environment } });
    return { ...stores, reading: stores.secrets.read(at('shop-text')) };
  };
  const variables = { AZURE_CLIENT_ID: CLIENT, AZURE_TENANT_ID: TENANT };

  it('is that of a federated token, whose file is not in the workspace', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'header.payload.signature\n');
    const given = { environment: { ...variables, AZURE_FEDERATED_TOKEN_FILE: file } };
    const { reading, told, masked } = read(given);
    expect(text(await reading)).toBe(PASSWORD);
    expect([told[0], masked[0]]).toEqual([
      expect.stringMatching(/AZURE_FEDERATED_TOKEN_FILE$/),
      'header.payload.signature',
    ]);
    login.asked.length = 0;
    await expect(read({ ...given, workspace: folder }).reading).rejects.toThrow(/is in the workspace/);
    expect(login.asked).toEqual([]);
  });

  it('is the session of az, which gets nothing but what it needs, and is not one of the workspace', async () => {
    const [tools, workspace] = [join(folder, 'tools'), join(folder, 'workspace')];
    for (const place of [tools, join(workspace, 'bin')]) {
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'az'), '#!/bin/sh\n');
      await chmod(join(place, 'az'), 0o755);
    }
    await mkdir(join(folder, 'links'));
    await symlink(join(workspace, 'bin', 'az'), join(folder, 'links', 'az'));
    const started: { command: string; args: readonly string[]; environment: object | undefined }[] = [];
    const exec: Exec = async (command, args, { environment: given } = {}) => {
      started.push({ command, args, environment: given });
      const stdout = JSON.stringify({
        accessToken: tokenOf(CLIENT, TENANT),
        tenant: TENANT,
        tokenType: 'Bearer',
      });
      return { exitCode: 0, stdout, stderr: '' };
    };
    const PATH = [join(workspace, 'bin'), relative(process.cwd(), tools), join(folder, 'links'), tools].join(
      ':',
    );
    const more = {
      PATH,
      HOME: '/home/runner',
      AZURE_CLIENT_SECRET: PASSWORD,
      AZURE_AUTHORITY_HOST: 'https://a.example',
    };
    const { reading, told } = read({ environment: more, exec, workspace });
    expect(text(await reading)).toBe(PASSWORD);
    expect(started.map(({ command, args }) => [command, ...args].join(' '))).toEqual([
      `${join(tools, 'az')} account get-access-token --resource https://vault.azure.net --output json`,
    ]);
    expect(started[0]?.environment).toMatchObject({ AZURE_CONFIG_DIR: '/home/runner/.azure' });
    expect(Object.keys(started[0]?.environment ?? {}).filter(name => /SECRET|AUTHORITY/.test(name))).toEqual(
      [],
    );
    expect(told[0]).toMatch(/from the session of az$/);
    const own = read({
      environment: { ...more, AZURE_CONFIG_DIR: join(workspace, '.azure') },
      exec,
      workspace,
    });
    await expect(own.reading).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    expect(started).toHaveLength(1);
  });

  it.each([
    [
      'has no session',
      async () => ({ exitCode: 1, stdout: '', stderr: "Please run 'az login'" }),
      'cloud-identity-missing',
    ],
    [
      'has one that ended',
      async () => ({ exitCode: 1, stdout: '', stderr: 'AADSTS700024: p@ss' }),
      'cloud-login-refused',
    ],
    [
      'cannot be run',
      () => Promise.reject(new SlipwayError({ code: 'command-not-found', message: 'no' })),
      'cloud-identity-missing',
    ],
  ] as const)('is missing if az %s', async (_name, exec, code) => {
    const tools = join(folder, 'tools');
    const { reading } = read({ environment: { PATH: tools, HOME: '/home/runner' }, exec });
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.not.toThrow(/p@ss/);
    expect(vault.tokens.size).toBe(0);
  });

  it('is refused by the vault of another tenant before it gets the token', async () => {
    const stdout = JSON.stringify({ accessToken: tokenOf(CLIENT, OTHER_TENANT) });
    const exec: Exec = async () => ({ exitCode: 0, stdout, stderr: '' });
    const { reading } = read({ environment: { PATH: join(folder, 'tools'), HOME: '/home/runner' }, exec });
    await expect(reading).rejects.toMatchObject({ code: 'cloud-other-account' });
    expect(vault.tokens.size).toBe(0);
  });

  it('is that of the machine only where the workflow says so', async () => {
    const asked: string[] = [];
    const sendToMachine: Parameters<typeof azureStores>[0]['sendToMachine'] = async ({ url, headers }) => {
      asked.push(`${url.href} ${headers['metadata']}`);
      return { status: 200, headers: {}, text: '', body: { access_token: tokenOf(CLIENT, TENANT) } };
    };
    await expect(read({ sendToMachine }).reading).rejects.toMatchObject({ code: 'cloud-identity-missing' });
    expect(asked).toEqual([]);
    const { reading, told } = read({ sendToMachine, identity: { from: 'instance' } });
    expect(text(await reading)).toBe(PASSWORD);
    const url = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01';
    expect(asked).toEqual([`${url}&resource=https%3A%2F%2Fvault.azure.net true`]);
    expect(told[0]).toMatch(/from cloud-identity: instance$/);
    const none = async () => ({ status: 400, headers: {}, text: '', body: { error: 'invalid_request' } });
    const without = read({ sendToMachine: none, identity: { from: 'instance' } });
    await expect(without.reading).rejects.toMatchObject({ code: 'cloud-identity-missing' });
  });

  it.each([
    ['700213', /no federated credential has the subject/],
    ['700212', /the audience/],
    ['700016', /no such application/],
    ['700024', /has expired/],
    ['999999', /AADSTS999999, status 401/],
  ] as const)('is refused by Entra with AADSTS%s in one sentence', async (number, message) => {
    login.refusal = number;
    const { secrets, pauses } = step();
    const reading = secrets.read(at('shop-db'));
    await expect(reading).rejects.toMatchObject({
      code: 'cloud-login-refused',
      message: expect.stringMatching(message),
    });
    await expect(reading).rejects.not.toThrow(/no message repeats/);
    expect([pauses.length, vault.tokens.size]).toEqual([0, 0]);
  });
});
