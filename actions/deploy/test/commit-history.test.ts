import { expect, it } from '@jest/globals';
import { commitPairs } from '../src/modes/commit-history.ts';

const images = { from: 'a', to: 'b', within: 'repository' } as const;
const config = { from: 'c', to: 'd', within: 'application' } as const;

it('only commits of configuration are looked for in the folder of the application', () => {
  expect(commitPairs([images, config], 'services/shop')).toEqual([
    { from: 'a', to: 'b' },
    { from: 'c', to: 'd', folder: 'services/shop' },
  ]);
});

it.each(['', undefined])('all commits count for an application in the folder %p', folder => {
  expect(commitPairs([config], folder)).toEqual([{ from: 'c', to: 'd' }]);
});
