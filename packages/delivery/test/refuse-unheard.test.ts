import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { refuseUnheard } from '../src/modes/hold.ts';

type Found = Parameters<typeof refuseUnheard>[0];

const misspelt: Found = {
  identity: { application: 'shop', formation: 'stagin', namespace: 'shop', repository: '' },
};
const declared = { ...misspelt, checkout: {} } as Found;

describe('a formation that is held', () => {
  it('is refused where neither a file nor the cluster has its name', () => {
    expect(() => refuseUnheard(misspelt, undefined, { state: 'none' })).toThrow(
      'no release of shop/stagin is in namespace shop, and no file of it is checked out',
    );
  });

  it.each<[string, Parameters<typeof refuseUnheard>]>([
    ['has a file, before its first release', [declared, undefined, { state: 'none' }]],
    ['has a release', [misspelt, {} as Release, { state: 'none' }]],
    ['has a hold already', [misspelt, undefined, { state: 'held' }]],
  ])('is known where it %s', (_, given) => {
    expect(() => refuseUnheard(...given)).not.toThrow();
  });
});
