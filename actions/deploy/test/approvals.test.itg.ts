import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding, Release } from '@slipway/core';
import { shortFingerprint } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';
import { type GitHubDouble, startGitHub } from '@slipway/testbed/github';
import { commit, exec, git, type PullRequest, pullRequest, repository } from '@slipway/testkit/git';
import { openSignOffs } from '../src/approvals.ts';

const FINGERPRINT = `sha256:${'ab'.repeat(32)}`;
const REPOSITORY = 'acme/shop';

const finding: Finding = {
  rule: 'address',
  severity: 'sign-off',
  message: 'the address changed',
  fingerprint: FINGERPRINT,
  approvers: ['ada'],
} as Finding;

let origin: string;
let pull: PullRequest;
let later: string;
beforeAll(() => {
  origin = repository({ 'a.yaml': 'old\n' });
  pull = pullRequest(origin, { 'a.yaml': 'new\n' });
  git(origin, 'reset', '--quiet', '--hard', pull.merge);
  later = commit(origin, { 'b.yaml': 'later\n' });
});

const started: GitHubDouble[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(double => double.stop()));
});

/** Whether the approval in the pull request counts for a deployment of a commit over a live release. */
async function isApproved(deployed: string, previous: Partial<Release> | undefined): Promise<boolean> {
  const github = await startGitHub({
    ...{ directory: origin, repository: REPOSITORY },
    tokens: new Map([['ghs_1', { login: 'github-actions[bot]', comments: 'write' }]]),
    pulls: [
      {
        ...{ number: 7, author: 'mallory', head: pull.head, commits: [pull.merge] },
        merged: { at: '2026-01-01T00:09:00Z', commit: pull.merge },
      },
    ],
    reviews: new Map([
      [
        7,
        [
          {
            ...{ user: 'ada', state: 'APPROVED' as const, commit: pull.head, at: '2026-01-01T00:02:00Z' },
            body: `sign-off ${shortFingerprint(FINGERPRINT)}`,
          },
        ],
      ],
    ]),
  });
  started.push(github);
  const runner = fakeRunner({
    workspace: origin,
    exec,
    context: { repository: REPOSITORY, apiUrl: github.apiUrl },
  });
  const signOffs = openSignOffs({ token: 'ghs_1', application: 'slipway.yaml' }, runner);
  const since = { previous: previous as Release | undefined, promoted: deployed };
  return (await signOffs.settle([finding], since)).length === 0;
}

describe('an approval in a pull request that was merged a commit before', () => {
  it('counts where what is live is older', async () => {
    expect(await isApproved(later, { verdict: 'succeeded', configRevision: pull.base })).toBe(true);
  });

  it('does not count where what is live names no commit, whatever became of it', async () => {
    expect(await isApproved(later, { verdict: 'succeeded' })).toBe(false);
    expect(await isApproved(later, { verdict: 'failed' })).toBe(false);
  });

  it('counts for the commit that it brought, whatever is live', async () => {
    expect(await isApproved(pull.merge, { verdict: 'succeeded' })).toBe(true);
  });
});
