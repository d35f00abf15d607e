import { describe, expect, it } from '@jest/globals';
import type { Pull } from '@slipway/testbed/github';
import { findPullsOf, type PullRequestOfRun, type RunContext } from '../src/index.ts';
import { fakeRunner } from '../src/testing.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

const [base, head, group] = ['2', '3', '4'].map(digit => digit.repeat(40)) as [string, string, string];
const own: Pull = { number: 7, author: 'ada', head, commits: [head], branch: 'fix', base };
const forked: Pull = { ...own, author: 'mallory', fork: 'mallory/shop' };
const ofGroup = {
  head_sha: group,
  base_ref: 'refs/heads/main',
  head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${base}`,
};
const afterOwn = {
  event: 'pull_request',
  head_sha: head,
  head_branch: 'fix',
  head_repository: { full_name: REPOSITORY },
  pull_requests: [],
};
const afterFork = { ...afterOwn, head_repository: { full_name: 'mallory/shop' } };

stopDoubles();

async function find(event: RunContext['event'], pulls: readonly Pull[]) {
  const { api, github } = await start({ pulls: [...pulls] });
  const [eventName = ''] = Object.keys(event);
  const { context } = fakeRunner({ context: { eventName, event, repository: REPOSITORY } });
  return { found: await findPullsOf(api, context), requests: github.requests };
}

const found = (more: Partial<PullRequestOfRun> = {}): PullRequestOfRun => ({
  ...{ number: 7, head, author: 'ada', fromFork: false, baseBranch: 'main', base },
  ...more,
});

describe('the pull requests of a run', () => {
  it('need no request if the event says which', async () => {
    const pull_request = { number: 7, head: { sha: head, repo: { full_name: REPOSITORY } } };
    const answer = await find({ pull_request }, []);
    expect([answer.found.length, answer.requests]).toEqual([1, []]);
  });

  it('are one of a merge group, asked with one request', async () => {
    const answer = await find({ merge_group: ofGroup }, [own]);
    expect(answer.found).toEqual([found()]);
    expect(answer.requests).toEqual(['GET /repos/acme/shop/pulls/7']);
  });

  it('after an earlier run are those with its commit, asked with one request', async () => {
    const answer = await find({ workflow_run: afterOwn }, [own, { ...own, number: 8, branch: 'other' }]);
    expect(answer.found).toEqual([found()]);
    expect(answer.requests).toEqual(['GET /repos/acme/shop/pulls']);
  });

  it('are found for a fork, for which GitHub lists none in the event', async () => {
    const { found: pulls } = await find({ workflow_run: afterFork }, [forked]);
    expect(pulls).toEqual([found({ author: 'mallory', fromFork: true })]);
  });

  it('are several if one branch is to be merged into several', async () => {
    const { found: pulls } = await find({ workflow_run: afterOwn }, [own, { ...own, number: 8 }]);
    expect(pulls.map(({ number }) => number)).toEqual([7, 8]);
  });

  const merged = { at: '2026-11-21T10:00:00Z', commit: group };
  it.each<[string, RunContext['event'], readonly Pull[]]>([
    ['a pull request that has moved on', { workflow_run: afterOwn }, [{ ...own, head: group }]],
    ['one that was closed', { workflow_run: afterOwn }, [{ ...own, closed: true }]],
    ['one that was merged', { workflow_run: afterOwn }, [{ ...own, merged }]],
    ['one of a fork whose branch has the same name', { workflow_run: afterOwn }, [forked]],
    [
      'one of another fork of the same owner',
      { workflow_run: afterFork },
      [{ ...forked, fork: 'mallory/shop-2' }],
    ],
    ['a run after a push', { workflow_run: { ...afterOwn, event: 'push' } }, [own]],
    ['a run of a deleted fork', { workflow_run: { ...afterFork, head_repository: null } }, [forked]],
    ['a merge group whose pull request is closed', { merge_group: ofGroup }, [{ ...own, closed: true }]],
    ['a push', { push: {} }, [own]],
  ])('are missing for %s', async (_title, event, pulls) => {
    expect((await find(event, pulls)).found).toEqual([]);
  });
});
