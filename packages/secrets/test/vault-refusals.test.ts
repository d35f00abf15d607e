import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { fieldText, findEngine, readKeyValue } from '../src/vault/key-value.ts';
import { logIn } from '../src/vault/login.ts';

const answering = (status: number, body: JsonObject) => async () => ({
  status,
  body,
  text: JSON.stringify(body),
});

const PATH = ['kv', 'shop', 'database'];
const engine = { mount: ['kv'], name: ['shop', 'database'], type: 'kv', version: 2 } as const;

const read = (status: number, body: JsonObject) =>
  readKeyValue(answering(status, body), 'token', PATH, engine);
const find = (status: number, body: JsonObject, path = PATH) =>
  findEngine(answering(status, body), 'token', path);

describe('what Vault does not give is told with what can be done', () => {
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a version that was destroyed, which cannot be undeleted',
      () => read(404, { data: { data: null, metadata: { destroyed: true, deletion_time: '' } } }),
      'secret-missing',
      /was destroyed; write the secret again$/,
    ],
    [
      'a version that was deleted',
      () => read(404, { data: { data: null, metadata: { destroyed: false, deletion_time: 'x' } } }),
      'secret-missing',
      /was deleted; undelete it/,
    ],
    [
      'an engine that it does not tell, with the rules of both versions',
      () => find(403, { errors: ['permission denied'] }),
      'vault-forbidden',
      /or has no engine there, or the token has expired; .*path "kv\/shop\/database", or .*path "kv\/data\/shop\/database"/,
    ],
    [
      'the mount of an engine instead of a secret',
      () => find(200, { data: { path: 'kv/', type: 'kv' } }, ['kv']),
      'secret-missing',
      /"kv" is an engine of Vault, and not a secret in it; write the name/,
    ],
    [
      'a limit of rates',
      () => read(429, {}),
      'vault-unreachable',
      /still throttles requests after several attempts; run the job again later/,
    ],
    [
      'a limit of rates at the login',
      () =>
        logIn(
          answering(429, {}),
          { method: 'approle', mount: 'approle', roleId: 'a', secretId: 'b' },
          () => {},
        ),
      'vault-unreachable',
      /still throttles/,
    ],
    [
      'a field whose name is nearly that of another, never with a value',
      async () => fieldText({ password: 'precious', pin: 'precious' }, 'pasword', PATH),
      'secret-missing',
      /has no field "pasword"; did you mean "password"\?$/,
    ],
  ])('%s', async (_name, work, code, message) => {
    const failure = work();
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/precious/);
  });
});
