import { describe, expect, it } from '@jest/globals';
import { formatPack, parsePack, SlipwayError, strictestPacks } from '../src/index.ts';

describe('a chosen pack', () => {
  it.each([
    ['workloads', { pack: 'workloads', level: 'error' }, 'workloads'],
    ['workloads: error', { pack: 'workloads', level: 'error' }, 'workloads'],
    [
      'pod-security/baseline:warn',
      { pack: 'pod-security/baseline', level: 'warn' },
      'pod-security/baseline: warn',
    ],
    [' workloads :  new ', { pack: 'workloads', level: 'new' }, 'workloads: new'],
    [{ workloads: 'warn' as const }, { pack: 'workloads', level: 'warn' }, 'workloads: warn'],
  ])('is read from %j', (written, chosen, text) => {
    expect(parsePack(written)).toEqual(chosen);
    expect(formatPack(parsePack(written))).toBe(text);
    expect(parsePack(text)).toEqual(chosen);
  });

  it.each([
    ['workloads: wran', 'did you mean "warn"?'],
    ['workloads: off', 'write error, warn or new'],
    ['workloads:', 'write error, warn or new'],
    ['workloads: warn: new', 'write error, warn or new'],
  ])('has no other level: %s', (text, remedy) => {
    expect(() => parsePack(text)).toThrow(SlipwayError);
    expect(() => parsePack(text)).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ code: 'pack-level-unknown', remedy })],
      }),
    );
  });

  it('that is named twice has the stricter level: error before new, new before warn', () => {
    const strictest = (...texts: string[]) =>
      strictestPacks(texts.map(text => parsePack(text))).map(formatPack);
    expect(strictest('workloads: warn', 'references', 'workloads: new')).toEqual([
      'workloads: new',
      'references',
    ]);
    expect(strictest('workloads', 'workloads: new', 'workloads: warn')).toEqual(['workloads']);
  });
});
