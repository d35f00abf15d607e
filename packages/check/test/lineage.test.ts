import { describe, expect, it } from '@jest/globals';
import { listedLineage } from '../src/base-rules/lineage.ts';

/** A history by commit: what each was made from. `m` merges `b` and `c`. */
const HISTORY: Readonly<Record<string, readonly string[]>> = {
  root: [],
  a: ['root'],
  b: ['a'],
  c: ['a'],
  m: ['b', 'c'],
  main: ['m'],
  aside: ['root'],
};

/** The newest commits, breadth first, as an API would list at most so many of them. */
const listing =
  (most: number) =>
  async (commit: string): Promise<readonly { id: string; parents: readonly string[] }[]> => {
    const found = [commit];
    for (const id of found) found.push(...(HISTORY[id] ?? []).filter(parent => !found.includes(parent)));
    return found.slice(0, most).map(id => ({ id, parents: HISTORY[id] ?? [] }));
  };

describe('how two commits are related, by listed commits,', () => {
  it('counts those between, on every branch that was merged', async () => {
    const list = listing(100);
    expect(await listedLineage('a', 'main', list)).toEqual({ relation: 'behind', ahead: 0, behind: 4 });
    expect(await listedLineage('b', 'main', list)).toEqual({ relation: 'behind', ahead: 0, behind: 3 });
    expect(await listedLineage('main', 'c', list)).toEqual({ relation: 'ahead', behind: 0, ahead: 3 });
    expect(await listedLineage('main', 'main', list)).toEqual({ relation: 'same', ahead: 0, behind: 0 });
  });

  it('leaves out a number that the list does not contain', async () => {
    const [main, m, b] = await listing(3)('main');
    const cut = async () => [main, m, b].flatMap(commit => commit ?? []);
    expect(await listedLineage('b', 'main', cut)).toEqual({ relation: 'behind', ahead: 0 });
  });

  it('is not known if neither is among the newest of the other', async () => {
    expect(await listedLineage('aside', 'main', listing(100))).toBeUndefined();
    expect(await listedLineage('a', 'main', listing(1))).toBeUndefined();
  });
});
