import { describe, expect, it } from '@jest/globals';
import {
  contentName,
  GIVEN_NAME,
  givenNameOf,
  isNamedByContent,
  MAX_JOB_NAME,
  mayBeContent,
  mayBeJob,
  nameBeforeContent,
} from '../src/index.ts';

const HASH = '1f2e3d4c5b6a79880f1e2d3c4b5a69788796a5b4c3d2e1f01f2e3d4c5b6a7988';

describe('a name by content', () => {
  it('is the name and the first ten digits of the hash', () => {
    expect(contentName('settings', HASH)).toBe('settings-1f2e3d4c5b');
    expect(nameBeforeContent('settings-1f2e3d4c5b')).toBe('settings');
    expect(nameBeforeContent('settings')).toBeUndefined();
  });

  it('is as long as an API server takes, and does not end its first part in a dash or a dot', () => {
    const name = contentName(`${'a'.repeat(240)}.-b${'c'.repeat(20)}`, HASH);
    expect(name).toBe(`${'a'.repeat(240)}-1f2e3d4c5b`);
    expect(contentName('a'.repeat(300), HASH)).toHaveLength(253);
  });

  it.each(['migrate', 'a'.repeat(52), 'a'.repeat(63), `${'a'.repeat(51)}.${'b'.repeat(11)}`])(
    'of a Job is known as that of %s',
    given => {
      const name = contentName(given, HASH, MAX_JOB_NAME);
      expect(name.length).toBeLessThanOrEqual(63);
      expect(mayBeJob(name, given)).toBe(true);
      expect(mayBeJob(name, `x${given}`)).toBe(false);
      expect(mayBeJob(given, given)).toBe(false);
    },
  );

  it('is known as that of a name that it has only the start of', () => {
    const given = `${'a'.repeat(240)}.-b${'c'.repeat(20)}`;
    expect(mayBeContent(contentName(given, HASH), given)).toBe(true);
    expect(mayBeContent('settings-1f2e3d4c5b', 'settings')).toBe(true);
    for (const other of ['settings', 'settings-1f2e3d4c5', 'settings-1f2e3d4c5g', 'settings2-1f2e3d4c5b'])
      expect(mayBeContent(other, 'settings')).toBe(false);
  });

  it('is told apart by the annotation with the given name', () => {
    const plain = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a-1f2e3d4c5b' } };
    expect([isNamedByContent(plain), givenNameOf(plain)]).toEqual([false, 'a-1f2e3d4c5b']);
    const named = { ...plain, metadata: { ...plain.metadata, annotations: { [GIVEN_NAME]: 'a' } } };
    expect([isNamedByContent(named), givenNameOf(named)]).toEqual([true, 'a']);
  });
});
