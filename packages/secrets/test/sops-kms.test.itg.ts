import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { type CloudProxy, startCloudProxy } from '@slipway/testkit/clouds';
import { ACCOUNT, type LocalKms, REGION, startLocalKms } from './local-kms.ts';
import { encryptSops, openSops } from './open-sops.ts';

const CONTENT = '{"password": "p@ss", "host_unencrypted": "db"}';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDSHOP', AWS_SECRET_ACCESS_KEY: 'a-long-secret-key' };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/shop-deploy`;
const CONTEXT = 'context=app:shop,env:production';
const KMS = `kms.${REGION}.amazonaws.com`;

let folder: string;
let kms: LocalKms;
let clouds: CloudProxy;
let key: string;
let other: string;
let ageKey: string;
/** What answers instead of KMS, for one test. */
let instead: RequestListener | undefined;
let roleRequests: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-sops-kms-'));
  kms = await startLocalKms();
  clouds = await startCloudProxy({
    [KMS]: (request, response) => (instead ?? kms.listener)(request, response),
    [`sts.${REGION}.amazonaws.com`]: answerSts,
  });
  [key, other] = (await Promise.all([makeKey(), makeKey()])) as [string, string];
  await kms.call('CreateAlias', { AliasName: 'alias/shop', TargetKeyId: key.split('/')[1] });
  ageKey = execFileSync(await toolPath('age-keygen'), { encoding: 'utf8', stdio: 'pipe' });
  const recipient = /public key: (\S+)/.exec(ageKey)?.[1] ?? '';
  const context = ['--encryption-context', 'app:shop,env:production'];
  const alias = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/shop`;
  await encrypt('context.json', ['--kms', key, ...context]);
  await encrypt('context.env', ['--kms', key, ...context], 'password=p@ss\n');
  await encrypt('context.yaml', ['--kms', key, ...context], 'password: p@ss\n');
  await encrypt('plain.json', ['--kms', key]);
  await encrypt('alias.json', ['--kms', alias]);
  await encrypt('role.json', ['--kms', `${key}+${ROLE}`]);
  await encrypt('other.json', ['--kms', other]);
  await encrypt('mixed.json', ['--kms', key, '--age', recipient]);
  await encryptBy('partial.json', { kms: key, mac_only_encrypted: true });
  const groups = [{ age: [recipient] }, { kms: [{ arn: key }] }, { kms: [{ arn: other }] }];
  await encryptBy('groups.json', { key_groups: groups, shamir_threshold: 2 });
}, 600_000);

afterAll(async () => {
  await clouds?.stop();
  await kms?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  instead = undefined;
  roleRequests = [];
  clouds.asked.length = 0;
});

async function makeKey(): Promise<string> {
  const { KeyMetadata } = await kms.call('CreateKey', {});
  return (KeyMetadata as { Arn: string }).Arn;
}

async function encrypt(name: string, args: readonly string[], content = CONTENT): Promise<void> {
  await encryptSops(join(folder, name), content, args, { ...CREDENTIALS, ...clouds.environment });
}

/** Encrypts as a rule of sops' configuration says. */
async function encryptBy(name: string, rule: object): Promise<void> {
  const config = join(folder, 'rule.sops.yaml');
  await writeFile(config, JSON.stringify({ creation_rules: [rule] }));
  const environment = { ...CREDENTIALS, ...clouds.environment };
  await encryptSops(join(folder, name), CONTENT, [], environment, { config });
}

/** Answers AssumeRole as AWS does: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Examples */
const answerSts: RequestListener = async (request, response) => {
  const form = new URLSearchParams((await request.toArray()).join(''));
  const role = form.get('RoleArn') ?? '';
  roleRequests.push(`${form.get('Action')} ${role}`);
  response.writeHead(200, { 'Content-Type': 'text/xml' });
  const action = form.get('Action') ?? '';
  response.end(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><AssumedRoleUser><AssumedRoleId>A:sops</AssumedRoleId><Arn>${role}/sops</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
  );
};

function failing(status: number, type: string, message = 'no'): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: type, message }));
  };
}

/** A step with AWS credentials that lists a line. */
function read(file: string, lines: readonly string[], more: object = {}) {
  const environment = { ...CREDENTIALS, ...clouds.environment, ...more };
  return openSops({ folder, lines, environment }, file, 'password');
}

describe('a SOPS file for a key of AWS KMS', () => {
  it.each(['context.json', 'context.yaml', 'context.env'])(
    '%s is opened with the context of its line',
    async file => {
      const { value, started, masked } = await read(file, [`sops-kms=${key} ${CONTEXT}`]);
      expect(value).toBe('p@ss');
      expect(clouds.asked).toEqual([KMS]);
      expect(masked).toContain(CREDENTIALS.AWS_SECRET_ACCESS_KEY);
      expect(JSON.stringify(started.map(({ args }) => args))).not.toContain(
        CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      );
    },
  );

  it('is opened with an alias, and with a role that sops assumes', async () => {
    const alias = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/shop`;
    expect((await read('alias.json', [`sops-kms=${alias}`])).value).toBe('p@ss');
    expect((await read('role.json', [`sops-kms=${key} role=${ROLE}`])).value).toBe('p@ss');
    expect(roleRequests).toEqual([`AssumeRole ${ROLE}`]);
  });

  it('is opened as a role with its token file', async () => {
    const token = join(folder, 'token');
    await writeFile(token, 'header.claims.signature');
    const environment = { ...clouds.environment, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: token };
    const { value } = await openSops(
      { folder, lines: [`sops-kms=${key}`], environment },
      'plain.json',
      'password',
    );
    expect(value).toBe('p@ss');
    expect(roleRequests).toEqual([`AssumeRoleWithWebIdentity ${ROLE}`]);
  });

  it('goes to AWS, whatever endpoints, profiles and metadata the environment names', async () => {
    const more = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
      AWS_PROFILE: 'admin',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1',
    };
    const { value, started } = await read('plain.json', [`sops-kms=${key}`], more);
    expect(value).toBe('p@ss');
    expect(Object.keys(started[0]?.environment as object).sort()).toEqual(
      [
        'AWS_ACCESS_KEY_ID',
        'AWS_CONFIG_FILE',
        'AWS_EC2_METADATA_DISABLED',
        'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SHARED_CREDENTIALS_FILE',
        'HOME',
        'HTTPS_PROXY',
        'PATH',
        'SOPS_DECRYPTION_ORDER',
        'SSL_CERT_FILE',
      ].sort(),
    );
  });

  it.each<[string, string, () => string[], object, string]>([
    ['no line', 'plain.json', () => [], { SOPS_AGE_KEY: ageKey }, 'sops-key-missing'],
    ['another key on the line', 'plain.json', () => [`sops-kms=${other}`], {}, 'sops-key-missing'],
    ['a context that is not on the line', 'context.json', () => [`sops-kms=${key}`], {}, 'sops-key-missing'],
    [
      'a part of the context on the line',
      'context.json',
      () => [`sops-kms=${key} context=app:shop`],
      {},
      'sops-key-missing',
    ],
    [
      'no context, as the line has',
      'plain.json',
      () => [`sops-kms=${key} ${CONTEXT}`],
      {},
      'sops-key-missing',
    ],
    ['a role that is not on the line', 'role.json', () => [`sops-kms=${key}`], {}, 'sops-key-missing'],
    [
      'no credentials',
      'plain.json',
      () => [`sops-kms=${key}`],
      { AWS_ACCESS_KEY_ID: '' },
      'sops-identity-missing',
    ],
    [
      'credentials that are secrets of the release',
      'plain.json',
      () => [`sops-kms=${key}`, 'env=AWS_SECRET_ACCESS_KEY'],
      {},
      'sops-identity-missing',
    ],
    ['one group of two', 'groups.json', () => [`sops-kms=${key}`], {}, 'sops-key-missing'],
  ])('with %s asks nothing of anyone', async (_name, file, lines, more, code) => {
    const own = lines();
    const failure = read(
      file,
      own.length === 0 ? [`sops-kms=${key.replace(REGION, 'us-east-1')}`] : own,
      more,
    );
    await expect(failure).rejects.toMatchObject({ code });
    expect(clouds.asked).toEqual([]);
  });

  it('that age opens too asks nothing of AWS, with the line or without', async () => {
    for (const lines of [[], [`sops-kms=${key}`]])
      expect((await read('mixed.json', lines, { SOPS_AGE_KEY: ageKey })).value).toBe('p@ss');
    expect(clouds.asked).toEqual([]);
  });

  it('for groups is opened with as many as the threshold says, and no other is asked', async () => {
    const { value } = await read('groups.json', [`sops-kms=${key}`], { SOPS_AGE_KEY: ageKey });
    expect(value).toBe('p@ss');
    expect(clouds.asked).toEqual([KMS]);
    const both = await read('groups.json', [`sops-kms=${key}`, `sops-kms=${other}`]);
    expect(both.value).toBe('p@ss');
  });

  it('whose MAC covers encrypted values only gives no other value', async () => {
    const lines = [`sops-kms=${key}`];
    const environment = { ...CREDENTIALS, ...clouds.environment };
    expect((await read('partial.json', lines)).value).toBe('p@ss');
    for (const name of ['host_unencrypted', undefined])
      await expect(openSops({ folder, lines, environment }, 'partial.json', name)).rejects.toMatchObject({
        code: 'sops-unauthenticated',
      });
    expect((await openSops({ folder, lines, environment }, 'plain.json', 'host_unencrypted')).value).toBe(
      'db',
    );
  });
});

