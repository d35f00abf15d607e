import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exec } from '@slipway/core';
import { type AwsKey, type RunningAws, startAws } from '@slipway/testbed';
import { awsStores, listen, listenBefore, listenWithSelectors, stopServers } from './aws-server.ts';

const PASSWORD = 'p@ss "wörd"\nsecond line';
const BINARY = Buffer.from([0xff, 0x00, 0x80, 0x41]);
const MANY = Array.from({ length: 45 }, (_, index) => `many/${index}`);

let aws: RunningAws;
let key: AwsKey;
let oneByOne: AwsKey;
let unable: AwsKey;
let firstVersion: string;

beforeAll(async () => {
  aws = await startAws();
  const secret = (name: string, ...args: string[]) =>
    aws.aws(['secretsmanager', 'create-secret', '--name', name, ...args]);
  const fields = { password: PASSWORD, port: 5432, empty: '', map: { a: 1 } };
  const made = await secret('shop/db', '--secret-string', JSON.stringify({ password: 'the first version' }));
  firstVersion = String(made['VersionId']);
  const newer = ['--secret-id', 'shop/db', '--secret-string', JSON.stringify(fields)];
  await aws.aws(['secretsmanager', 'put-secret-value', ...newer]);
  await secret('shop/text', '--secret-string', PASSWORD);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-binary-'));
  await writeFile(join(folder, 'binary'), BINARY);
  await secret('shop/binary', '--secret-binary', `fileb://${join(folder, 'binary')}`);
  await rm(folder, { recursive: true });
  await secret('shop/gone', '--secret-string', 'gone');
  await aws.aws(['secretsmanager', 'delete-secret', '--secret-id', 'shop/gone']);
  const parameter = (name: string, value: string, ...args: string[]) =>
    aws.aws(['ssm', 'put-parameter', '--name', name, '--value', value, '--type', 'SecureString', ...args]);
  await parameter('/shop/db', 'the first version');
  await aws.aws(['ssm', 'label-parameter-version', '--name', '/shop/db', '--labels', 'before']);
  await parameter('/shop/db', JSON.stringify({ password: PASSWORD }), '--overwrite');
  await parameter('flat', 'flat value');
  await fillMany(aws);
  key = await userWith(aws, 'ci', ['secretsmanager:*', 'ssm:GetParameters']);
  oneByOne = await userWith(aws, 'one-by-one', ['secretsmanager:GetSecretValue']);
  unable = await userWith(aws, 'unable', ['s3:*']);
}, 600_000);

afterEach(stopServers);

afterAll(async () => {
  await aws?.stop();
});

/** All at once through boto, as the command line takes a second for each. */
async function fillMany({ environment, address }: RunningAws): Promise<void> {
  const script = `
import boto3, sys
session = boto3.Session('anyone', 'anyone', region_name='eu-central-1')
secrets, parameters = (session.client(name, endpoint_url='${address}') for name in ('secretsmanager', 'ssm'))
for name in sys.argv[1:]:
    secrets.create_secret(Name=name, SecretString='value of ' + name)
    parameters.put_parameter(Name='/' + name, Value='value of ' + name, Type='SecureString')
`;
  await promisify(execFile)('python3', ['-c', script, ...MANY], { env: environment });
}

async function userWith({ aws: run }: RunningAws, name: string, actions: readonly string[]): Promise<AwsKey> {
  await run(['iam', 'create-user', '--user-name', name]);
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
  const document = ['--policy-name', 'read', '--policy-document', JSON.stringify(policy)];
  await run(['iam', 'put-user-policy', '--user-name', name, ...document]);
  const { AccessKey: made } = await run(['iam', 'create-access-key', '--user-name', name]);
  const { AccessKeyId, SecretAccessKey } = made as Record<string, string>;
  return { AWS_ACCESS_KEY_ID: AccessKeyId ?? '', AWS_SECRET_ACCESS_KEY: SecretAccessKey ?? '' };
}

