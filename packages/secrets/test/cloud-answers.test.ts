import { describe, expect, it } from '@jest/globals';
import { type JsonObject, SlipwayError } from '@slipway/core';
import { googleSecretManager, keyVaultSecrets, secretsManager } from '../src/clouds/cloud-stores.ts';
import { fieldOf } from '../src/values/json-field.ts';

const answer = (status: number, body: JsonObject = {}) => ({
  status,
  body,
  headers: {},
  text: JSON.stringify(body),
});

const google = (status: number, error: JsonObject, version = 'latest') => {
  const connection = { send: async () => answer(status, { error }), endpoint: undefined };
  const session = { connection, token: async () => 'token', isProject: () => true };
  return googleSecretManager(session).read({ from: 'gcp', path: 'shop-production/a', version });
};

const aws = (type: string, message: string, selector: { readonly version?: string } = {}) => {
  const send = async () => answer(400, { __type: type, message });
  const connection = { send, endpoint: undefined, now: () => new Date() };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: '' };
  const session = { connection, credentialsFor: async () => credentials };
  const reference = { from: 'aws', path: '111122223333/eu-central-1/shop/a', ...selector } as const;
  return secretsManager(session).read(reference);
};

const azure = (deleted: () => Promise<ReturnType<typeof answer>>) =>
  keyVaultSecrets({
    get: async (_host, path) => (path.startsWith('/deletedsecrets/') ? await deleted() : answer(404)),
    now: () => new Date(),
  }).read({ from: 'azure', path: 'shop.vault.azure.net/a' });

describe('what a cloud answers is told by what is wrong there', () => {
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a secret of AWS without a value, which exists',
      () => aws('ResourceNotFoundException', 'no value for staging label: AWSCURRENT'),
      'secret-missing',
      /has no current value; store one with/,
    ],
    [
      'a version of AWS that is not one',
      () => aws('InvalidParameterException', 'VersionId has a minimum length of 32', { version: '3' }),
      'secret-missing',
      /does not take the version or the stage.*; write the ID of a version in full/,
    ],
    [
      'a project of Google that does not exist, for which no role helps',
      () => google(403, { status: 'PERMISSION_DENIED', details: [{ reason: 'CONSUMER_INVALID' }] }),
      'cloud-forbidden',
      /has no project "shop-production" that can be asked; fix the project/,
    ],
    [
      'a project of Google without billing',
      () => google(403, { status: 'PERMISSION_DENIED', details: [{ reason: 'BILLING_DISABLED' }] }),
      'cloud-forbidden',
      /no billing account, .*; enable billing/,
    ],
    [
      'a version of Google that is not one',
      () => google(400, { status: 'INVALID_ARGUMENT' }, '0'),
      'secret-missing',
      /has no version "0" of a secret "shop-production\/a"; fix "version"/,
    ],
    [
      'a token that Google refuses without an error of its own',
      () => google(401, {}),
      'cloud-login-refused',
      /does not accept the token of the step/,
    ],
    [
      'a secret of Azure that is missing, where the deleted ones cannot be looked at',
      () =>
        azure(() =>
          Promise.reject(new SlipwayError({ code: 'cloud-unreachable', message: 'no', remedy: 'no' })),
        ),
      'secret-missing',
      /has no secret "shop.vault.azure.net\/a"/,
    ],
  ])('%s', async (_name, work, code, message) => {
    const failure = work();
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });

  it('but a run that was cancelled is not a secret that is missing', async () => {
    const cancelled = azure(() => Promise.reject(new Error('cancelled')));
    await expect(cancelled).rejects.toThrow('cancelled');
  });
});

it('a JSON secret that Windows wrote with a byte order mark has its fields', () => {
  const secret = Buffer.from('\uFEFF{"password": "p@ss"}');
  expect(Buffer.from(fieldOf(secret, 'password', 'the secret')).toString()).toBe('p@ss');
});
