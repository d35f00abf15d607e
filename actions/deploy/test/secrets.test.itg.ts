import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  type IdentityProvider,
  type RunningAws,
  type RunningVault,
  startAws,
  startIdentityProvider,
  startVault,
  toolPath,
} from '@slipway/testbed';
import { until } from '@slipway/testkit/cluster';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, type Workspace } from './fixture.ts';
import { formsIn, shownBy } from './shown-secrets.ts';

/** Each a text of its own, so that a leak says whose it is. */
const VALUES = {
  env: 'env-p@ss/word "1"',
  sops: 'sops-p@ss: {wörd} 2',
  vault: 'vault-p@ss\nwith a second line 3',
  dotenv: 'dotenv-password-4',
  aws: 'aws-p@ss "word" 5',
  parameter: 'parameter-p@ss/word 6',
} as const;
const BINARY = Buffer.from([0xff, 0x00, 0x80, 0xfe, 0x0a, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47]);
const WHOLE = `# the whole file\npassword: '${VALUES.sops}'\n`;

const CONFIG = `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: env, name: DATABASE_PASSWORD, as: url}
    "*.*.sops.password": {from: sops, file: secrets/shop.yaml, key: password}
    "*.*.sops.json": {from: sops, file: secrets/shop.yaml, key: password, as: json}
    "*.*.sops.whole": {from: sops, file: secrets/shop.yaml}
    "*.*.dotenv": {from: sops, file: secrets/shop.env, key: PASSWORD}
    "*.*.licence": {from: sops, file: secrets/licence.bin}
    "*.*.binary": {from: env, name: BINARY, decode: base64}
    "*.*.vault.password": {from: vault, path: kv/shop/database, key: password}
    "*.*.aws.password": {from: aws, path: ACCOUNT/eu-central-1/shop/database, key: password}
    "*.*.aws.binary": {from: aws, path: ACCOUNT/eu-central-1/shop/licence}
    "*.*.aws.parameter": {from: aws-ssm, path: ACCOUNT/eu-central-1/shop/database}
    "*.*.vault.encoded": {from: vault, path: kv/shop/database, key: password, as: base64}
`;

const STENCIL = `
apiVersion: v1
kind: Secret
metadata: {name: all}
stringData:
  url: postgres://shop:\${secret.database.password}@db
  both: "\${secret.sops.password} and \${secret.vault.password}"
  json: '{"password": \${secret.sops.json}}'
  encoded: \${secret.vault.encoded}
  aws: "\${secret.aws.password} and \${secret.aws.parameter}"
data:
  text: "user:\${secret.dotenv}"
  whole: \${secret.sops.whole}
  licence: \${secret.licence}
  binary: \${secret.binary}
  bytes: \${secret.aws.binary}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {name: listed}
    stringData: {password: "\${secret.vault.password}"}
`;

const ALLOWED = [
  ...['env=DATABASE_PASSWORD', 'env=BINARY', 'sops=secrets/*', 'vault=kv/shop/*'],
  ...['aws=ACCOUNT/eu-central-1/shop/*', 'aws-ssm=ACCOUNT/eu-central-1/shop/*'],
].join('\n');

const cluster = useOpenCluster();
const { client, testbed } = cluster;
let vault: RunningVault;
let github: IdentityProvider;
let aws: RunningAws;
let ageKey: string;
let encrypted: Readonly<Record<string, string>>;
let path: string;

beforeAll(async () => {
  [vault, aws, github] = await Promise.all([
    startVault({ tls: true }),
    startAws(),
    startIdentityProvider({ repository: 'acme/shop', environment: 'staging' }),
  ]);
  path = `${dirname(await toolPath('sops'))}:${process.env['PATH'] ?? ''}`;
  await Promise.all([fillVault(), fillAws(), encryptFiles()]);
});

afterAll(async () => {
  await Promise.all([vault?.stop(), github?.stop(), aws?.stop()]);
});

