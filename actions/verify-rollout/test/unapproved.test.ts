import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { GitHubApi } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';
import type { Asking } from '../src/steps/asking.ts';
import { tellUnapproved } from '../src/steps/unapproved.ts';

async function told(given: Partial<Asking>): Promise<readonly string[]> {
  const runner = fakeRunner();
  const asking: Asking = {
    ...{ context: runner.context, triggeredBy: '', environment: 'production-decide', api: {} as GitHubApi },
    approvalsOf: async () => [],
    rulesOf: async () => ['required_reviewers'],
    includes: async () => false,
    ...given,
  };
  const without = 'no one approved the environment "production-decide"';
  await tellUnapproved({ approved: [], dispatched: undefined, without }, asking, runner);
  return runner.log;
}

describe('a decision that no one approved is told with the reason', () => {
  it.each<[string, Partial<Asking>, string]>([
    [
      'an environment without reviewers, whose job goes on by itself',
      { rulesOf: async () => ['wait_timer', 'branch_policy'] },
      'the environment "production-decide" has no required reviewers, so that its job goes on by itself; add them, or name with "by"',
    ],
    [
      'an environment that does not exist, as GitHub makes one without reviewers',
      { rulesOf: async () => undefined },
      'the repository has no environment "production-decide"',
    ],
    ['reviewers that were passed over', {}, 'has required reviewers, and no one approved'],
    [
      'rules that the token may not read',
      { rulesOf: () => Promise.reject(new SlipwayError({ code: 'github-forbidden', message: 'no' })) },
      'It is not known whether anyone approved this decision: the rules of the environment "production-decide" cannot be read: no',
    ],
    ['no token', { api: undefined }, 'It is not known whether anyone approved this decision'],
    ['no environment', { environment: undefined }, 'It is not known whether anyone approved this decision'],
  ])('%s', async (_what, given, words) => {
    const log = await told(given);
    expect(log).toEqual([expect.stringMatching(/^warning: [^\n]+$/)]);
    expect(log[0]).toContain(words);
  });
});
