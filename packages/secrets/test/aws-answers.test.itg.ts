import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { awsStores, type LocalServer, listen, stopServers } from './aws-server.ts';

const ACCOUNT = '111122223333';
const SECRET = 'a value that no message repeats';
const environment = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'key' };
const path = `${ACCOUNT}/eu-central-1/shop/db`;
const reference = { from: 'aws', path } as const;
const parameter = { from: 'aws-ssm', path } as const;
const ARN = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:shop/db-AbCdEf`;
const PARAMETER_ARN = `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/shop/db`;

let server: LocalServer | undefined;
afterEach(stopServers);

type Answer = (response: ServerResponse, attempt: number, request: IncomingMessage) => void;

/** A server that names the caller as AWS does, and answers all else as a test says. */
async function storesWith(answer: Answer) {
  let attempt = 0;
  server = await listen((request, response) => {
    request.resume();
    if (request.headers['x-amz-target'] === undefined)
      response.end(
        `<GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/ci</Arn></GetCallerIdentityResult>`,
      );
    else answer(response, attempt++, request);
  });
  return { ...awsStores(server.address, { environment }), attempts: () => attempt };
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

function throttle(response: ServerResponse): void {
  json(response, { __type: 'ThrottlingException' }, 400);
}

function beBusy(response: ServerResponse): void {
  json(response, {}, 503);
}

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': '900' });
  response.write('{"ARN":"a', () => response.destroy());
}

const good = {
  ...{ ARN, Name: 'shop/db', SecretString: SECRET, CreatedDate: 1_700_000_000.5 },
  ...{ VersionId: '1', VersionStages: ['AWSCURRENT'] },
};
const goodParameter = {
  ARN: PARAMETER_ARN,
  Name: '/shop/db',
  Value: SECRET,
  Version: 3,
  Type: 'SecureString',
};

describe('what AWS answers', () => {
  it.each([
    ['throttles', throttle],
    ['is busy', beBusy],
    ['breaks off', breakOff],
  ] as const)('is asked for again, after a pause, if it %s', async (_name, fail) => {
    const { secrets, pauses, attempts } = await storesWith((response, attempt) =>
      attempt < 2 ? fail(response) : json(response, good),
    );
    expect(Buffer.from(await secrets.read(reference)).toString()).toBe(SECRET);
    expect([attempts(), pauses.length]).toEqual([3, 2]);
  });

  it('is given up in the end, with the reason', async () => {
    const { secrets, attempts } = await storesWith(response =>
      json(response, { __type: 'ThrottlingException', message: SECRET }, 400),
    );
    const reading = secrets.read(reference);
    await expect(reading).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: expect.stringMatching(/still throttles requests/),
    });
    await expect(reading).rejects.not.toThrow(SECRET);
    expect(attempts()).toBe(4);
  });

  it.each([
    ['another secret', { ...good, ARN: ARN.replace('shop/db', 'shop/other') }],
    ['a secret of another account', { ...good, ARN: ARN.replace(ACCOUNT, '444455556666') }],
    ['a secret of another region', { ...good, ARN: ARN.replace('eu-central-1', 'us-east-1') }],
    ['another name', { ...good, Name: 'shop/db-AbCdEf' }],
    ['a name that goes on', { ...good, ARN: `${ARN}-AbCdEf` }],
    ['no value', { ...good, SecretString: undefined }],
    ['bytes that are not base64', { ...good, SecretString: undefined, SecretBinary: `${SECRET}*` }],
    ['half of the base64 of bytes', { ...good, SecretString: undefined, SecretBinary: 'aHVudG' }],
    ['no bytes', { ...good, SecretString: undefined, SecretBinary: '' }],
    ['a version that is not the current one', { ...good, VersionStages: ['AWSPREVIOUS'] }],
    ['a version whose stages it does not say', { ...good, VersionStages: undefined }],
    ['nothing', {}],
  ])('is refused if it is about %s', async (_name, body) => {
    const { secrets } = await storesWith(response => json(response, body));
    const reading = secrets.read(reference);
    await expect(reading).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    await expect(reading).rejects.not.toThrow(SECRET);
  });

  it.each([
    ['another parameter', { ...goodParameter, ARN: `${PARAMETER_ARN}2` }],
    [
      'a parameter of another account',
      { ...goodParameter, ARN: PARAMETER_ARN.replace(ACCOUNT, '444455556666') },
    ],
    ['another name', { ...goodParameter, Name: 'shop/db' }],
    ['no value', { ...goodParameter, Value: undefined }],
  ])('is refused if it is about %s of Parameter Store', async (_name, body) => {
    const { parameters } = await storesWith(response => json(response, { Parameters: [body] }));
    await expect(parameters.read(parameter)).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
  });

  it.each([
    ['version', { version: '2' }, { VersionId: '2' }],
    ['stage', { stage: 'AWSPENDING' }, { VersionStages: ['AWSPENDING', 'AWSCURRENT'] }],
  ])('is refused if it has another %s than the one that is asked for', async (_name, wanted, right) => {
    const { secrets } = await storesWith(response => json(response, good));
    const other = secrets.read({ ...reference, ...wanted });
    await expect(other).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    await expect(other).rejects.toThrow(/is another version than the one that was asked for/);
    const { secrets: others } = await storesWith(response => json(response, { ...good, ...right }));
    expect(Buffer.from(await others.read({ ...reference, ...wanted })).toString()).toBe(SECRET);
  });

  it('is refused if it does not repeat the label that is asked for, or repeats one that is not', async () => {
    const about = async (answer: object, version?: string) => {
      const { parameters } = await storesWith(response =>
        json(response, { Parameters: [{ ...goodParameter, ...answer }] }),
      );
      return await parameters.read({ ...parameter, ...(version === undefined ? {} : { version }) });
    };
    const invalid = { code: 'cloud-answer-invalid' };
    await expect(about({}, 'before')).rejects.toMatchObject(invalid);
    await expect(about({ Selector: ':after' }, 'before')).rejects.toMatchObject(invalid);
    await expect(about({ Selector: ':before' })).rejects.toMatchObject(invalid);
    expect(Buffer.from(await about({ Selector: ':before' }, 'before')).toString()).toBe(SECRET);
  });

  it('is refused if it is another version than the one that is asked for', async () => {
    const { parameters } = await storesWith(response => json(response, { Parameters: [goodParameter] }));
    const other = parameters.read({ ...parameter, version: '2' });
    await expect(other).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    expect(Buffer.from(await parameters.read({ ...parameter, version: '3' })).toString()).toBe(SECRET);
  });

  it.each([
    ['an expired session', 'ExpiredTokenException', 'cloud-login-refused', /have expired/],
    ['a key that cannot decrypt', 'DecryptionFailure', 'cloud-key-unusable', /KMS key/],
    ['no right', 'AccessDeniedException', 'cloud-forbidden', /secretsmanager:GetSecretValue for arn:aws:/],
    ['an error of tomorrow', 'NewException', 'cloud-answer-invalid', /NewException/],
  ] as const)(
    'is one sentence for %s, and nothing that AWS says is repeated',
    async (_name, type, code, message) => {
      const { secrets } = await storesWith(response =>
        json(response, { __type: `com.amazonaws#${type}`, message: SECRET }, 400),
      );
      const reading = secrets.read(reference);
      await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      await expect(reading).rejects.not.toThrow(SECRET);
    },
  );

  it('is one sentence for a disabled key of Parameter Store', async () => {
    const { parameters } = await storesWith(response => json(response, { __type: 'InvalidKeyId' }, 400));
    await expect(parameters.read(parameter)).rejects.toMatchObject({ code: 'cloud-key-unusable' });
  });

  it('is not followed to another server', async () => {
    let visitors = 0;
    const other = await listen((_request, response) => {
      visitors++;
      response.end('{}');
    });
    const { secrets } = await storesWith(
      response => void response.writeHead(307, { Location: other.address }).end(),
    );
    await expect(secrets.read(reference)).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
    await other.stop();
    expect(visitors).toBe(0);
  });

  it('is missing where no server is', async () => {
    const { secrets } = awsStores('http://127.0.0.1:9', { environment });
    await expect(secrets.read(reference)).rejects.toMatchObject({ code: 'cloud-unreachable' });
  });

  it('is asked for at the address of the input, whatever the environment says', async () => {
    let visitors = 0;
    const other = await listen((_request, response) => {
      visitors++;
      response.end('{}');
    });
    await storesWith(response => json(response, good));
    const named = { AWS_ENDPOINT_URL: other.address, AWS_ENDPOINT_URL_STS: other.address };
    const { secrets } = awsStores(server?.address ?? '', { environment: { ...environment, ...named } });
    await secrets.read(reference);
    await other.stop();
    expect(visitors).toBe(0);
  });
});
