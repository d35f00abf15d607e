import { isJsonObject, type JsonValue } from '@slipway/core';
import type { RunContext } from './runner.ts';

/** The commit whose rules apply to a run: the one that it would be merged into. */
export type BaseCommit =
  | { readonly kind: 'commit'; readonly commit: string }
  /** The first parent of GitHub's merge commit if that is checked out, else another commit. */
  | { readonly kind: 'first-parent'; readonly merge: string; readonly otherwise: string };

/** Events for which GITHUB_SHA is GitHub's merge of the pull request into its base. */
const OF_PULL_REQUESTS = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];

/**
 * The base of a run for a pull request or a merge group; undefined for other events, whose rules come from the checkout.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function baseCommitOf({ eventName, event, sha }: RunContext): BaseCommit | undefined {
  if (eventName === 'merge_group')
    return { kind: 'commit', commit: textAt(event, 'merge_group', 'base_sha') };
  if (eventName === 'pull_request_target') return { kind: 'commit', commit: sha };
  if (!OF_PULL_REQUESTS.includes(eventName)) return undefined;
  return { kind: 'first-parent', merge: sha, otherwise: textAt(event, 'pull_request', 'base', 'sha') };
}

/** The pull request that a run is for. */
export interface PullRequestOfRun {
  readonly number: number;
  /** The last commit of its branch. */
  readonly head: string;
  readonly author: string;
}

export function pullRequestOf({ event }: RunContext): PullRequestOfRun | undefined {
  const pull = isJsonObject(event['pull_request']) ? event['pull_request'] : undefined;
  if (typeof pull?.['number'] !== 'number') return undefined;
  return { number: pull['number'], head: textAt(pull, 'head', 'sha'), author: textAt(pull, 'user', 'login') };
}

function textAt(value: unknown, ...steps: readonly string[]): string {
  let current = value as JsonValue | undefined;
  for (const step of steps) current = isJsonObject(current) ? current[step] : undefined;
  return typeof current === 'string' ? current : '';
}
