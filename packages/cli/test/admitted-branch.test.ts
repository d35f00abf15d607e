import { describe, expect, it } from '@jest/globals';
import { admitsBranch } from '../src/doctor/admitted-branch.ts';

describe('a rule of an environment', () => {
  const rows: readonly (readonly [string, string, boolean | undefined])[] = [
    ['main', 'main', true],
    ['main', 'trunk', false],
    ['*', 'main', true],
    ['*', 'release/1', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['**/main', 'main', true],
    ['**/main', 'a/b/main', true],
    ['v?', 'v1', true],
    ['v1.x', 'v1-x', false],
    ['release/[0-9]', 'release/1', undefined],
    ['a+(b)', 'a+(b)', true],
  ];

  it.each(rows)('%s for the branch %s: %s', (pattern, branch, admitted) => {
    expect(admitsBranch([pattern], branch)).toBe(admitted);
  });

  it('is enough if another one is not, and not known if another one may be', () => {
    expect(admitsBranch(['a', 'main'], 'main')).toBe(true);
    expect(admitsBranch(['a', '[m]ain'], 'main')).toBeUndefined();
    expect(admitsBranch([], 'main')).toBe(false);
  });
});
