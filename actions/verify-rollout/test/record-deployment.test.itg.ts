import { afterEach, describe, expect, it } from '@jest/globals';
import type { Release, Verdict } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import { git, repository } from '@slipway/testkit/git';
import { stepsState } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { recordAtGitHub, recordOpenAtGitHub } from '../src/end/record-deployment.ts';

const directory = repository({ 'a.txt': '0' });
git(directory, 'commit', '--allow-empty', '--quiet', '-m', 'later');
const [head = '', built = ''] = git(directory, 'rev-list', 'HEAD').trim().split('\n');

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

const release = {
  ...{ number: 41, deploymentTag: 'v41', snapshot: { gitRevision: built } },
  ...{ formation: 'production', destination: 'eu' },
} as unknown as Release;
const inSteps = { ...release, steps: stepsState() } as unknown as Release;
const succeeded = { verdict: 'succeeded', formation: 'production', destination: 'eu' } as Verdict;

interface Case {
  readonly token?: Partial<Token>;
  readonly deployments?: 'github' | 'exact';
  readonly release?: Release;
  readonly verdict?: Verdict;
  readonly environment?: string;
  readonly isOpen?: boolean;
  /** What an earlier run has recorded at. */
  readonly before?: GitHubDouble;
}

async function record(
  given: Case,
): Promise<{ readonly github: GitHubDouble; readonly log: readonly string[] }> {
  const token: Token = { login: 'github-actions[bot]', deployments: 'write', ...given.token };
  const github = given.before ?? (await startGitHub({ directory, tokens: new Map([['ghs_1', token]]) }));
  if (given.before === undefined) started.push(github);
  const runner = fakeRunner({
    context: {
      ...{ repository: 'acme/shop', sha: head, runId: '7', apiUrl: github.apiUrl },
      runUrl: 'https://github.com/acme/shop/actions/runs/7/attempts/1',
    },
  });
  const { deployments = 'exact', environment } = given;
  const context = {
    inputs: { deployment: { deployments, environmentUrl: '', token: 'ghs_1' } },
    identity: environment === undefined ? {} : { environment },
    runner,
  } as unknown as VerifyContext;
  if (given.isOpen) await recordOpenAtGitHub(given.release ?? inSteps, context);
  else await recordAtGitHub(given.verdict ?? succeeded, given.release ?? release, context);
  return { github, log: runner.log };
}

describe('the record of a deployment', () => {
  it('is at the commit of the images, in the environment of the destination', async () => {
    const { github } = await record({ environment: 'production-eu' });
    expect(github.state.deployments).toMatchObject([
      {
        ...{ sha: built, environment: 'production-eu' },
        description: `v41, release 41 succeeded: images of ${built.slice(0, 7)}`,
        statuses: [{ state: 'success' }],
      },
    ]);
  });

  it('is a failure for every verdict but success, and none for a release that was superseded', async () => {
    const { github } = await record({ verdict: { ...succeeded, verdict: 'rolled-back' } });
    expect(github.state.deployments).toMatchObject([
      { environment: 'production/eu', statuses: [{ state: 'failure' }] },
    ]);
    const superseded = await record({ verdict: { ...succeeded, verdict: 'superseded' } });
    expect(superseded.github.requests).toEqual([]);
  });

  it('of a release in steps is in progress until its end, and one record from beginning to end', async () => {
    const environment = 'production-eu';
    const { github } = await record({ environment, isOpen: true });
    const statesOf = () => github.state.deployments.map(({ statuses }) => statuses.map(({ state }) => state));
    expect(statesOf()).toEqual([['in_progress']]);
    expect(github.state.deployments[0]?.statuses[0]?.description).toBe(
      `v41, release 41 at 50 %, waits for commit: images of ${built.slice(0, 7)}`,
    );
    await record({ environment, release: inSteps, before: github });
    expect(statesOf()).toEqual([['in_progress', 'success']]);
  });

  it.each([
    ['rolled-back', 'failure'],
    ['rollback-failed', 'failure'],
    ['superseded', 'inactive'],
  ] as const)('of a release in steps that is %s ends as %s', async (verdict, state) => {
    const { github } = await record({ isOpen: true });
    await record({ release: inSteps, verdict: { ...succeeded, verdict }, before: github });
    expect(github.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([state]);
  });

  it('of a release that was left in progress ends with the next one to the same destination', async () => {
    const { github } = await record({ isOpen: true });
    const next = { ...release, number: 42 } as unknown as Release;
    await record({ release: next, before: github });
    await record({ release: { ...next, number: 43, destination: 'us' } as Release, before: github });
    expect(github.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      'inactive',
      'success',
      'success',
    ]);
  });

  it('of an open release that the token may not write is a warning, too', async () => {
    const { github, log } = await record({ isOpen: true, token: { deployments: 'read' } });
    expect(github.state.deployments).toEqual([]);
    expect(log).toEqual([expect.stringContaining('the token lacks "deployments: write"')]);
  });

  it('is left to the environment of the job by default', async () => {
    const { github, log } = await record({ deployments: 'github' });
    expect([github.requests, log]).toEqual([[], []]);
  });

  it.each<[string, Case, string]>([
    ['the permission', { token: { deployments: 'read' } }, 'the token lacks "deployments: write"'],
    ['a commit', { release: { ...release, snapshot: undefined } as never }, 'it is not known which commit'],
    [
      'a commit that GitHub has',
      { release: { ...release, snapshot: { gitRevision: 'f'.repeat(40) } } as never },
      'GitHub refuses what this request would write',
    ],
  ])('that lacks %s is a warning in one sentence, and does not fail the release', async (_, given, words) => {
    const { github, log } = await record(given);
    expect(github.state.deployments).toEqual([]);
    expect(log).toEqual([
      expect.stringMatching(/^warning: The deployment was not recorded at GitHub: [^\n]+$/),
    ]);
    expect(log[0]).toContain(words);
  });
});
