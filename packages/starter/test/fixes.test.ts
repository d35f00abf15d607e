import { expect, test } from '@jest/globals';
import { fixesFor } from '../src/fixes/fixes.ts';
import { filesOf } from '../src/index.ts';

test('fixes of a formation with a chart are not made, which is said', async () => {
  const formation = {
    name: 'staging',
    namespace: 'shop',
    sources: { web: { helm: { chart: 'chart', release: 'web' } } },
  };
  const { formations, edits, remarks } = await fixesFor([formation], new Map(), new Map(), filesOf({}), '');
  expect([formations, edits]).toEqual([[formation], []]);
  expect(remarks.map(({ message }) => message)).toEqual([
    '--apply-fixes edits no file, as a chart or a Kustomize directory is among the sources',
  ]);
});
