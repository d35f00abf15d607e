import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Problems, quote, SlipwayError } from '@slipway/core';
import { addWorktree, fetchCommit, GIT, openCheckout, parentsOf, removeWorktree } from '@slipway/git';
import { findPullsOf, type GitHubApi, type PullRequestOfRun, type Runner } from '@slipway/github';
import type { PullRequestErrorCode } from './error-codes.ts';

/**
 * Reviews the pull requests after whose own run this one began (`workflow_run`): a token may write here that may not in a run for a
 * fork. Nothing of that run is believed. The pull request is asked of GitHub, its merge is fetched and written beside the checkout as
 * plain files, and no program but Git is started for it. Nothing is reviewed if the branch has moved on since.
 * @throws SlipwayError with the problems of all of them, such as `merge-unknown`
 */
export async function reviewPullsOfEarlierRun(
  runner: Runner,
  api: GitHubApi,
  review: (run: Runner) => Promise<void>,
): Promise<void> {
  const pulls = await findPullsOf(api, runner.context);
  if (pulls.length === 0)
    runner.logger.info(
      'Nothing is checked: no open pull request has the commit of the earlier run as its head',
    );
  const problems = new Problems();
  for (const pull of pulls) await problems.collect(() => reviewPull(pull, runner, review));
  problems.throwIfAny();
}

async function reviewPull(
  pull: PullRequestOfRun,
  runner: Runner,
  review: (run: Runner) => Promise<void>,
): Promise<void> {
  const merge = await fetchMerge(pull, runner);
  const workspace = join(await mkdtemp(join(runner.temporaryDirectory, 'slipway-pull-')), 'files');
  await addWorktree(runner, merge, workspace);
  try {
    await review(runFor(pull, { merge, workspace }, runner));
  } finally {
    await removeWorktree(runner, workspace);
  }
}

/** The run as it would be for the pull request itself, but for what a token that may write forbids. */
function runFor(
  pull: PullRequestOfRun,
  { merge, workspace }: { readonly merge: string; readonly workspace: string },
  runner: Runner,
): Runner {
  const { context, logger, exec } = runner;
  return {
    ...runner,
    workspace,
    context: {
      ...context,
      eventName: 'pull_request',
      sha: merge,
      event: {
        pull_request: {
          number: pull.number,
          user: { login: pull.author },
          base: { ref: pull.baseBranch, sha: pull.base },
          // Whatever its repository is, the token of this run is not that of a fork.
          head: { sha: pull.head, repo: { full_name: context.repository } },
        },
      },
    },
    exec: async (command, args, options) => {
      if (command !== GIT) throw programRefused(command);
      return await exec(command, args, options);
    },
    // A line of the pull request is another one in the commit that this run is of.
    annotate: ({ message }) => logger.info(message),
  };
}

/** @throws SlipwayError `merge-unknown` unless GitHub's merge is of the very commit whose status is to be set */
async function fetchMerge({ number, head }: PullRequestOfRun, runner: Runner): Promise<string> {
  const git = openCheckout(runner.workspace, runner);
  const merge = git && (await fetchCommit(git, `refs/pull/${number}/merge`));
  const parents = git && merge && (await parentsOf(git, merge));
  if (merge !== undefined && parents?.[1] === head) return merge;
  throw new SlipwayError<PullRequestErrorCode>({
    code: 'merge-unknown',
    message: `GitHub's merge of pull request ${number} cannot be fetched, or is not of the commit ${quote(head)}`,
    remedy: 'resolve its conflicts, and let actions/checkout persist its credentials',
  });
}

function programRefused(command: string): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'program-refused',
    message: `${quote(command)} is not run on files of a fork's pull request by a job whose token may write`,
    remedy: 'push the branch to this repository, where its own run renders charts and Kustomize directories',
  });
}
