import { describe, expect, it } from '@jest/globals';
import {
  branchKeyOf,
  isName,
  isSpawnKey,
  maxKeyLength,
  spawnedName,
  spawningOf,
  spawnKeyOf,
} from '@slipway/core';
import fc from 'fast-check';

describe('the key of an instance', () => {
  it.each<[string, string, string]>([
    ['the number of a pull request as it is', '1234', '1234'],
    ['a branch that is a slug as it is', 'login-page', 'login-page'],
    ['a branch with other characters, with a part of its hash', 'feature/A', 'feature-a-b0b6b'],
    ['a longer branch, cut', 'a-very-long-name-of-a-branch', 'a-very-long-na-b4d4c'],
    ['a branch without any character of a slug, by its hash', '+++', 'x-b2a68'],
  ])('is %s', (_title, text, key) => {
    expect(spawnKeyOf(text, 'preview')?.replace(/[0-9a-f]{5}$/, '')).toBe(key.replace(/[0-9a-f]{5}$/, ''));
    expect(isSpawnKey(spawnKeyOf(text, 'preview') ?? '', 'preview')).toBe(true);
  });

  it.each([
    '',
    '../x',
    'PR 12',
    '-rf',
    'a..b',
    'a~1',
    'a.lock',
    '/a',
    'a/',
    '@',
    'a@{1}',
    'a\u0000b',
    '.a',
    'a/.b',
    'x'.repeat(245),
  ])('is not made of %j, which no branch is called', text => {
    expect(spawnKeyOf(text, 'preview')).toBeUndefined();
    expect(branchKeyOf(text, 'preview')).toBeUndefined();
  });

  it.each(['0', '07', '000'])('is not made of %j, which looks like a number', text => {
    expect(spawnKeyOf(text, 'preview')).toBeUndefined();
    expect(branchKeyOf(text, 'preview')).toMatch(/^0/);
  });

  it('differs for branches that differ by case or by what a slug does not have', () => {
    const keys = ['feature/A', 'feature/a', 'feature-a', 'feature_a', 'Feature-A'].map(text =>
      spawnKeyOf(text, 'preview'),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('of a branch is never the one of a pull request, nor one that was made of another branch', () => {
    expect(branchKeyOf('1234', 'preview')).toMatch(/^1234-[0-9a-f]{5}$/);
    const hashed = spawnKeyOf('feature/A', 'preview') ?? '';
    expect(spawnKeyOf(hashed, 'preview')).not.toBe(hashed);
  });

  it('of a number that is too long for the name is refused', () => {
    expect(spawnKeyOf('123456789012345', 'preview')).toBe('123456789012345');
    expect(spawnKeyOf('1234567890123', 'a-formation-of-27-characters'.slice(0, 27))).toBeUndefined();
  });

  it('makes the name of a formation, whatever the branch is called', () => {
    const branch = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 });
    const formation = fc.stringMatching(/^[a-z]{1,27}$/);
    fc.assert(
      fc.property(branch, formation, (text, name) => {
        for (const key of [spawnKeyOf(text, name), branchKeyOf(text, name)]) {
          if (key === undefined) continue;
          expect(key.length).toBeLessThanOrEqual(maxKeyLength(name));
          expect(isName(spawnedName(name, key))).toBe(true);
        }
      }),
    );
  });
});

describe('the name of an instance', () => {
  it.each<[string, string | undefined]>([
    ['preview-1234', 'preview'],
    ['preview-feature-a', 'preview'],
    ['preview', undefined],
    ['preview-', undefined],
    ['preview-a-name-that-is-too-long-for-a-key', undefined],
    ['staging-1234', undefined],
  ])('%s is told from others', (name, of) => {
    expect(spawningOf(name, ['preview'])).toBe(of);
  });
});
