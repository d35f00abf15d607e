import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { parseAllowances } from '@slipway/secrets';
import fc from 'fast-check';
import { isAllowed } from '../src/allowance.ts';

const vault = (path: string) => ({ from: 'vault', path, key: 'x' }) as const;

describe('the list of secrets that a step may read', () => {
  it.each([
    ['kv/shop/database', 'kv/shop/database', true],
    ['kv/shop/database', 'kv/shop/databases', false],
    ['kv/shop/*', 'kv/shop/database', true],
    ['kv/shop/*', 'kv/shop', false],
    ['kv/shop/*', 'kv/shop/database/admin', false],
    ['kv/shop/**', 'kv/shop/database/admin', true],
    ['kv/shop/**', 'kv/shop', false],
    ['kv/shop/**', 'kv/shops/database', false],
    ['kv/*/database', 'kv/shop/database', true],
    ['kv/*/database', 'kv/a/b/database', false],
    ['kv/shop-*', 'kv/shop-eu', true],
    ['kv/a*b*c', 'kv/a-b-c', true],
    ['kv/a*b*c', 'kv/abbc', true],
    ['kv/ab*bc', 'kv/abc', false],
    ['kv/*', 'kv/..', false],
    ['kv/**', 'kv/a/../../sys', false],
    ['kv/**', 'kv/a%2fb', false],
    ['kv/**', 'kv//b', false],
    ['kv/**', 'kv/a/', false],
    ['KV/a', 'kv/a', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(isAllowed(vault(path), parseAllowances([`vault=${pattern}`]))).toBe(expected);
  });

  it('holds for one store only', () => {
    const allowances = parseAllowances(['sops=a/b', 'env=PASSWORD']);
    expect(isAllowed(vault('a/b'), allowances)).toBe(false);
    expect(isAllowed({ from: 'sops', file: 'a/b' }, allowances)).toBe(true);
    expect(isAllowed({ from: 'env', name: 'PASSWORD' }, allowances)).toBe(true);
    expect(isAllowed({ from: 'env', name: 'password' }, allowances)).toBe(false);
  });

  it('lets no path out of the folder before the first asterisk, whatever the path', () => {
    const allowances = parseAllowances(['vault=kv/shop/**']);
    const text = fc.oneof(fc.constantFrom('..', '.', '', '%2e%2e', '%2f', '*', 'shop', 'kv'), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), segments => {
        const path = segments.join('/');
        if (!isAllowed(vault(path), allowances)) return;
        const { pathname } = new URL(`https://vault/v1/${path}`);
        expect(pathname.startsWith('/v1/kv/shop/')).toBe(true);
        expect(decodeURIComponent(pathname)).toBe(`/v1/${path}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('never repeats what follows the = of a wrong entry', () => {
    const read = (): unknown => parseAllowances(['password=hunter2', 'hunter3', 'vault=a/../hunter4']);
    expect(read).toThrow(SlipwayError);
    expect(read).not.toThrow(/hunter/);
  });

  it.each([
    'vault=kv//a',
    'vault=/kv',
    'vault=kv/',
    'vault=..',
    'sops=a/../b',
    'vault=kv/a%2fb',
    'vault=**',
    'vault=kv/**/a',
    'vault=kv/a**',
    'sops=a\\b',
    'env=',
  ])('does not take %s', entry => {
    expect(() => parseAllowances([entry])).toThrow(
      expect.objectContaining({ code: 'secret-allowance-invalid' }),
    );
  });
});
