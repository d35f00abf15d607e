import { describe, expect, it } from '@jest/globals';
import type { ReleaseEntry } from '@slipway/release';
import { namedRelease, unprovenText } from '../src/modes/named-release.ts';

const OWNER = { application: 'shop', formation: 'staging' };

const entry = (number: number, deploymentTag: string, verdict?: ReleaseEntry['verdict']): ReleaseEntry => ({
  ...{ number, deploymentTag, verdict, created: '', uid: undefined },
});

const RELEASES = [
  entry(5, 'v3'),
  entry(4, 'v2', 'failed'),
  entry(3, 'v1', 'timed-out'),
  entry(2, 'v1', 'succeeded'),
  entry(1, 'v1', 'succeeded'),
];

describe('a release that is named', () => {
  it('by its deployment tag is the newest of it that succeeded, and not a later one that failed', () => {
    expect(namedRelease(RELEASES, OWNER, 'v1')).toMatchObject({ number: 2 });
  });

  it('by a tag that never succeeded is the newest of it, with a word about that', () => {
    const named = namedRelease(RELEASES, OWNER, 'v2');
    expect(named).toMatchObject({ number: 4 });
    expect(unprovenText(named)).toMatch(/^Release 4 has the verdict "failed", so it is not known to work;/);
    expect(unprovenText(namedRelease(RELEASES, OWNER, '5'))).toMatch(/^Release 5 has no verdict,/);
    expect(unprovenText(namedRelease(RELEASES, OWNER, 'v1'))).toBeUndefined();
  });

  it('by its number is that one, whatever became of it', () => {
    expect(namedRelease(RELEASES, OWNER, '3')).toMatchObject({ number: 3 });
  });

  it('by a tag that is not kept is refused', () => {
    expect(() => namedRelease(RELEASES, OWNER, 'V9')).toThrow(
      'no kept release of shop/staging has the number or deployment tag "V9"',
    );
  });
});
