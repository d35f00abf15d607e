import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, textMap } from '@slipway/core';
import { type RunningAws, type RunningVault, startAws, startVault, toolPath } from '@slipway/testbed';
import type { StepResult } from '@slipway/testbed/runner';
import { type CloudProxy, fail, keyVault, startCloudProxy, tokenOf } from '@slipway/testkit/clouds';
import { recordText, useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, type Workspace } from './fixture.ts';
import { formsIn, leaksIn, leakyIn } from './shown-secrets.ts';
import { filesBelow, type SeenProgram, type WatchedPrograms, watchPrograms } from './watched-programs.ts';

const STORES = ['env', 'age', 'pgp', 'vault', 'aws', 'parameter', 'google', 'azure'] as const;
const secretOf = (store: string): string => `leaky-${store}-value`;
const HOST = 'shop.vault.azure.net';
/** Credentials that programs print, and that no other program needs. */
const KEYS = { aws: 'leaky-aws-key', google: 'leaky-google-token', vault: 'leaky-vault-token' } as const;
const AZURE_TOKEN = `${tokenOf('any', 'any').replace(/\.[^.]*$/, '')}.leaky-azure-token`;
/** What a search of each process and of all files must find, else it looks at nothing. */
const CONTROL = { process: 'leaky-programs', file: 'leaky-control' } as const;

const CONFIG = `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.env": {from: env, name: TOKEN}
    "*.*.age": {from: sops, file: secrets/age.yaml, key: password}
    "*.*.pgp": {from: sops, file: secrets/pgp.yaml, key: password}
    "*.*.vault": {from: vault, path: kv/shop/database, key: password}
    "*.*.aws": {from: aws, path: ACCOUNT/eu-central-1/shop/database, key: password}
    "*.*.parameter": {from: aws-ssm, path: ACCOUNT/eu-central-1/shop/database}
    "*.*.google": {from: gcp, path: shop-production/database, key: password}
    "*.*.azure": {from: azure, path: ${HOST}/database, key: password}
`;
const STENCIL = `
apiVersion: v1
kind: Secret
metadata: {name: all}
stringData:
${STORES.map(store => `  ${store}: \${secret.${store}}`).join('\n')}
`;
const ALLOWED = [
  ...['env=TOKEN', 'sops=secrets/*', 'vault=kv/shop/*', 'gcp=shop-production/*', `azure=${HOST}/*`],
  ...['aws=ACCOUNT/eu-central-1/shop/*', 'aws-ssm=ACCOUNT/eu-central-1/shop/*', 'sops-pgp=FINGERPRINT'],
].join('\n');

const cluster = useOpenCluster();
const { client, testbed } = cluster;
const accepts = (token: string): boolean => token === AZURE_TOKEN;
const azure = keyVault(HOST, 'https://vault.azure.net', accepts);
let vault: RunningVault;
let aws: RunningAws;
let google: Server;
let clouds: CloudProxy;
let ageKey: string;
let ring: string;
let fingerprint: string;
let encrypted: Readonly<Record<string, string>>;
let programs: Readonly<Record<string, string>>;

beforeAll(async () => {
  [vault, aws] = await Promise.all([startVault({ tls: true }), startAws()]);
  clouds = await startCloudProxy({ [HOST]: azure.listener });
  azure.put('database', { value: JSON.stringify({ password: secretOf('azure') }) });
  google = await startGoogle();
  await Promise.all([fillVault(), fillAws(), encryptFiles()]);
  programs = await makePrograms();
});

afterAll(async () => {
  if (ring !== undefined) execFileSync('gpgconf', ['--homedir', ring, '--kill', 'all']);
  google?.close();
  await Promise.all([vault?.stop(), aws?.stop(), clouds?.stop()]);
});

