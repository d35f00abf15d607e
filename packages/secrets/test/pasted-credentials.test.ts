import { describe, expect, it } from '@jest/globals';
import { openAwsSession, openGoogleSession } from '../src/clouds/cloud-stores.ts';
import { readKeyValue } from '../src/vault/key-value.ts';
import { logIn } from '../src/vault/login.ts';

const CLOSED = new URL('http://127.0.0.1:1');

const surroundings = (environment: Readonly<Record<string, string>>) => ({
  environment,
  workspace: '/nonexistent',
  exec: () => Promise.reject(new Error('no program is expected')),
  idToken: () => Promise.reject(new Error('no identity token is expected')),
  mask: () => {},
  logger: { info: () => {}, warning: () => {} },
  signal: AbortSignal.timeout(60_000),
  wait: async () => {},
});

const aws = (more: Readonly<Record<string, string>>) => {
  const key = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'precious', ...more };
  const settings = { roles: [], identity: undefined, endpoint: CLOSED };
  return openAwsSession(settings, surroundings(key)).credentialsFor('111122223333/eu-central-1/shop/a');
};

const google = (token: string) => {
  const settings = { provider: '', serviceAccount: '', identity: undefined, endpoint: CLOSED };
  return openGoogleSession(settings, surroundings({ GOOGLE_OAUTH_ACCESS_TOKEN: token })).token();
};

const vault = (token: string) =>
  logIn(
    () => Promise.reject(new Error('nothing is asked')),
    { method: 'token', token },
    () => {},
  );

describe('a credential that was stored with what no header takes is told before anything is sent, and not repeated', () => {
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'an access key ID with a line break at its end',
      () => aws({ AWS_ACCESS_KEY_ID: 'AKIAprecious\n' }),
      'cloud-login-refused',
      /the access key ID of the step for AWS cannot be sent.*; store it again/,
    ],
    [
      'a secret access key with one',
      () => aws({ AWS_SECRET_ACCESS_KEY: 'precious\n' }),
      'cloud-login-refused',
      /the secret access key of/,
    ],
    [
      'a session token of two lines, and an access key with a space',
      () => aws({ AWS_SESSION_TOKEN: 'precious\nprecious', AWS_ACCESS_KEY_ID: 'AKIA precious' }),
      'cloud-login-refused',
      /the access key ID and the session token of/,
    ],
    [
      'a session token with a letter that ASCII does not have',
      () => aws({ AWS_SESSION_TOKEN: 'precious€' }),
      'cloud-login-refused',
      /the session token of/,
    ],
    [
      'an access token of Google',
      () => google('precious\n'),
      'cloud-login-refused',
      /the access token from GOOGLE_OAUTH_ACCESS_TOKEN cannot be sent/,
    ],
    ['a token of Vault', () => vault('precious\n'), 'vault-login-refused', /VAULT_TOKEN cannot be sent/],
  ])('%s', async (_name, work, code, message) => {
    const failure = work();
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/precious/);
  });
});

it('a secret of Vault that is nested more deeply than it can be read is an answer that is refused', async () => {
  const text = `{"data":{"password":"precious","other":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
  const answer = { status: 200, text, body: JSON.parse(text) };
  const engine = { mount: ['kv'], name: ['a'], type: 'kv', version: 1 } as const;
  const failure = readKeyValue(async () => answer, 'token', ['kv', 'a'], engine);
  await expect(failure).rejects.toMatchObject({ code: 'vault-answer-invalid' });
});