const at = (name: string) => `${aws.account}/eu-central-1/${name}`;
const secretAt = (name: string, rest: object = {}) => ({ from: 'aws', path: at(name), ...rest }) as const;
const parameterAt = (name: string, rest: object = {}) =>
  ({ from: 'aws-ssm', path: at(name), ...rest }) as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('the identity that AWS is asked as', () => {
  it("is a role that GitHub's identity token is exchanged for", async () => {
    const audiences: string[] = [];
    const idToken = async (audience: string) => {
      audiences.push(audience);
      return 'header.payload.signature';
    };
    const role = `arn:aws:iam::${aws.account}:role/shop`;
    const environment = { ...oneByOne, GITHUB_RUN_ID: '17' };
    const { told, masked, secrets } = awsStores(aws.address, { roles: [role], environment, idToken });
    expect(text(await secrets.read(secretAt('shop/text')))).toBe(PASSWORD);
    expect(audiences).toEqual(['sts.amazonaws.com']);
    expect(told).toEqual([
      `AWS is asked for secrets as arn:aws:sts::${aws.account}:assumed-role/shop/slipway-17, from the input "aws-role"`,
    ]);
    expect(masked).toHaveLength(3);
  });

  it('is a role with its token file, as on a runner in a cluster', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-token-'));
    const file = join(folder, 'token');
    await writeFile(file, 'header.payload.signature\n');
    const environment = {
      AWS_ROLE_ARN: `arn:aws:iam::${aws.account}:role/runner`,
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
    };
    const { told, secrets } = awsStores(aws.address, { environment });
    expect(text(await secrets.read(secretAt('shop/text')))).toBe(PASSWORD);
    await rm(folder, { recursive: true });
    expect(told).toEqual([
      expect.stringMatching(/assumed-role\/runner\/slipway, from AWS_WEB_IDENTITY_TOKEN_FILE$/),
    ]);
  });

  it.each([
    ['the machine', { from: 'instance' }, 'instance'],
    ['a profile', { from: 'profile', name: 'shop' }, 'profile:shop'],
  ] as const)(
    "is that of %s where the workflow says so, by AWS's own program",
    async (_name, identity, says) => {
      const folder = await mkdtemp(join(tmpdir(), 'slipway-tools-'));
      await writeFile(join(folder, 'aws'), '#!/bin/sh\n', { mode: 0o755 });
      const given: string[] = [];
      const exec: Exec = async (_command, _args, { environment } = {}) => {
        given.push(...Object.keys(environment ?? {}));
        const found = { AccessKeyId: key.AWS_ACCESS_KEY_ID, SecretAccessKey: key.AWS_SECRET_ACCESS_KEY };
        return { exitCode: 0, stdout: JSON.stringify({ Version: 1, ...found }), stderr: '' };
      };
      const { told, masked, secrets } = awsStores(aws.address, {
        environment: { ...oneByOne, PATH: folder, HOME: '/home/runner' },
        exec,
        identity,
      });
      expect(text(await secrets.read(secretAt('shop/text')))).toBe(PASSWORD);
      await rm(folder, { recursive: true });
      expect(given.sort()).toEqual(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'HOME', 'PATH']);
      expect(masked).toEqual([key.AWS_SECRET_ACCESS_KEY]);
      expect(told).toEqual([expect.stringMatching(new RegExp(`user/ci, from cloud-identity: ${says}$`))]);
    },
  );

  it('is not looked for if the job has none: no metadata is asked', async () => {
    let connections = 0;
    const metadata = await listen((_request, response) => {
      connections++;
      response.end('{}');
    });
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: metadata.address,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.address,
      AWS_PROFILE: 'shop',
    };
    const { secrets, told } = awsStores(metadata.address, { environment });
    await expect(secrets.read(secretAt('shop/text'))).rejects.toMatchObject({
      code: 'cloud-identity-missing',
    });
    await metadata.stop();
    expect([connections, told]).toEqual([0, []]);
  });
});