async function fillVault(): Promise<void> {
  const { request, address } = vault;
  await request('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } });
  await request('POST', 'kv/data/shop/database', { data: { password: VALUES.vault } });
  await request('PUT', 'sys/policies/acl/shop', {
    policy: 'path "kv/data/shop/*" { capabilities = ["read"] }',
  });
  await request('POST', 'sys/auth/jwt', { type: 'jwt' });
  const { issuer } = github;
  await request('POST', 'auth/jwt/config', { oidc_discovery_url: issuer, bound_issuer: issuer });
  await request('POST', 'auth/jwt/role/shop-staging', {
    role_type: 'jwt',
    user_claim: 'repository',
    bound_audiences: [address],
    bound_claims: { repository: 'acme/shop', environment: 'staging' },
    token_policies: 'shop',
  });
}

async function fillAws(): Promise<void> {
  const create = (name: string, ...value: string[]) =>
    aws.aws(['secretsmanager', 'create-secret', '--name', name, ...value]);
  await create('shop/database', '--secret-string', JSON.stringify({ password: VALUES.aws }));
  const licence = join(testbed.directory, 'licence.bin');
  await writeFile(licence, BINARY);
  await create('shop/licence', '--secret-binary', `fileb://${licence}`);
  const parameter = ['--name', '/shop/database', '--type', 'SecureString', '--value', VALUES.parameter];
  await aws.aws(['ssm', 'put-parameter', ...parameter]);
}

/** With the account of the testbed's AWS. */
function withAccount(text: string): string {
  return text.replaceAll('ACCOUNT', aws.account);
}

const AWS_KEY = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'aws-access-key-7' };

async function encryptFiles(): Promise<void> {
  const [sops, keygen] = await Promise.all([toolPath('sops'), toolPath('age-keygen')]);
  ageKey = execFileSync(keygen, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const recipient = /public key: (\S+)/.exec(ageKey)?.[1] ?? '';
  const folder = await mkdtemp(join(testbed.directory, 'sops-'));
  const plain = { 'shop.yaml': WHOLE, 'shop.env': `PASSWORD=${VALUES.dotenv}\n`, 'licence.bin': BINARY };
  const files: Record<string, string> = {};
  for (const [name, content] of Object.entries(plain)) {
    await writeFile(join(folder, name), content);
    execFileSync(sops, ['encrypt', '--age', recipient, '--in-place', name], { cwd: folder });
    files[`secrets/${name}`] = await readFile(join(folder, name), 'utf8');
  }
  encrypted = files;
}

async function workspaceIn(
  namespace: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Workspace> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return await makeWorkspace({
    directory: testbed.directory,
    namespace,
    path,
    files: {
      ...encrypted,
      'stencils/secrets.yaml': STENCIL,
      ...files,
      'config/database.yaml': withAccount(files['config/database.yaml'] ?? CONFIG),
    },
  });
}

const environment = (): Record<string, string> => ({
  DATABASE_PASSWORD: VALUES.env,
  BINARY: BINARY.toString('base64'),
  SOPS_AGE_KEY: ageKey,
  ...AWS_KEY,
  ...github.environment,
});

const inputs = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  kubeconfig: cluster.kubeconfig,
  'aws-endpoint': aws.address,
  'vault-address': vault.address,
  'vault-role': 'shop-staging',
  'vault-ca': vault.certificateAuthority,
  ...more,
  secrets: withAccount(more['secrets'] ?? ALLOWED),
});

async function secretsOf(namespace: string, type: string): Promise<readonly KubernetesObject[]> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace });
  return items.filter(item => item['type'] === type);
}

async function contentOf(namespace: string, name: string): Promise<Record<string, Buffer>> {
  const secrets = await secretsOf(namespace, 'Opaque');
  const secret = secrets.find(
    ({ metadata }) => metadata.name === name || metadata.name.startsWith(`${name}-`),
  );
  const data = textMap(isJsonObject(secret?.['data']) ? secret['data'] : null);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

const SEALED = [...Object.values(VALUES), WHOLE, BINARY, AWS_KEY.AWS_SECRET_ACCESS_KEY];

const leaksIn = (text: string): string[] => formsIn(text, SEALED);

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
  );
  return texts.join('\n');
}

