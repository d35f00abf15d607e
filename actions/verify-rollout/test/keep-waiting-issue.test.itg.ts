import { afterEach, describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import { stepsState } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { closeLeftIssue, keepWaitingIssue } from '../src/steps/keep-waiting-issue.ts';

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

const notify = ['@ada', '@acme/operators'];
const release = (changes: object = {}): Release =>
  ({
    ...{ application: 'shop', formation: 'production', namespace: 'shop', number: 42 },
    steps: stepsState({ settings: { notify } }),
    ...changes,
  }) as unknown as Release;

const CLOSED = stepsState({ settings: { notify } });
const closed = release({ verdict: 'succeeded', steps: { ...CLOSED, phase: undefined } });

const BOT: Token = { login: 'github-actions[bot]' };
const WRITER: Token = { ...BOT, issues: 'write' };

async function githubFor(token = WRITER): Promise<GitHubDouble> {
  const tokens = new Map([['ghs_1', token]]);
  const github = await startGitHub({ directory: '/', tokens, users: new Map([['ada', 1]]) });
  started.push(github);
  return github;
}

function contextFor(github: GitHubDouble, token = 'ghs_1') {
  const runner = fakeRunner({ context: { repository: 'acme/shop', apiUrl: github.apiUrl } });
  const context = { inputs: { deployment: { token } }, runner } as unknown as VerifyContext;
  return { runner, context };
}

describe('the issue that "notify" asks for', () => {
  it('is opened when the release waits, updated by later looks, and closed when it ends', async () => {
    const github = await githubFor();
    const { runner, context } = contextFor(github);
    await keepWaitingIssue(release(), 'it waits for commit', context);
    expect(github.state.issues).toMatchObject([
      { state: 'open', title: 'shop/production: release 42 waits for commit', assignees: ['ada'] },
    ]);
    const baking = stepsState({ settings: { notify }, 'waiting-for': 'time' });
    await keepWaitingIssue(release({ number: 43, steps: baking }), 'it bakes', context);
    expect(github.state.issues).toMatchObject([
      { state: 'open', title: expect.stringContaining('release 43') },
    ]);
    await keepWaitingIssue(closed, 'release 43 is committed: all users have it', context);
    expect(github.state.issues).toMatchObject([{ state: 'closed', stateReason: 'completed' }]);
    expect(runner.log).toEqual(['Issue 1 was opened', 'Issue 1 was updated', 'Issue 1 was closed']);
  });

  it('is not written where no one is to be told, and GitHub is not asked', async () => {
    const github = await githubFor();
    await keepWaitingIssue(release({ steps: stepsState() }), '', contextFor(github).context);
    expect(github.requests).toEqual([]);
  });

  it.each<[string, Token, string, string]>([
    ['the permission', { ...BOT, issues: 'read' }, 'ghs_1', 'the token lacks "issues: write"'],
    ['a token', WRITER, '', 'the step has no token'],
  ])('that lacks %s is a warning, and does not fail the release', async (_what, token, given, words) => {
    const github = await githubFor(token);
    const { runner, context } = contextFor(github, given);
    await keepWaitingIssue(release(), '', context);
    expect(github.state.issues).toEqual([]);
    expect(runner.log).toEqual([
      expect.stringMatching(/^warning: The issue about release 42 was not written/),
    ]);
    expect(runner.log[0]).toContain(words);
  });

  it('says whom GitHub does not let be assigned', async () => {
    const github = await githubFor();
    github.state.users.clear();
    const { runner, context } = contextFor(github);
    await keepWaitingIssue(release(), '', context);
    expect(runner.log).toEqual([
      'Issue 1 was opened',
      'warning: Issue 1 is not assigned to ada: GitHub does not let them be assigned, so it only mentions them',
    ]);
  });

  it('that is left open is closed by the next look at nothing, such as after a rollback', async () => {
    const github = await githubFor();
    const { context } = contextFor(github);
    await keepWaitingIssue(release(), '', context);
    await closeLeftIssue(release({ number: 43, verdict: 'succeeded', steps: undefined }), context);
    expect(github.state.issues).toMatchObject([{ state: 'closed' }]);
  });

  it('is not missed by a look at nothing that may not look at issues, where no one is to be told', async () => {
    const { runner, context } = contextFor(await githubFor(BOT));
    await closeLeftIssue(release({ verdict: 'succeeded', steps: undefined }), context);
    expect(runner.log).toEqual([]);
    await closeLeftIssue(closed, context);
    expect(runner.log[0]).toMatch(/^warning: The issue about release 42 was not written/);
  });
});
