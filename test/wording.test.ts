import { describe, expect, it } from '@jest/globals';
import { excerptsOf, findWords, readProse, WORDS } from './support/wording.ts';

const files = readProse();

describe('the words of the style sheet', () => {
  it('are looked for in sources, action files and documentation', () => {
    for (const path of [
      'README.md',
      'actions/deploy/action.yml',
      'packages/core/src/index.ts',
      'CHANGELOG.md',
    ])
      expect(files.map(file => file.path)).toContain(path);
    expect(files.length).toBeGreaterThan(300);
  });

  it.each(WORDS.map(word => [word.instead, word] as const))('write %s', (_, word) => {
    for (const wrong of word.wrong) expect([wrong, findWords(wrong).length > 0]).toEqual([wrong, true]);
    for (const right of word.right) expect([right, findWords(right)]).toEqual([right, []]);
  });

  it('are kept to everywhere', () => {
    const found = files.flatMap(excerptsOf);
    expect(countedByFolder(found)).toEqual([]);
  });
});

/** What was found, with a count for each package, action or folder in front, so that a failure says whose it is. */
function countedByFolder(found: readonly { path: string; excerpt: string }[]): string[] {
  const folders = Map.groupBy(found, ({ path }) => path.split('/').slice(0, -1).slice(0, 2).join('/') || '.');
  return [...folders].flatMap(([folder, hits]) => [
    `${folder}: ${hits.length}`,
    ...hits.map(({ excerpt }) => excerpt),
  ]);
}