describe('a secret of AWS Secrets Manager, where signatures and policies are checked', () => {
  beforeAll(async () => {
    await aws.checkRights();
  });

  it('is read whole, by its key, as a number and as bytes', async () => {
    const { secrets } = awsStores(aws.address, { environment: { ...key } });
    const read = ['password', 'port'].map(field => secrets.read(secretAt('shop/db', { key: field })));
    expect((await Promise.all(read)).map(text)).toEqual([PASSWORD, '5432']);
    expect(text(await secrets.read(secretAt('shop/text')))).toBe(PASSWORD);
    expect(await secrets.read(secretAt('shop/binary'))).toEqual(BINARY);
  });

  it('is read in the version that the command line shows, and in one before it', async () => {
    const { secrets } = awsStores(aws.address, { environment: { ...key } });
    const shown = await aws.aws(['secretsmanager', 'get-secret-value', '--secret-id', 'shop/db'], key);
    const version = await secrets.versionOf?.(secretAt('shop/db'));
    expect(version?.id).toBe(shown['VersionId']);
    expect(version?.since).toMatch(/^20\d\d-.*Z$/);
    for (const pinned of [{ version: firstVersion }, { stage: 'AWSPREVIOUS' }]) {
      const old = secretAt('shop/db', { key: 'password', ...pinned });
      expect(text(await secrets.read(old))).toBe('the first version');
      expect((await secrets.versionOf?.(old))?.id).toBe(firstVersion);
    }
  });

  it('is asked for with others, twenty at a time, by an identity that is named once', async () => {
    const proxy = await listenBefore(aws.address);
    const { secrets, parameters, told, masked } = awsStores(proxy.address, { environment: { ...key } });
    const values = await Promise.all(MANY.map(name => secrets.read(secretAt(name))));
    expect(values.map(text)).toEqual(MANY.map(name => `value of ${name}`));
    const others = await Promise.all(MANY.map(name => parameters.read(parameterAt(name))));
    expect(others.map(text)).toEqual(MANY.map(name => `value of ${name}`));
    await proxy.stop();
    expect(
      Object.entries(Object.groupBy(proxy.asked, action => action)).map(([action, all]) => [
        action,
        all?.length,
      ]),
    ).toEqual([
      ['STS', 1],
      ['secretsmanager.BatchGetSecretValue', 3],
      ['AmazonSSM.GetParameters', 5],
    ]);
    expect(told).toEqual([
      `AWS is asked for secrets as arn:aws:iam::${aws.account}:user/ci, from AWS_ACCESS_KEY_ID`,
    ]);
    expect(masked).toEqual([key.AWS_SECRET_ACCESS_KEY]);
  });

  it('is asked for alone where the identity may not ask for several', async () => {
    const proxy = await listenBefore(aws.address);
    const { secrets } = awsStores(proxy.address, { environment: { ...oneByOne } });
    const values = await Promise.all(MANY.slice(0, 3).map(name => secrets.read(secretAt(name))));
    await proxy.stop();
    expect(values.map(text)).toEqual(MANY.slice(0, 3).map(name => `value of ${name}`));
    expect(proxy.asked.sort()).toEqual([
      'STS',
      'secretsmanager.BatchGetSecretValue',
      ...Array(3).fill('secretsmanager.GetSecretValue'),
    ]);
  });

  it('does not hide others that can be read, and each is a sentence of its own', async () => {
    const { secrets } = awsStores(aws.address, { environment: { ...key } });
    const results = await Promise.allSettled(
      ['shop/text', 'shop/missing', 'shop/gone', 'many/1'].map(name => secrets.read(secretAt(name))),
    );
    expect(results.map(result => (result.status === 'fulfilled' ? 'read' : result.reason.message))).toEqual([
      'read',
      expect.stringMatching(/^AWS Secrets Manager has no secret ".*shop\/missing"; fix "path"/),
      expect.stringMatching(/^the secret ".*shop\/gone" of AWS Secrets Manager was deleted; restore/),
      'read',
    ]);
  });

  it.each([
    [
      'without the key, with the nearest',
      'shop/db',
      { key: 'pasword' },
      'secret-missing',
      /has no field "pasword"; did you mean "password"\?/,
    ],
    [
      'without the key and another like it',
      'shop/db',
      { key: 'user' },
      'secret-missing',
      /has no field "user"; fix "key"/,
    ],
    ['with an empty field', 'shop/db', { key: 'empty' }, 'secret-missing', /is empty/],
    ['with a map', 'shop/db', { key: 'map' }, 'secret-missing', /is not a scalar/],
    [
      'that is text where a key is asked for',
      'shop/text',
      { key: 'a' },
      'secret-not-text',
      /is not a JSON object/,
    ],
    [
      'that is binary where a key is asked for',
      'shop/binary',
      { key: 'a' },
      'secret-not-text',
      /is not a JSON object/,
    ],
    [
      'without the version',
      'shop/db',
      { version: '00000000-0000-0000-0000-000000000000' },
      'secret-missing',
      /with this version or stage/,
    ],
    ['without the stage', 'shop/db', { stage: 'NEVER' }, 'secret-missing', /with this version or stage/],
  ] as const)('%s is refused without a word of it', async (_name, secret, rest, code, message) => {
    const { secrets } = awsStores(aws.address, { environment: { ...key } });
    const reading = secrets.read(secretAt(secret, rest));
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(reading).rejects.not.toThrow(/p@ss|second line|5432/);
  });

  it('of another account is refused before the store is asked', async () => {
    const proxy = await listenBefore(aws.address);
    const { secrets, parameters } = awsStores(proxy.address, { environment: { ...key } });
    const path = '444455556666/eu-central-1/shop/db';
    const refused = [secrets.read({ from: 'aws', path }), parameters.read({ from: 'aws-ssm', path })];
    for (const reading of refused)
      await expect(reading).rejects.toMatchObject({ code: 'cloud-other-account' });
    await proxy.stop();
    expect(proxy.asked).toEqual(['STS']);
  });

  it.each([
    ['a wrong key', () => ({ ...key, AWS_SECRET_ACCESS_KEY: 'wrong' }), 'cloud-login-refused'],
    [
      'a key that does not exist',
      () => ({ ...key, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7NOTHERE' }),
      'cloud-login-refused',
    ],
    ['no right to read', () => unable, 'cloud-forbidden'],
  ] as const)('is not opened with %s', async (_name, environment, code) => {
    const { secrets } = awsStores(aws.address, { environment: { ...environment() } });
    await expect(secrets.read(secretAt('shop/text'))).rejects.toMatchObject({ code });
  });
});

describe('a parameter of AWS Parameter Store', () => {
  it('is decrypted, with its versions and labels, and without a hierarchy', async () => {
    const server = await listenWithSelectors(aws.address);
    const { parameters } = awsStores(server.address, { environment: { ...key } });
    const wanted = [
      parameterAt('shop/db', { key: 'password' }),
      parameterAt('shop/db', { version: '1' }),
      parameterAt('shop/db', { version: 'before' }),
      parameterAt('flat'),
    ];
    const values = await Promise.all(wanted.map(one => parameters.read(one)));
    expect(values.map(text)).toEqual([PASSWORD, 'the first version', 'the first version', 'flat value']);
    const versions = await Promise.all(wanted.map(one => parameters.versionOf?.(one)));
    expect(versions.map(version => version?.id)).toEqual(['2', '1', '1', '1']);
  });

  it('that is missing is refused, and the others are read', async () => {
    const { parameters } = awsStores(aws.address, { environment: { ...key } });
    const both = [parameters.read(parameterAt('flat')), parameters.read(parameterAt('shop/missing'))];
    const [flat, missing] = await Promise.allSettled(both);
    expect(flat).toMatchObject({ status: 'fulfilled' });
    expect(missing).toMatchObject({ status: 'rejected', reason: { code: 'secret-missing' } });
  });

  it('below /aws is refused before anything is sent', async () => {
    const proxy = await listenBefore(aws.address);
    const { parameters } = awsStores(proxy.address, { environment: { ...key } });
    const reading = parameters.read(parameterAt('aws/reference/secretsmanager/shop/db'));
    await expect(reading).rejects.toMatchObject({ code: 'cloud-forbidden' });
    await proxy.stop();
    expect(proxy.asked).toEqual([]);
  });

  it('that the identity may not read is refused', async () => {
    const { parameters } = awsStores(aws.address, { environment: { ...oneByOne } });
    await expect(parameters.read(parameterAt('flat'))).rejects.toMatchObject({ code: 'cloud-forbidden' });
  });
});
