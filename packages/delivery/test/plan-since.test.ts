import { describe, expect, it } from '@jest/globals';
import { firstLimit } from '../src/live/plan-since.ts';

describe('a plan of what a first release creates', () => {
  const rest =
    'so this is what the first release creates; whether there is one that was not verified is not known';

  it('says that the registry has no verdict', () => {
    expect(firstLimit(undefined)).toBe(`the registry has no verdict on a release there, ${rest}`);
  });

  it('says who removed what was there, of which the registry does have a verdict', () => {
    expect(firstLimit({ at: '2026-11-29T18:05:05.037Z', by: 'ada' })).toBe(
      `"ada" removed what was there at 2026-11-29T18:05:05.037Z, and the registry has no verdict on a release since, ${rest}`,
    );
  });
});