describe('a key of AWS KMS that does not open a file says why', () => {
  it.each<[string, RequestListener, string, RegExp]>([
    ['expired', failing(400, 'ExpiredTokenException'), 'sops-key-refused', /have expired/],
    [
      'not allowed',
      failing(400, 'AccessDeniedException', 'User: x is not authorized'),
      'sops-key-refused',
      /may not decrypt/,
    ],
    [
      'wrong credentials',
      failing(400, 'UnrecognizedClientException'),
      'sops-key-refused',
      /are not accepted/,
    ],
    ['missing', failing(400, 'NotFoundException'), 'sops-key-refused', /there is no such key.*region/],
    ['pending deletion', failing(400, 'KMSInvalidStateException'), 'sops-key-refused', /disabled or deleted/],
    ['throttled', failing(400, 'ThrottlingException'), 'sops-unanswered', /no more requests/],
    ['broken', failing(500, 'KMSInternalException'), 'sops-unanswered', /not available/],
    [
      'cut off',
      (_request, response) => void response.socket?.destroy(),
      'sops-unanswered',
      /does not answer/,
    ],
  ])('%s', async (_name, listener, code, message) => {
    instead = listener;
    const failure = read('plain.json', [`sops-kms=${key}`]);
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });

  it('disabled, by the real answer', async () => {
    await kms.call('DisableKey', { KeyId: other });
    try {
      await expect(read('other.json', [`sops-kms=${other}`])).rejects.toThrow(/disabled or deleted/);
    } finally {
      await kms.call('EnableKey', { KeyId: other });
    }
  });

  it('with an entry that was made without its context, by the real answer', async () => {
    const change = (text: string): string => {
      const file = JSON.parse(text);
      file.sops.kms[0].context = { app: 'shop' };
      return JSON.stringify(file);
    };
    const environment = { ...CREDENTIALS, ...clouds.environment };
    const step = { folder, lines: [`sops-kms=${key} context=app:shop`], environment, change };
    await expect(openSops(step, 'plain.json', 'password')).rejects.toThrow(
      /not encrypted with the key and the context/,
    );
  });

  it('in another region, which the network does not reach', async () => {
    const line = `sops-kms=${key.replace(REGION, 'us-east-1')}`;
    const change = (text: string): string => text.replace(REGION, 'us-east-1');
    const environment = { ...CREDENTIALS, ...clouds.environment };
    const failure = openSops({ folder, lines: [line], environment, change }, 'plain.json', 'password');
    await expect(failure).rejects.toMatchObject({ code: 'sops-unanswered' });
    expect(new Set(clouds.asked)).toEqual(new Set(['kms.us-east-1.amazonaws.com']));
  });
});
