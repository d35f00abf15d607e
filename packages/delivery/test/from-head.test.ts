import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@slipway/core';
import { fromHead } from '../src/guard/promotion.ts';

const [PASSED, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];
const verdict = { configRevision: PASSED, sharedRevisions: { platform: PASSED } } as unknown as Verdict;
const verdicts = new Map([['eu', verdict]]);

describe('stencils and config of the checkout', () => {
  it.each([
    ['are marked with another commit', { configRevision: OTHER, sharedRevisions: { platform: PASSED } }],
    [
      'are marked with another commit of a second checkout',
      { configRevision: PASSED, sharedRevisions: { platform: OTHER } },
    ],
    ['are marked without the second checkout', { configRevision: PASSED }],
    ['are marked without a commit', { sharedRevisions: { platform: PASSED } }],
  ])('%s', (_name, desired) => {
    expect(fromHead(verdicts, desired)).toEqual({ configFrom: 'head' });
  });

  it('are not marked where they are what passed', () => {
    expect(fromHead(verdicts, verdict)).toEqual({});
  });
});
