import { describe, expect, it } from '@jest/globals';
import {
  headCommitOf,
  mergeGroupOf,
  pullRequestOf,
  type RunContext,
  restrictedBy,
  whyForbidden,
} from '../src/index.ts';
import { fakeRunner } from '../src/testing.ts';

const [sha, base, head] = ['1', '2', '3'].map(digit => digit.repeat(40)) as [string, string, string];

function pullOf(repository: string | undefined) {
  return {
    number: 7,
    base: { sha: base, ref: 'main' },
    head: { sha: head, repo: repository === undefined ? null : { full_name: repository } },
    user: { login: 'mallory' },
  };
}

function contextOf(eventName: string, event: RunContext['event'] = {}, actor = 'ada'): RunContext {
  return fakeRunner({ context: { eventName, event, sha, actor, repository: 'acme/shop' } }).context;
}

describe('the pull request of a run', () => {
  it('is what the event says', () => {
    expect(pullRequestOf(contextOf('pull_request', { pull_request: pullOf('acme/shop') }))).toEqual({
      ...{ number: 7, head, author: 'mallory', fromFork: false },
      ...{ baseBranch: 'main', base },
    });
  });

  it('is missing for an event that says none', () => {
    expect(pullRequestOf(contextOf('push'))).toBeUndefined();
    expect(pullRequestOf(contextOf('merge_group', { merge_group: {} }))).toBeUndefined();
  });

  it.each<[string, string | undefined, boolean]>([
    ['of the same repository, whatever the case', 'Acme/Shop', false],
    ['of a fork', 'mallory/shop', true],
    ['of a fork that was deleted', undefined, true],
  ])('says whether its branch is %s', (_title, repository, fromFork) => {
    const event = { pull_request: pullOf(repository) };
    expect(pullRequestOf(contextOf('pull_request_target', event))?.fromFork).toBe(fromFork);
  });
});

describe('the commit that a status belongs to', () => {
  const pull_request = pullOf('acme/shop');

  it.each<[string, RunContext['event'], string | undefined]>([
    ['pull_request', { pull_request }, head],
    ['pull_request_target', { pull_request }, head],
    ['pull_request_review', { pull_request }, head],
    ['merge_group', { merge_group: { head_sha: head } }, head],
    ['workflow_run', { workflow_run: { head_sha: head } }, head],
    ['push', {}, sha],
    ['workflow_dispatch', {}, sha],
    ['issue_comment', { issue: { number: 7 } }, undefined],
    ['merge_group', {}, undefined],
  ])('is known for %s', (eventName, event, commit) => {
    expect(headCommitOf(contextOf(eventName, event))).toBe(commit);
  });
});

describe('a merge group', () => {
  const groupOf = (head_ref: string, base_ref = 'refs/heads/main') =>
    mergeGroupOf(contextOf('merge_group', { merge_group: { head_ref, base_ref, head_sha: sha } }));

  it.each([
    [`refs/heads/gh-readonly-queue/main/pr-104-${base}`, 'refs/heads/main', 'main'],
    [`gh-readonly-queue/release/1.2/pr-104-${base}`, 'refs/heads/release/1.2', 'release/1.2'],
    [
      `refs/heads/gh-readonly-queue/a/pr-1-abcdef0/pr-104-${base}`,
      'refs/heads/a/pr-1-abcdef0',
      'a/pr-1-abcdef0',
    ],
  ])('is for the pull request in the name of its branch: %s', (headRef, baseRef, baseBranch) => {
    expect(groupOf(headRef, baseRef)).toEqual({ pull: 104, baseBranch });
  });

  it.each([
    ['refs/heads/main', 'refs/heads/main'],
    [`refs/heads/gh-readonly-queue/main/pr-x-${base}`, 'refs/heads/main'],
    [`refs/heads/gh-readonly-queue/main/pr-1-${base}`, 'refs/heads/other'],
    [`refs/heads/mine/gh-readonly-queue/main/pr-1-${base}`, 'refs/heads/main'],
  ])('is not for one that its branch does not name: %s into %s', (headRef, baseRef) => {
    expect(groupOf(headRef, baseRef)).toBeUndefined();
  });

  it('is missing for another event', () => {
    expect(mergeGroupOf(contextOf('push', { merge_group: {} }))).toBeUndefined();
  });
});

describe('a run is restricted', () => {
  const ofFork = { pull_request: pullOf('mallory/shop') };
  const own = { pull_request: pullOf('acme/shop') };

  it.each<[string, RunContext, 'fork' | 'dependabot' | undefined]>([
    ['as one of a fork', contextOf('pull_request', ofFork), 'fork'],
    ['as one of a fork, by its review', contextOf('pull_request_review', ofFork), 'fork'],
    ['as one of Dependabot', contextOf('pull_request', own, 'dependabot[bot]'), 'dependabot'],
    ['as a push of Dependabot', contextOf('push', {}, 'dependabot[bot]'), 'dependabot'],
    ['not for pull_request_target', contextOf('pull_request_target', ofFork), undefined],
    ['not after the merge', contextOf('push', {}), undefined],
    ['not for a branch of the repository', contextOf('pull_request', own), undefined],
    ['not in a merge queue', contextOf('merge_group', {}, 'dependabot[bot]'), undefined],
  ])('%s', (_title, context, by) => {
    expect(restrictedBy(context)).toBe(by);
  });
});

describe('what GitHub did not let a run write', () => {
  const why = (eventName: string, repository: string, actor?: string) =>
    whyForbidden(contextOf(eventName, { pull_request: pullOf(repository) }, actor), 'statuses: write');

  it('is explained by who the run is for', () => {
    expect(why('pull_request', 'mallory/shop')).toBe('GitHub lets the token of a run for a fork only read');
    expect(why('pull_request', 'acme/shop', 'dependabot[bot]')).toBe(
      'GitHub lets the token of a run of Dependabot only read, unless there is "statuses: write" under "permissions" of the job',
    );
    expect(why('pull_request', 'acme/shop')).toBe(
      'the token needs "statuses: write" under "permissions" of the job',
    );
  });
});
