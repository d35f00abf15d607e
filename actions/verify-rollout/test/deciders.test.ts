import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { GitHubApi, RunApproval } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';
import { barredPauses, type DeciderSource, type Deciders, findDeciders } from '../src/steps/deciders.ts';

const approval = (user: string, environment = 'production-decide', state = 'approved'): RunApproval => ({
  ...{ user, state },
  environments: [environment],
});

const source = (
  changes: Partial<DeciderSource> & { readonly attempt?: string; readonly event?: string },
  ...reviews: RunApproval[]
): DeciderSource => {
  const { attempt = '1', event = 'push', ...others } = changes;
  const { context } = fakeRunner({
    context: { runAttempt: attempt, eventName: event, repository: 'acme/shop', runId: '7' },
  });
  return {
    ...{ context, triggeredBy: 'octocat', environment: 'production-decide', api: {} as GitHubApi },
    approvalsOf: async () => reviews,
    ...others,
  };
};

describe('whose decision a run is', () => {
  it.each<readonly [string, DeciderSource, Partial<Deciders>]>([
    [
      "those who approved this job's environment",
      source({}, approval('hubot'), approval('hubot')),
      { approved: ['hubot'], dispatched: undefined },
    ],
    [
      'no one who approved another environment',
      source({}, approval('hubot', 'production')),
      { approved: [], without: expect.stringContaining('no one approved') as never },
    ],
    [
      'no one who rejected it',
      source({}, approval('hubot', 'production-decide', 'rejected')),
      { approved: [] },
    ],
    [
      'no one in a second attempt, whose approvals are not told apart',
      source({ attempt: '2' }, approval('hubot')),
      { approved: [], without: expect.stringContaining('second attempt') as never },
    ],
    [
      'whoever started it by hand, in a second attempt too',
      source({ attempt: '2', event: 'workflow_dispatch' }),
      { approved: [], dispatched: 'octocat' },
    ],
    [
      'not known without a token',
      source({ api: undefined }, approval('hubot')),
      { approved: [], without: expect.stringContaining('token') as never },
    ],
    [
      'not known without an environment',
      source({ environment: undefined }, approval('hubot')),
      { approved: [], without: expect.stringContaining('environment') as never },
    ],
    [
      'not known where GitHub refuses to say it',
      source({
        approvalsOf: () => Promise.reject(new SlipwayError({ code: 'github-forbidden', message: 'no' })),
      }),
      { approved: [], without: expect.stringContaining('cannot be read') as never },
    ],
  ])('%s', async (_what, given, expected) => {
    expect(await findDeciders(given)).toMatchObject(expected);
  });
});

describe('a pause', () => {
  const list = [
    { weight: 0, pause: 'open' },
    { weight: 50, pause: 'commit', by: ['@acme/release', '@Hubot'] },
    { weight: 100, pause: 'all', not: 'actor' as const },
  ];
  const includes = async (named: readonly string[], user: string): Promise<boolean> =>
    named.includes('acme/release') && user === 'member'
      ? true
      : named.some(one => one.toLowerCase() === user.toLowerCase());
  const barred = async (deciders: Partial<Deciders>): Promise<string[]> =>
    Object.keys(
      await barredPauses({ list }, { approved: [], dispatched: undefined, ...deciders }, 'octocat', includes),
    );

  it.each<readonly [string, Partial<Deciders>, string[]]>([
    ['is passed by a member of the team', { approved: ['member'] }, []],
    ['is passed by a user, however the name is written', { approved: ['hubot'] }, []],
    ['is passed by whoever starts a run by hand', { dispatched: 'hubot' }, []],
    ['is not passed by another', { approved: ['stranger'] }, ['commit']],
    [
      'is not passed by whoever started the release, where that does not count',
      { approved: ['Octocat'] },
      ['commit', 'all'],
    ],
    ['is passed by no one where no one is known', { without: 'the step has no token' }, ['commit', 'all']],
  ])('%s', async (_what, deciders, expected) => {
    expect(await barred(deciders)).toEqual(expected);
  });

  it('says who has to decide, and who did', async () => {
    const reasons = await barredPauses(
      { list },
      { approved: ['stranger'], dispatched: undefined },
      'octocat',
      includes,
    );
    expect(reasons['commit']).toBe(
      '@acme/release or @Hubot has to decide, and this is a decision of stranger',
    );
  });
});