describe('a release with secrets of the environment, of SOPS, of Vault and of AWS', () => {
  it('brings every byte to the cluster, and none anywhere else', async () => {
    const workspace = await workspaceIn('sealed');
    const result = await deploy(workspace, inputs(), environment());
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    const url = `postgres://shop:${encodeURIComponent(VALUES.env)}@db`;
    expect(await contentOf('sealed', 'all')).toEqual({
      url: Buffer.from(url),
      both: Buffer.from(`${VALUES.sops} and ${VALUES.vault}`),
      json: Buffer.from(`{"password": ${JSON.stringify(VALUES.sops)}}`),
      encoded: Buffer.from(Buffer.from(VALUES.vault).toString('base64')),
      text: Buffer.from(`user:${VALUES.dotenv}`),
      whole: Buffer.from(WHOLE),
      licence: BINARY,
      binary: BINARY,
      aws: Buffer.from(`${VALUES.aws} and ${VALUES.parameter}`),
      bytes: BINARY,
    });
    expect(await contentOf('sealed', 'listed')).toEqual({ password: Buffer.from(VALUES.vault) });

    expect(leaksIn(await shownBy(result))).toEqual([]);
    const records = await secretsOf('sealed', 'slipway.dev/release');
    expect(records).toHaveLength(1);
    const record = gunzipSync(
      Buffer.from(String(textMap(records[0]?.['data'])['release']), 'base64'),
    ).toString();
    expect(record).toContain('slipway-sealed(vault.password)');
    expect(leaksIn(`${record}${JSON.stringify(records[0]?.metadata)}`)).toEqual([]);
    expect(leaksIn(await filesBelow(workspace.job.directory))).toEqual([]);
  });

  it('takes its variables from secret-values as well, and gives them to no file and no log', async () => {
    const namespace = 'given';
    const workspace = await workspaceIn(namespace);
    const { DATABASE_PASSWORD: password = '', BINARY: binary, ...others } = environment();
    const values = `DATABASE_PASSWORD<<END\n${password}\nsecond line 6\nEND\nBINARY=${binary}\nSOPS_AGE_KEY=${ageKey.split('\n').find(line => line.startsWith('AGE-'))}`;
    const result = await deploy(workspace, inputs({ 'secret-values': values }), {
      ...others,
      SOPS_AGE_KEY: '',
    });
    expect(errorsOf(result)).toEqual([]);
    const url = `postgres://shop:${encodeURIComponent(`${password}\nsecond line 6`)}@db`;
    expect(await contentOf(namespace, 'all')).toMatchObject({ url: Buffer.from(url), binary: BINARY });
    const shown = await shownBy(result);
    expect([
      ...leaksIn(shown),
      ...['second line 6', 'AGE-SECRET-KEY'].filter(text => shown.includes(text)),
    ]).toEqual([]);
    expect(leaksIn(await filesBelow(workspace.job.directory))).toEqual([]);
  });

  it('masks the lines of secret-values before it says what is wrong with an input', async () => {
    const workspace = await workspaceIn('early');
    const values = 'NOT_ALLOWED<<END\nhunter-one\nhunter-two\nEND';
    const result = await deploy(workspace, inputs({ 'secret-values': values, mode: 'hunter-two' }), {});
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/^input "mode" is "\*\*\*"/),
      expect.stringMatching(/^input "secret-values" sets a variable that the step may not read in line 1/),
      expect.stringMatching(/^input "secrets" names SOPS files/),
      expect.stringMatching(/^input "aws-role" is missing/),
    ]);
    expect(await shownBy(result)).not.toContain('hunter');
  });

  it('changes nothing the second time, and a plan asks no store', async () => {
    const workspace = await workspaceIn('again');
    expect(errorsOf(await deploy(workspace, inputs(), environment()))).toEqual([]);
    const second = await deploy(workspace, inputs(), environment());
    expect(second.outputs).toMatchObject({ release: '2', changes: '0' });
    const plan = await deploy(workspace, inputs({ mode: 'plan', 'vault-role': '' }), {});
    expect(errorsOf(plan)).toEqual([]);
    expect(leaksIn(`${await shownBy(second)}${await shownBy(plan)}`)).toEqual([]);
  });

  it('keeps them out of what the cluster says when it refuses a Secret', async () => {
    const workspace = await workspaceIn('told');
    expect(errorsOf(await deploy(workspace, inputs(), environment()))).toEqual([]);
    await client.create({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'tell-tale' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'told' } },
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['secrets'],
            },
          ],
        },
        validations: [
          {
            expression: "object.metadata.name != 'all'",
            messageExpression:
              "'no: ' + object.data.whole + ' ' + object.data.text + ' ' + oldObject.data.url",
          },
        ],
      },
    } as unknown as KubernetesObject);
    await client.create({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'tell-tale' },
      spec: { policyName: 'tell-tale', validationActions: ['Deny'] },
    } as unknown as KubernetesObject);
    // A policy takes a moment until requests meet it.
    const told = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'all', namespace: 'told' } };
    const tryOut = { fieldManager: 'test', force: true, dryRun: true };
    await until(async () => {
      const refusal = await client.apply(told, tryOut).catch(error => error as Error);
      return refusal instanceof Error && refusal.message.includes('tell-tale');
    });
    const changed = { ...environment(), DATABASE_PASSWORD: 'another-password-5' };
    const applied = await deploy(workspace, inputs(), changed);
    // A plan knows no value, so that nothing is masked in it.
    const planned = await deploy(workspace, inputs({ mode: 'plan', 'allow-older': 'true' }), {});
    expect(applied.exitCode).toBe(1);
    expect(errorsOf(applied)).toEqual([
      expect.stringMatching(/'tell-tale' denied request; the reason is not shown,[^']*$/),
    ]);
    for (const result of [applied, planned]) {
      const shown = await shownBy(result);
      expect(shown).not.toContain('no: ');
      expect(leaksIn(shown)).toEqual([]);
    }
  });
});

