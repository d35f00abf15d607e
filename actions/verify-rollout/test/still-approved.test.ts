import { describe, expect, it } from '@jest/globals';
import { type Release, SlipwayError } from '@slipway/core';
import type { GitHubApi, RunApproval } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import type { Asking } from '../src/steps/asking.ts';
import { refuseIfApproved } from '../src/steps/still-approved.ts';

const RUN = 'https://github.com/acme/shop/actions/runs/7';
const approval = (user = 'hubot', state = 'approved', environment = 'production-decide'): RunApproval => ({
  ...{ user, state },
  environments: [environment],
});
const decision = (what: string, run: string) => ({ at: '2026-11-30T12:00:00Z', what, actor: 'octocat', run });

interface Case {
  readonly reviews?: readonly RunApproval[] | Error;
  readonly attempt?: string;
  readonly event?: string;
  readonly what?: 'reject' | 'continue';
  readonly awaited?: string;
  readonly steps?: Parameters<typeof stepsState>[0];
  readonly api?: undefined;
}

async function undo(
  given: Case,
): Promise<{ readonly refused?: SlipwayError; readonly log: readonly string[] }> {
  const {
    reviews = [approval()],
    attempt = '1',
    event = 'push',
    what = 'reject',
    awaited = 'commit',
  } = given;
  const runner = fakeRunner({
    context: {
      ...{ runAttempt: attempt, eventName: event, repository: 'acme/shop', runId: '7' },
      runUrl: `${RUN}/attempts/${attempt}`,
    },
  });
  const asking: Asking = {
    ...{ context: runner.context, triggeredBy: 'octocat', environment: 'production-decide' },
    api: 'api' in given ? undefined : ({} as GitHubApi),
    approvalsOf: async () => {
      if (reviews instanceof Error) throw reviews;
      return reviews;
    },
    rulesOf: async () => undefined,
    includes: async (named, user) => named.includes(user),
  };
  const release = { number: 42, actor: 'octocat', steps: stepsState(given.steps) } as unknown as Release;
  const context = {
    inputs: { steps: { decision: { what, name: awaited }, ifWaitingFor: awaited, mayWait: false } },
    runner,
  } as unknown as VerifyContext;
  try {
    await refuseIfApproved(release, context, async () => asking);
    return { log: runner.log };
  } catch (error) {
    if (error instanceof SlipwayError) return { refused: error, log: runner.log };
    throw error;
  }
}

describe('a job that takes a release back', () => {
  it('changes nothing where the pause is approved and the job that was to continue it failed', async () => {
    const { refused } = await undo({});
    expect(refused).toMatchObject({ code: 'decision-impossible' });
    const [problem] = refused?.problems ?? [];
    expect(problem?.message).toBe(
      'release 42 was not undone: the pause commit is approved by hubot, and the job that was to continue the release failed',
    );
    expect(problem?.remedy).toBe(
      'the approval is still valid: run that job again, or start progress.yml with "continue commit"',
    );
  });

  it('changes nothing where an earlier pause of the run was approved and passed, and this one was approved too', async () => {
    const steps = { decisions: [decision('continue qa', `${RUN}/attempts/1`)] };
    const { refused } = await undo({ reviews: [approval('ada'), approval()], steps });
    expect(refused?.problems[0]?.message).toContain('by ada and hubot');
  });

  const goesOn: Record<string, Case> = {
    'no one approved': { reviews: [] },
    'it was rejected': { reviews: [approval('hubot', 'rejected')] },
    'it was approved for an earlier pause, and rejected for this one': {
      reviews: [approval(), approval('ada', 'rejected')],
    },
    'the approval was for the pause before, which the run has passed': {
      steps: { decisions: [decision('continue qa', `${RUN}/attempts/1`)] },
    },
    'another environment was approved': { reviews: [approval('hubot', 'approved', 'production')] },
    'whoever approved may not decide': {
      steps: { list: [{ weight: 0 }, { weight: 50, pause: 'commit', by: ['@ada'] }] },
    },
    'a person rejects it by hand': { event: 'workflow_dispatch' },
    'it waits for something else by then': { steps: { 'waiting-for': 'time' } },
    'it is not at a pause': { steps: { phase: 'undoing' } },
    'something else is decided': { what: 'continue' },
  };
  it.each(Object.entries(goesOn))('goes on where %s', async (_why, given) => {
    expect(await undo(given)).toEqual({ log: [] });
  });

  it('counts decisions of this run only', async () => {
    const steps = { decisions: [decision('continue qa', `${RUN}7/attempts/1`)] };
    expect((await undo({ steps })).refused).toBeDefined();
  });

  const unknown: Record<string, readonly [Case, string]> = {
    'the token may not read approvals': [
      { reviews: new SlipwayError({ code: 'github-forbidden', message: 'no' }) },
      'cannot be read',
    ],
    'there is no token': [{ api: undefined }, 'no token'],
    'it is a second attempt, whose approvals are not told apart': [{ attempt: '2' }, 'second attempt'],
  };
  it.each(Object.entries(unknown))(
    'goes on and says that it is not known where %s',
    async (_why, [given, words]) => {
      const { refused, log } = await undo(given);
      expect(refused).toBeUndefined();
      expect(log).toEqual([
        expect.stringMatching(/^warning: It is not known whether the pause commit was approved/),
      ]);
      expect(log[0]).toContain(words);
    },
  );
});