async function startGoogle(): Promise<Server> {
  const data = Buffer.from(JSON.stringify({ password: secretOf('google') })).toString('base64');
  const name = 'projects/123456789012/secrets/database/versions/1';
  const server = createServer((request, response) => {
    const isRight =
      request.headers.authorization === `Bearer ${KEYS.google}` && request.url?.endsWith('latest:access');
    response.writeHead(isRight ? 200 : 403).end(JSON.stringify(isRight ? { name, payload: { data } } : {}));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return server;
}

async function fillVault(): Promise<void> {
  const { request } = vault;
  await request('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } });
  await request('POST', 'kv/data/shop/database', { data: { password: secretOf('vault') } });
  const policy = 'path "kv/data/shop/*" { capabilities = ["read"] }';
  await request('PUT', 'sys/policies/acl/shop', { policy });
  await request('POST', 'auth/token/create', { id: KEYS.vault, policies: ['shop'], ttl: '1h' });
}

async function fillAws(): Promise<void> {
  const secret = JSON.stringify({ password: secretOf('aws') });
  await aws.aws(['secretsmanager', 'create-secret', '--name', 'shop/database', '--secret-string', secret]);
  const parameter = ['--name', '/shop/database', '--type', 'SecureString', '--value', secretOf('parameter')];
  await aws.aws(['ssm', 'put-parameter', ...parameter]);
}

async function encryptFiles(): Promise<void> {
  const [sops, keygen] = await Promise.all([toolPath('sops'), toolPath('age-keygen')]);
  const folder = await mkdtemp(join(testbed.directory, 'sops-'));
  const printed = execFileSync(keygen, { encoding: 'utf8', stdio: 'pipe' });
  ageKey = /^AGE-SECRET-KEY-.*$/m.exec(printed)?.[0] ?? '';
  ring = join(folder, 'ring');
  await mkdir(ring, { mode: 0o700 });
  const gpg = (...args: string[]): string =>
    execFileSync('gpg', ['--homedir', ring, '--batch', '--passphrase', '', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  gpg('--quick-generate-key', 'shop@acme.io', 'future-default', 'default', 'never');
  fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
  const recipient = /public key: (\S+)/.exec(printed)?.[1] ?? '';
  const files: Record<string, string> = {};
  for (const [name, ...to] of [
    ['age', '--age', recipient],
    ['pgp', '--pgp', fingerprint],
  ] as const) {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, `password: ${secretOf(name)}\n`);
    const env = { ...process.env, GNUPGHOME: ring };
    execFileSync(sops, ['--config', '/dev/null', 'encrypt', ...to, '--in-place', path], { env });
    files[`secrets/${name}.yaml`] = await readFile(path, 'utf8');
  }
  encrypted = files;
}

/** The real sops and gpg; of the programs of the clouds, what prints a session that someone left. */
async function makePrograms(): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(testbed.directory, 'programs-'));
  const prints = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, `${name}.txt`), text);
    await writeFile(join(folder, name), `#!/bin/sh\nexec cat '${join(folder, name)}.txt'\n`, { mode: 0o755 });
    return join(folder, name);
  };
  const key = { Version: 1, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: KEYS.aws };
  return {
    sops: await toolPath('sops'),
    gpg: '/usr/bin/gpg',
    aws: await prints('aws', JSON.stringify(key)),
    gcloud: await prints('gcloud', `${KEYS.google}\n`),
    az: await prints('az', JSON.stringify({ accessToken: AZURE_TOKEN })),
  };
}

interface Run {
  readonly workspace: Workspace;
  readonly watched: WatchedPrograms;
  readonly folders: readonly string[];
}

/** A checkout, with folders for temporary files in which there is one already. */
async function makeRun(namespace: string, change = (config: string): string => config): Promise<Run> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const temporary = await mkdtemp(join(testbed.directory, 'temporary-'));
  await writeFile(join(temporary, 'control'), CONTROL.file);
  const files = { ...encrypted, 'stencils/api.yaml': STENCIL };
  const config = change(CONFIG).replaceAll('ACCOUNT', aws.account);
  const { directory } = testbed;
  const made = await makeWorkspace({
    ...{ directory, namespace, files: { ...files, 'config/database.yaml': config } },
    environment: { TMPDIR: temporary },
  });
  const folders = [made.job.directory, temporary];
  const watched = await watchPrograms({ directory, name: CONTROL.process, programs, folders });
  const environment = { ...made.job.environment, PATH: watched.path };
  return { workspace: { ...made, job: { ...made.job, environment } }, watched, folders };
}

async function run({ workspace, watched }: Run, inputs: object = {}): Promise<StepResult> {
  return await deploy(
    workspace,
    {
      kubeconfig: cluster.kubeconfig,
      secrets: ALLOWED.replaceAll('ACCOUNT', aws.account).replace('FINGERPRINT', fingerprint),
      'vault-address': vault.address,
      'vault-ca': vault.certificateAuthority,
      'aws-endpoint': aws.address,
      'gcp-endpoint': `http://127.0.0.1:${(google.address() as AddressInfo).port}`,
      'cloud-identity': 'profile:shop',
      ...inputs,
    },
    {
      TOKEN: secretOf('env'),
      VAULT_TOKEN: KEYS.vault,
      SOPS_AGE_KEY: ageKey,
      GNUPGHOME: ring,
      HTTPS_PROXY: clouds.environment.HTTPS_PROXY,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: clouds.environment.SSL_CERT_FILE,
      ...watched.environment,
    },
  );
}

