import { isJsonObject, type JsonValue } from '@slipway/core';
import type { RunContext } from './runner.ts';

/** Events for which GITHUB_SHA is GitHub's merge of the pull request into its base. */
export const OF_PULL_REQUESTS: readonly string[] = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
];

/** Events with which Dependabot gets a token that only reads, unless the workflow grants more. */
const OF_DEPENDABOT: readonly string[] = [
  ...OF_PULL_REQUESTS,
  'push',
  'create',
  'deployment',
  'deployment_status',
];

/**
 * Whose run it is if GitHub gives it no secrets of Actions, and a token that only reads: by its default, which an owner can change for
 * forks, and `permissions` for Dependabot. So this explains why GitHub refused something, and does not predict it.
 * https://docs.github.com/en/actions/concepts/security/github_token and
 * https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions
 */
export function restrictedBy(context: RunContext): 'fork' | 'dependabot' | undefined {
  const { eventName, actor, event } = context;
  if (actor === 'dependabot[bot]' && OF_DEPENDABOT.includes(eventName)) return 'dependabot';
  const isOfFork = OF_PULL_REQUESTS.includes(eventName) && isFromFork(event['pull_request'], context);
  return isOfFork ? 'fork' : undefined;
}

/**
 * Why GitHub did not let the run write something, as the end of a sentence.
 * @param permission what writing it takes, such as `statuses: write`
 */
export function whyForbidden(context: RunContext, permission: string): string {
  const granted = `"${permission}" under "permissions" of the job`;
  const by = restrictedBy(context);
  if (by === 'fork') return 'GitHub lets the token of a run for a fork only read';
  return by === 'dependabot'
    ? `GitHub lets the token of a run of Dependabot only read, unless there is ${granted}`
    : `the token needs ${granted}`;
}

/** Whether the branch of a pull request is in another repository, or in one that was deleted. */
export function isFromFork(pull: unknown, { repository }: RunContext): boolean {
  return textAt(pull, 'head', 'repo', 'full_name').toLowerCase() !== repository.toLowerCase();
}

/** The commit that a status of the run belongs to; undefined for events that are about no commit, such as a comment. */
export function headCommitOf({ eventName, event, sha }: RunContext): string | undefined {
  const commit = ['push', 'workflow_dispatch', 'schedule'].includes(eventName)
    ? sha
    : eventName === 'merge_group' || eventName === 'workflow_run'
      ? textAt(event, eventName, 'head_sha')
      : textAt(event, 'pull_request', 'head', 'sha');
  return commit === '' ? undefined : commit;
}

/** A run of a merge queue: GitHub's merge of a pull request with those before it in the queue. */
export interface MergeGroup {
  readonly pull: number;
  /** The branch that it is merged into. */
  readonly baseBranch: string;
}

/** GitHub names the group's branch `gh-readonly-queue/<base>/pr-<number>-<commit>`, and says the number nowhere else. */
export function mergeGroupOf({ eventName, event }: RunContext): MergeGroup | undefined {
  if (eventName !== 'merge_group') return undefined;
  const name = branchName(textAt(event, 'merge_group', 'head_ref'));
  const [, queue, number] = /^gh-readonly-queue\/(.+)\/pr-(\d+)-[0-9a-f]{7,64}$/.exec(name) ?? [];
  const baseBranch = branchName(textAt(event, 'merge_group', 'base_ref'));
  return number === undefined || queue !== baseBranch ? undefined : { pull: Number(number), baseBranch };
}

/** The run for a pull request after which a workflow runs (`workflow_run`). */
export interface EarlierRun {
  readonly head: string;
  /** `owner/name`, which is a fork's for a pull request from one. */
  readonly repository: string;
  readonly branch: string;
}

export function earlierRunOf({ eventName, event }: RunContext): EarlierRun | undefined {
  const run = event['workflow_run'];
  if (eventName !== 'workflow_run' || !OF_PULL_REQUESTS.includes(textAt(run, 'event'))) return undefined;
  return {
    head: textAt(run, 'head_sha'),
    repository: textAt(run, 'head_repository', 'full_name'),
    branch: textAt(run, 'head_branch'),
  };
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/** The text at a path of the payload, which is empty if it is missing. */
export function textAt(value: unknown, ...steps: readonly string[]): string {
  let current = value as JsonValue | undefined;
  for (const step of steps) current = isJsonObject(current) ? current[step] : undefined;
  return typeof current === 'string' ? current : '';
}
