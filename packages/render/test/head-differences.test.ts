import { describe, expect, it } from '@jest/globals';
import type { ChangedCommits } from '../src/promotion/changed-commits.ts';
import { type HeadQuery, headDifferences } from '../src/promotion/head-differences.ts';

const [PASSED, HEAD, OTHER] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

const none: ChangedCommits = { commits: [], count: 0, lines: [] };
const moved: ChangedCommits = {
  commits: [{ id: HEAD, subject: 'Move the database' }],
  count: 1,
  lines: [{ path: 'config/shop.yaml', line: 6 }],
};

async function differences(given: Partial<HeadQuery> & { readonly passed?: object } = {}) {
  return await headDifferences({
    snapshot: { deploymentTag: 'v1', gitRevision: PASSED },
    formation: 'staging',
    verdicts: new Map([
      [
        'main',
        {
          ...{ verdict: 'succeeded' as const, configRevision: PASSED, sharedRevisions: { platform: PASSED } },
          ...given.passed,
        },
      ],
    ]),
    head: HEAD,
    sharedRevisions: { platform: PASSED },
    history: {
      takenBack: (commit: string) => Promise.resolve(commit === HEAD ? moved : none),
      shared: () => ({ takenBack: () => Promise.resolve(undefined) }),
    },
    ...given,
  });
}

describe('how the checkout differs from what passed', () => {
  it('is told by commits, files and lines', async () => {
    expect(await differences()).toEqual([
      'config: head has what the commit aaaaaaaaaaaa that passed in "staging" does not have: 1 commit (bbbbbbbbbbbb "Move the database"), with config/shop.yaml:6',
    ]);
  });

  it('is told in both directions where the branches parted', async () => {
    const history = {
      takenBack: () => Promise.resolve(moved),
      shared: () => ({ takenBack: () => Promise.resolve(undefined) }),
    };
    expect((await differences({ history })).map(text => text.split(' the commit')[0])).toEqual([
      'config: head has what',
      'config: head does not have what',
    ]);
  });

  it('is empty where the same is checked out', async () => {
    expect(await differences({ head: PASSED })).toEqual([]);
  });

  it('names second checkouts too, also where only one of both has them', async () => {
    const found = await differences({ head: PASSED, sharedRevisions: { platform: OTHER, charts: OTHER } });
    expect(found).toEqual([
      expect.stringMatching(
        /"platform" at cccccccccccc.*passed with aaaaaaaaaaaa: what is between .* not known/,
      ),
      expect.stringMatching(/"charts" at cccccccccccc.*passed with no commit of its own$/),
    ]);
  });

  it.each<[string, Partial<HeadQuery> & { readonly passed?: object }]>([
    ['nothing is checked out', { head: undefined }],
    ['the verdict names no commit', { passed: { configRevision: undefined } }],
    ['the snapshot has not passed', { passed: { verdict: 'failed' } }],
    [
      'the history is not there',
      {
        history: {
          takenBack: () => Promise.resolve(undefined),
          shared: () => ({ takenBack: () => Promise.resolve(undefined) }),
        },
      },
    ],
  ])('is not known where %s, and never nothing', async (_name, given) => {
    expect(await differences(given)).toEqual([expect.stringContaining('is not known')]);
  });
});