describe('without a role, the step logs in to Vault by what its environment holds', () => {
  it.each([
    [
      'a role ID and its secret ID',
      async () => {
        const { request } = vault;
        await request('POST', 'sys/auth/approle', { type: 'approle' });
        await request('POST', 'auth/approle/role/shop', { token_policies: 'shop' });
        const { data: role } = await request('GET', 'auth/approle/role/shop/role-id');
        const { data: secret } = await request('POST', 'auth/approle/role/shop/secret-id');
        return { VAULT_ROLE_ID: String(role?.['role_id']), VAULT_SECRET_ID: String(secret?.['secret_id']) };
      },
    ],
    [
      'a token',
      async () => {
        const { auth } = await vault.request('POST', 'auth/token/create', { policies: ['shop'] });
        return { VAULT_TOKEN: auth?.client_token ?? '' };
      },
    ],
  ])('%s, and shows neither', async (name, makeCredentials) => {
    const credentials: Record<string, string> = await makeCredentials();
    const namespace = name.replaceAll(' ', '-').toLowerCase();
    const workspace = await workspaceIn(namespace);
    const certificate = join(testbed.directory, 'vault.pem');
    await writeFile(certificate, vault.certificateAuthority);
    const given = inputs({ 'vault-role': '', 'vault-ca': certificate });
    const result = await deploy(workspace, given, { ...environment(), ...credentials });
    expect(errorsOf(result)).toEqual([]);
    expect(await contentOf(namespace, 'listed')).toEqual({ password: Buffer.from(VALUES.vault) });
    const shown = await shownBy(result);
    for (const secret of Object.entries(credentials).filter(([variable]) => variable !== 'VAULT_ROLE_ID'))
      expect(shown).not.toContain(secret[1]);
  });
});

