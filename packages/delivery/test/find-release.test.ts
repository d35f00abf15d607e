import { describe, expect, it } from '@jest/globals';
import { releaseUnknown } from '../src/modes/find-release.ts';

const OWNER = { application: 'shop', formation: 'production' };

describe('a release that is not kept', () => {
  const kept = [7, 6, 5, 4, 3, 2].map(number => ({ number, deploymentTag: `2026112${number}-build` }));

  it.each([
    ['20261126-buidl', kept, 'did you mean "20261126-build"?'],
    [
      'v0',
      [...kept.slice(0, 2), { number: 5, deploymentTag: undefined }],
      'the newest are 7 ("20261127-build"), 6 ("20261126-build"), 5; list them with "mode: releases"',
    ],
    [
      'v0',
      kept,
      'the newest are 7 ("20261127-build"), 6 ("20261126-build"), 5 ("20261125-build"), 4 ("20261124-build"), 3 ("20261123-build"); list them with "mode: releases"',
    ],
    ['v0', [], 'list them with "mode: releases"'],
  ])('is answered with those that are: %s', (name, releases, remedy) => {
    expect(releaseUnknown(OWNER, name, releases).problems).toMatchObject([
      { code: 'release-unknown', remedy },
    ]);
  });
});