/** What the search finds in a process and in the files around it; each is found once if it is there. */
const foundIn = (...texts: readonly string[]): string[] => [...new Set(texts.flatMap(leakyIn))];

function expectControlsOnly(program: SeenProgram): void {
  const { program: name, environment, files } = program;
  const found = [program.arguments, environment].map(words => foundIn(...words));
  expect({ name, found }).toEqual({ name, found: [[CONTROL.process], [CONTROL.process]] });
  for (const text of files) expect({ name, files: foundIn(text) }).toEqual({ name, files: [CONTROL.file] });
  expect(formsIn(program.arguments.join('\n'), [ageKey])).toEqual([]);
  const hasKey = formsIn(environment.join('\n'), [ageKey]).length > 0;
  expect({ name, hasKey: hasKey && name !== 'sops' }).toEqual({ name, hasKey: false });
}

async function expectNothingLeft({ watched, folders }: Run, result: StepResult): Promise<SeenProgram[]> {
  expect(await leaksIn(result, [ageKey])).toEqual([]);
  expect(foundIn(await filesBelow(...folders))).toEqual([CONTROL.file]);
  for (const { file, arguments: args, environment } of await watched.started()) {
    expect(file).toContain(`/${CONTROL.process}/`);
    expect(foundIn(...args, ...environment)).toEqual([CONTROL.process]);
  }
  const seen = await watched.seen();
  for (const program of seen) expectControlsOnly(program);
  return seen;
}

async function contents(namespace: string): Promise<Record<string, string>> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace });
  const secret = items.find(({ metadata, type }) => type === 'Opaque' && /^all(?:-|$)/.test(metadata.name));
  const data = textMap(isJsonObject(secret?.['data']) ? secret['data'] : null);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

const ALL_PROGRAMS = ['aws', 'az', 'gcloud', 'gpg', 'sops'];
const namesOf = (seen: readonly SeenProgram[]): string[] => [
  ...new Set(seen.map(({ program }) => program).sort()),
];

describe('a run with secrets of every store', () => {
  it('has them in no plan, log, summary, record, file, argument or environment of a program that it starts', async () => {
    const made = await makeRun('searched');
    const planned = await run(made, { mode: 'plan' });
    expect(errorsOf(planned)).toEqual([]);
    await expectNothingLeft(made, planned);

    const result = await run(made);
    expect(errorsOf(result)).toEqual([]);
    expect(await contents('searched')).toEqual(
      Object.fromEntries(STORES.map(store => [store, secretOf(store)])),
    );
    const seen = await expectNothingLeft(made, result);
    expect(namesOf(seen)).toEqual(ALL_PROGRAMS);
    expect(leakyIn(await recordText(client, 'searched', 1))).toEqual([]);
    const [withAge] = seen.filter(({ environment }) => environment.join('\n').includes(ageKey));
    expect(withAge?.program).toBe('sops');
  });

  it('has them nowhere either if none can be opened', async () => {
    const made = await makeRun('searched-closed', config =>
      config
        .replaceAll('key: password', 'key: pasword')
        .replace('name: TOKEN', 'name: TOKEN, decode: base64')
        .replace('shop/database}', 'shop/databse}'),
    );
    const result = await run(made);
    const errors = errorsOf(result);
    for (const store of STORES)
      expect(errors).toContainEqual(expect.stringMatching(new RegExp(`secret\\.${store} `)));
    const seen = await expectNothingLeft(made, result);
    expect(namesOf(seen)).toEqual(ALL_PROGRAMS);
  });

  it('repeats none of them if a store says it in a refusal', async () => {
    const made = await makeRun('searched-told');
    azure.instead = (_request, response) => fail(response, 400, 'BadRequest', secretOf('azure'));
    const result = await run(made);
    azure.instead = undefined;
    expect(errorsOf(result)).toEqual([expect.stringMatching(/secret\.azure /)]);
    await expectNothingLeft(made, result);
  });
});
