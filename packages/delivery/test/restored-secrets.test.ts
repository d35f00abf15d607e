import { describe, expect, it } from '@jest/globals';
import type { RecordedSecret, Release } from '@slipway/core';
import type { SecretVersion } from '@slipway/secrets';
import type { RestoredSecret } from '../src/secrets/read-again.ts';
import { restoredSecretsText } from '../src/secrets/restored-secrets.ts';

const NOW = new Date('2026-11-29T10:00:00Z');

const vault = (word: string, now?: SecretVersion, changes: Partial<RestoredSecret> = {}): RestoredSecret => ({
  word,
  isRead: false,
  request: { word, reference: { from: 'vault', path: 'kv/shop/db', key: 'password' } },
  now,
  ...changes,
});

const recorded = (word: string, changes: Partial<RecordedSecret> = {}): RecordedSecret => ({
  ...{ word, from: 'vault', address: 'kv/shop/db', read: '2026-10-30T09:00:00Z' },
  ...changes,
});

const text = (restored: readonly RestoredSecret[], secrets?: RecordedSecret[]): string[] => {
  const release: Pick<Release, 'number' | 'created' | 'secrets'> = {
    ...{ number: 3, created: '2026-10-29T10:00:00Z' },
    ...(secrets === undefined ? {} : { secrets }),
  };
  return restoredSecretsText(release, restored, NOW);
};

const third = { version: '3', since: '2026-10-29T09:00:00Z' };

describe('what a rollback says of secrets', () => {
  it('names each of them once, and since when the release had it', () => {
    expect(text([vault('api.key'), vault('db.password')])[0]).toMatch(
      /^Release 3 brings back 2 secrets as they were when it was deployed, 2026-10-29T10:00:00Z: api\.key, db\.password\. /,
    );
  });

  it.each<[string, RestoredSecret, RecordedSecret[] | undefined, string]>([
    [
      'a newer version in the store',
      vault('a', { id: '5', since: '2026-11-20T10:00:00Z' }),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, and the store has a newer one',
    ],
    [
      'the same version in the store',
      vault('a', { id: '3', since: '2026-10-29T09:00:00Z' }),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, which its store still has',
    ],
    [
      'a version of the same number that is another one, as after the secret was deleted and written again',
      vault('a', { id: '3', since: '2026-11-28T10:00:00Z' }),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, and the store has a newer one',
    ],
    [
      'a number that says nothing of a secret that was created again',
      vault('a', { id: '1' }),
      [recorded('a', { version: '1' })],
      'a: version 1 of 30 days ago, which its store still has unless the secret was deleted and created again',
    ],
    [
      'an ID that no other version has',
      vault('a', { id: 'f00d' }),
      [recorded('a', { version: 'f00d' })],
      'a: version f00d of 30 days ago, which its store still has',
    ],
    [
      'a version in the store that is older',
      vault('a', { id: '2', since: '2026-09-01T10:00:00Z' }),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, and the store has another one',
    ],
    [
      'a store that was not asked, or did not answer',
      vault('a'),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, and what its store has now is not known',
    ],
    [
      'an entry that names another secret by now',
      vault('a', { id: '3', since: '2026-10-29T09:00:00Z' }),
      [recorded('a', { ...third, address: 'kv/shop/old' })],
      'a: version 3 of 31 days ago, and what its store has now is not known',
    ],
    [
      'a record that does not say what was read',
      vault('a', { id: '3' }),
      undefined,
      'a: of a version that is not known, and what its store has now is not known',
    ],
    [
      'an entry that the config does not have any more',
      vault('a', undefined, { request: undefined }),
      [recorded('a', third)],
      'a: version 3 of 31 days ago, and what its store has now is not known',
    ],
    [
      'what is read from the store',
      vault('a', { id: '5', since: '2026-11-29T08:30:00Z' }, { isRead: true }),
      [recorded('a', third)],
      'a: version 5 of 1 hour ago, which its store has now',
    ],
    [
      'what is lent',
      vault('a', { lasts: 3600 }, { isRead: true }),
      undefined,
      'a: a new one, which its store lends',
    ],
    [
      'what a store without versions has',
      vault('a', undefined, { isRead: true }),
      undefined,
      'a: what its store has now, which tells no version',
    ],
  ])('is true for %s', (_case, restored, secrets, sentence) => {
    expect(text([restored], secrets)[1]).toBe(sentence);
  });

  it('tells what is read from what is brought back', () => {
    const [kept, read] = text([vault('a'), vault('b', undefined, { isRead: true })]);
    expect(kept).toContain('brings back 1 secret as it was');
    expect(read).toBe('1 secret is read from the store, and not restored: b');
  });

  it('has nothing to say of a release without secrets', () => {
    expect(text([])).toEqual([]);
  });

  it('is short and one line for each, whatever a record contains', () => {
    const words = Array.from({ length: 50 }, (_, index) => `\n::error::${index}${'x'.repeat(500)}`);
    const said = text(
      words.map(word => vault(word)),
      words.map(word => recorded(word, { version: `\n${'9'.repeat(500)}`, since: '\n::error::' })),
    );
    expect(said.join('')).not.toContain('\n');
    expect(said[0]).toContain(' and 40 more');
    expect(said.at(-1)).toBe('and 40 more');
    expect(said.join('').length).toBeLessThan(4_500);
  });
});
