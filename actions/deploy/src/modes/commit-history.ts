import { openRunnerHistory } from '@slipway/action-kit';
import { SlipwayError } from '@slipway/core';
import type { CommitHistory, CommitRange } from '@slipway/delivery';
import { type CommitPair, commitsBetween, openGitHubApi, type Runner } from '@slipway/github';
import type { InputsFor } from '../inputs/inputs.ts';

/** The commits of the repository as GitHub has them, whatever is checked out of its history. */
export function commitHistory({ token, request }: InputsFor<'status'>, runner: Runner): CommitHistory {
  const { context, signal, logger } = runner;
  const { apiUrl, repository } = context;
  return {
    async between(ranges) {
      if (token === '' || repository === '') return 'the step has no token for GitHub';
      try {
        const { folder } = openRunnerHistory({ application: request.application, token }, runner);
        const api = await openGitHubApi({ apiUrl, token, signal, logger });
        return await commitsBetween(api, repository, commitPairs(ranges, folder));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SlipwayError) return error.problems[0].message;
        throw error;
      }
    },
  };
}

/** @param folder of the application in the repository; empty or undefined where that is all of it, or is not known */
export function commitPairs(ranges: readonly CommitRange[], folder: string | undefined): CommitPair[] {
  return ranges.map(({ from, to, within }) =>
    within === 'repository' || folder === undefined || folder === '' ? { from, to } : { from, to, folder },
  );
}