describe('secrets that cannot be opened', () => {
  it('are told all at once, each at its entry of the config, and nothing is written', async () => {
    const config = CONFIG.replace('from: env, name: DATABASE_PASSWORD', 'from: env, name: OTHER_PASSWORD')
      .replace('secrets/shop.env, key: PASSWORD', 'secrets/shop.env, key: PASSWROD')
      .replace('secrets/licence.bin', 'secrets/lisence.bin');
    const workspace = await workspaceIn('closed', { 'config/database.yaml': config });
    const secrets = ALLOWED.replace('DATABASE_PASSWORD', 'OTHER_PASSWORD');
    const result = await deploy(
      workspace,
      inputs({ secrets, 'vault-role': 'shop-production' }),
      environment(),
    );
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^config\/database\.yaml:6:5: secret\.database\.password cannot be opened: the environment of the step has no "OTHER_PASSWORD"; set it under "env:" of the step, or in a line of "secret-values"$/,
      ),
      expect.stringMatching(
        /^config\/database\.yaml:10:5: secret\.dotenv cannot be opened: the SOPS file "secrets\/shop\.env" has no "PASSWROD"; did you mean "PASSWORD"\?$/,
      ),
      expect.stringMatching(
        /^config\/database\.yaml:11:5: secret\.licence cannot be opened: there is no file "secrets\/lisence\.bin" in the folder of slipway\.yaml; fix "file" of this entry, or commit the file$/,
      ),
      expect.stringMatching(
        /^config\/database\.yaml:13:5: secret\.vault\.password and 1 more cannot be opened: Vault refuses the login as "shop-production" at "auth\/jwt": there is no such role; check vault-role$/,
      ),
    ]);
    expect(result.outputs['release']).toBeUndefined();
    expect(await secretsOf('closed', 'slipway.dev/release')).toEqual([]);
    expect(leaksIn(await shownBy(result))).toEqual([]);
  });

  interface Case {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
    readonly says: RegExp;
  }
  const cases: Readonly<Record<string, () => Case>> = {
    'a secret that is not on the list': () => ({
      inputs: { secrets: ALLOWED.replace('vault=kv/shop/*', 'vault=kv/*') },
      says: /^config\/database\.yaml:13:5: deploy may not read "vault=kv\/shop\/database", which secret\.vault\.password refers to; add it to the input "secrets"/,
    }),
    'a Vault that is not there': () => ({
      inputs: { 'vault-address': 'https://127.0.0.1:1' },
      says: /config\/database\.yaml:13:5: secret\.vault\.password and 1 more cannot be opened: Vault at https:\/\/127\.0\.0\.1:1 does not answer/,
    }),
    'an account that the step is not logged in to': () => ({
      inputs: { secrets: ALLOWED.replaceAll('ACCOUNT', '111122223333') },
      files: { 'config/database.yaml': CONFIG.replaceAll('ACCOUNT', '111122223333') },
      says: /config\/database\.yaml:14:5: secret\.aws\.password.* cannot be opened: "111122223333\/eu-central-1\/shop\/database" is in the account 111122223333, and the step is logged in as "arn:aws:/,
    }),
    'an invalid certificate authority': () => ({
      inputs: { 'vault-ca': 'slipway.yaml' },
      says: /the file "slipway\.yaml" of input "vault-ca" does not contain a certificate; give its path, or the certificate itself in PEM/,
    }),
    'a job without the permission for a token': () => ({
      environment: { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
      says: /the job may not request an identity token from GitHub; add "id-token: write"/,
    }),
    'a SOPS file without its key': () => ({
      environment: {
        SOPS_AGE_KEY: execFileSync(join(path.split(':')[0] ?? '', 'age-keygen'), {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      },
      says: /config\/database\.yaml:7:5: secret\.sops\.password and \d more cannot be opened: no key of the step opens "secrets\/shop\.yaml"/,
    }),
    'a list that names SOPS, and no key': () => ({
      environment: { SOPS_AGE_KEY: '' },
      says: /input "secrets" names SOPS files, but the step has no key; set SOPS_AGE_KEY/,
    }),
    'bytes where only text can be used': () => ({
      files: {
        'stencils/secrets.yaml': STENCIL.replace(
          'encoded: ${secret.vault.encoded}',
          'encoded: ${secret.licence}',
        ),
      },
      says: /secret\.licence is not text, but \/stringData\/encoded of Secret .*all must be; put it into "data"/,
    }),
  };

  it.each(Object.entries(cases))('%s is one clear sentence', async (name, make) => {
    const { says, ...scene } = make();
    const workspace = await workspaceIn(name.replace(/\W+/g, '-').toLowerCase().slice(0, 40), scene.files);
    const result = await deploy(workspace, inputs(scene.inputs), {
      ...environment(),
      ...scene.environment,
    });
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join('\n')).toMatch(says);
    expect(leaksIn(await shownBy(result))).toEqual([]);
  });
});
