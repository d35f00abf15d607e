import { describe, expect, it } from '@jest/globals';
import type { Release, Seal } from '@slipway/core';
import type { FoundFormation } from '../src/formation/found-formation.ts';
import type { SecretAccess } from '../src/request.ts';
import { readSecretsAgain } from '../src/secrets/read-again.ts';
import type { DeliverySurroundings } from '../src/surroundings.ts';

const object = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'database' };
const seal = (word: string, key: string): Seal => ({
  ...{ word, object, pointer: `/stringData/${key}`, placement: 'stringData' },
  ...{ file: 'database.yaml', document: 0, standIn: `slipway-sealed(${word})` },
});
const identity = { application: 'shop', formation: 'production', namespace: 'shop', repository: '' };

/** A checkout that has each secret in a variable of its name, to be read again unless its name begins with `old`. */
const repository = {
  directory: '.',
  secrets: {
    for: () => ({
      lookup: ([name = '']: readonly string[]) => ({
        kind: 'leaf',
        entry: {
          segments: ['*', '*', name],
          content: { from: 'env', name, ...(name.startsWith('old') ? {} : { 'on-rollback': 'current' }) },
        },
      }),
    }),
  },
};

/** Reads what the step may read, and returns the warnings. */
async function reading(seals: readonly Seal[], allowed: readonly string[], secrets: Release['secrets'] = []) {
  const warnings: string[] = [];
  const release = { number: 3, namespace: 'shop', seals, secrets } as unknown as Release;
  const values = Object.fromEntries(allowed.map(name => [name, `the ${name} of today`]));
  const access = {
    allowances: allowed.map(name => ({ store: 'env', name })),
    ...{ settings: { env: values }, values },
  } as unknown as SecretAccess;
  const found = await readSecretsAgain(
    release,
    { identity, checkout: { repository } } as unknown as FoundFormation,
    access,
    {
      ...{ workspace: '/', environment: {}, mask: () => {}, clock: () => new Date() },
      logger: { warning: (text: string) => warnings.push(text) },
      signal: new AbortController().signal,
    } as unknown as DeliverySurroundings,
  );
  return { ...found, warnings };
}

const URL = [seal('user', 'url'), seal('password', 'url')];

describe('a rollback that reads secrets again', () => {
  it('takes all of a field from the store, without a word of warning', async () => {
    const { again, restored, warnings } = await reading(
      [...URL, seal('password', 'password')],
      ['user', 'password'],
    );
    expect(again?.seals).toHaveLength(3);
    expect(restored.map(({ isRead }) => isRead)).toEqual([true, true]);
    expect(warnings).toEqual([]);
  });

  it('says where an old value stays because another one of the same field was not read', async () => {
    const { again, warnings } = await reading([...URL, seal('password', 'password')], ['password']);
    expect(again?.seals).toEqual([seal('password', 'password')]);
    expect(warnings).toEqual([
      expect.stringMatching(/^secret\.user was not read from its store, and release 3 gets it as kept/),
      'Release 3 gets secret.password as kept in Secret shop/database at /stringData/url, although it is read from its store for other fields, since secret.user of the same field was not read',
    ]);
  });

  it('does not record a secret as read of which another field keeps the old value', async () => {
    const url = [seal('user', 'url'), seal('old-password', 'url')];
    const { again, restored, warnings } = await reading(
      [...url, seal('old-password', 'password')],
      ['user', 'old-password'],
    );
    expect(again?.seals).toEqual(url);
    expect(again?.versions.map(({ word }) => word)).toEqual(['user']);
    expect(restored.map(({ word, isRead }) => [word, isRead])).toEqual([
      ['old-password', false],
      ['user', true],
    ]);
    expect(warnings).toEqual([
      'Release 3 gets secret.old-password as kept in Secret shop/database at /stringData/password, although it is read from its store for other fields, since its "on-rollback" is not "current"',
    ]);
  });

  it('does not promise what was kept and is removed by now', async () => {
    const forgotten = '2026-11-29T10:00:00.000Z';
    const secrets = ['user', 'password'].map(word => ({ word, forgotten }));
    const { warnings } = await reading([...URL, seal('password', 'password')], ['password'], secrets);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^secret\.user was not read from its store, and what release 3 kept of it was removed by "mode: forget"/,
      ),
    ]);
  });

  it('restores the whole field where it is the only one', async () => {
    const { again, restored, warnings } = await reading(URL, ['password']);
    expect(again).toBeUndefined();
    expect(restored.map(({ isRead }) => isRead)).toEqual([false, false]);
    expect(warnings).toHaveLength(1);
  });
});
