import { isJsonObject } from '@slipway/core';
import { isFromFork, textAt } from './run-event.ts';
import type { RunContext } from './runner.ts';

/** The pull request that a run is for. */
export interface PullRequestOfRun {
  readonly number: number;
  /** The last commit of its branch. */
  readonly head: string;
  readonly author: string;
  /** Whether its branch is in another repository, to which people without any right here can push. */
  readonly fromFork: boolean;
  /** The branch that it would be merged into, and the commit of it that GitHub compares with. */
  readonly baseBranch: string;
  readonly base: string;
}

/** What the event says; undefined for those that do not, such as `merge_group`, for which `findPullsOf` asks GitHub. */
export function pullRequestOf(context: RunContext): PullRequestOfRun | undefined {
  return pullFrom(context.event['pull_request'], context);
}

/** A pull request as events and the API describe it. */
export function pullFrom(pull: unknown, context: RunContext): PullRequestOfRun | undefined {
  if (!isJsonObject(pull) || typeof pull['number'] !== 'number') return undefined;
  return {
    number: pull['number'],
    head: textAt(pull, 'head', 'sha'),
    author: textAt(pull, 'user', 'login'),
    fromFork: isFromFork(pull, context),
    baseBranch: textAt(pull, 'base', 'ref'),
    base: textAt(pull, 'base', 'sha'),
  };
}
