import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { git, repository } from '@slipway/testkit/git';
import { commitsBetween } from '../src/index.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

/** A repository with so many commits after its first one. */
function withCommits(count: number): { readonly directory: string; readonly commits: readonly string[] } {
  const directory = repository({ 'a.txt': '0' });
  for (let number = 1; number <= count; number++)
    git(directory, 'commit', '--allow-empty', '--quiet', '-m', `change ${number}`);
  return { directory, commits: git(directory, 'rev-list', '--reverse', 'HEAD').trim().split('\n') };
}

const UNKNOWN = 'f'.repeat(40);

describe('the commits between two', () => {
  it('are listed for all pairs with one request, with the pull requests that brought them', async () => {
    const { directory, commits } = withCommits(3);
    const [first = '', second = '', third = '', fourth = ''] = commits;
    const { api, github } = await start({ directory });
    const pull = { number: 12, author: 'ada', head: third, commits: [third], title: 'Third' };
    github.state.pulls.push(
      { ...pull, merged: { at: '2026-11-20T10:00:00Z', commit: third } },
      { ...pull, number: 13, title: 'Open' },
    );
    const pairs = [
      { from: second, to: fourth },
      { from: fourth, to: fourth },
      { from: first, to: second },
      { from: UNKNOWN, to: fourth },
      { from: 'main', to: fourth },
    ];
    expect(await commitsBetween(api, REPOSITORY, pairs)).toEqual([
      {
        ...{ count: 2, isMore: false, pulls: [{ number: 12, title: 'Third' }] },
        commits: [
          { sha: fourth, title: 'change 3' },
          { sha: third, title: 'change 2' },
        ],
      },
      { count: 0, isMore: false, commits: [], pulls: [] },
      { count: 1, isMore: false, commits: [{ sha: second, title: 'change 1' }], pulls: [] },
      undefined,
      undefined,
    ]);
    expect(github.requests).toEqual(['POST /api/graphql']);
  });

  it('of a folder are those that change something in it, and not known where it is not there', async () => {
    const directory = repository({ 'services/shop/a.txt': '0', 'services/blog/a.txt': '0' });
    const change = (path: string): string => {
      writeFileSync(join(directory, path), String(commits.length));
      git(directory, 'commit', '--quiet', '--all', '-m', `change ${path}`);
      return git(directory, 'rev-parse', 'HEAD').trim();
    };
    const commits = [git(directory, 'rev-parse', 'HEAD').trim()];
    for (const path of ['services/blog/a.txt', 'services/shop/a.txt', 'services/blog/a.txt'])
      commits.push(change(path));
    const [from = '', blog = '', shop = '', to = ''] = commits;
    const { api, github } = await start({ directory });
    const inFolder = (folder: string) => ({ from, to, folder });
    const found = await commitsBetween(api, REPOSITORY, [
      ...[inFolder('services/shop'), inFolder('services/blog'), inFolder('services/other'), { from, to }],
      { from: shop, to, folder: 'services/shop' },
    ]);
    expect(found.map(one => one?.commits.map(({ sha }) => sha))).toEqual([
      ...[[shop], [to, blog], undefined, [to, shop, blog], []],
    ]);
    expect(github.requests).toEqual(['POST /api/graphql']);
  });

  it('are more than were counted where the histories do not meet', async () => {
    const { directory, commits } = withCommits(101);
    const { api } = await start({ directory });
    const [pair] = await commitsBetween(api, REPOSITORY, [
      { from: commits[0] ?? '', to: commits.at(-1) ?? '' },
    ]);
    expect(pair).toMatchObject({ count: 100, isMore: true });
  });

  it('are zero where the live commit is the newer one', async () => {
    const { directory, commits } = withCommits(2);
    const { api } = await start({ directory });
    const [pair] = await commitsBetween(api, REPOSITORY, [{ from: commits[2] ?? '', to: commits[0] ?? '' }]);
    expect(pair).toMatchObject({ count: 0, isMore: false });
  });
});
