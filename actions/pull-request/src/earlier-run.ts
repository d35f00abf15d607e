import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RuleInputs } from '@slipway/action-kit';
import { formatPosition, quote, SlipwayError } from '@slipway/core';
import {
  addWorktree,
  fetchCommit,
  findCheckout,
  GIT,
  openCheckout,
  parentsOf,
  removeWorktree,
} from '@slipway/git';
import { findPullsOf, type GitHubApi, type PullRequestOfRun, type Runner } from '@slipway/github';
import type { PullRequestErrorCode } from './error-codes.ts';

/**
 * Reviews the pull request after whose own run this one began (`workflow_run`): a token may write here that may not in a run for a
 * fork. Nothing of that run is believed. The pull request is asked of GitHub, its merge is fetched and written beside the checkout as
 * plain files, and no program but Git is started for it. Nothing is reviewed if the branch has moved on since.
 * @throws SlipwayError `pulls-alike`, `merge-unknown`
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
  // They share the commit, and so the status: the result of one would hide that of the other.
  if (pulls.length > 1) throw severalPulls(pulls);
  for (const pull of pulls) await reviewPull(pull, runner, review);
}

async function reviewPull(
  pull: PullRequestOfRun,
  runner: Runner,
  review: (run: Runner) => Promise<void>,
): Promise<void> {
  const merge = await fetchMerge(pull, runner);
  const folder = await mkdtemp(join(runner.temporaryDirectory, 'slipway-pull-'));
  const workspace = join(folder, 'files');
  try {
    await addWorktree(runner, merge, workspace);
    await review(runFor(pull, { merge, workspace }, runner));
  } finally {
    await removeWorktree(runner, workspace);
    await rm(folder, { recursive: true, force: true });
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
    annotate: ({ at, message, code = '' }) =>
      logger.info(
        `${at === undefined ? '' : `${formatPosition(at)}: `}${message}${code === '' ? '' : ` (${code})`}`,
      ),
  };
}

/** @throws SlipwayError `merge-unknown` unless GitHub's merge is of the very commit whose status is to be set */
async function fetchMerge({ number, head }: PullRequestOfRun, runner: Runner): Promise<string> {
  const git = openCheckout(runner.workspace, runner);
  if (git === undefined) throw checkoutMissing();
  const merge = await fetchCommit(git, `refs/pull/${number}/merge`);
  const parents = merge && (await parentsOf(git, merge));
  if (merge !== undefined && parents?.[1] === head) return merge;
  throw new SlipwayError<PullRequestErrorCode>({
    code: 'merge-unknown',
    message: `GitHub's merge of pull request ${number} cannot be fetched, or is not of the commit ${quote(head)}`,
    remedy: 'resolve its conflicts, and let actions/checkout persist its credentials',
  });
}

function checkoutMissing(): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'merge-unknown',
    message: 'there is no checkout in the workspace to fetch the pull request into',
    remedy: 'run actions/checkout before, without "path"',
  });
}

function severalPulls(pulls: readonly PullRequestOfRun[]): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'pulls-alike',
    message: `the pull requests ${pulls.map(({ number }) => number).join(' and ')} have one head commit, and so one status for different results`,
    remedy: 'close all but one of them',
  });
}

function programRefused(command: string): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'program-refused',
    message: `${quote(command)} is not run on files of a fork's pull request by a job whose token may write`,
    remedy: 'push the branch to this repository, where its own run renders charts and Kustomize directories',
  });
}

/**
 * The rules with paths that do not depend on the workspace where they lead to another checkout of the job: there the pull request could
 * put files of its own in the place of those.
 */
export function withOtherCheckouts(rules: RuleInputs, { workspace }: Pick<Runner, 'workspace'>): RuleInputs {
  const placed = (path: string): string => {
    const absolute = resolve(workspace, path);
    return findCheckout(absolute, workspace) === workspace ? path : absolute;
  };
  const { policies, waivers, crds } = rules;
  return { ...rules, policies: policies.map(placed), waivers: waivers.map(placed), crds: crds.map(placed) };
}
