import { quote, SlipwayError } from '@slipway/core';
import { baseCommitOf, type Runner } from '@slipway/github';
import type { PullRequestErrorCode } from './error-codes.ts';

/**
 * A run without a base commit has nothing to compare with. One on `pull_request_target` has the rights of the base branch, and what it
 * would have to read is written by people without any.
 * @throws SlipwayError `event-unfit`
 */
export function checkEvent(context: Runner['context'], hasToken: boolean): void {
  const { eventName } = context;
  // There the pull request is asked of GitHub: what the event says of it is empty for a fork.
  if (eventName === 'workflow_run' && !hasToken) throw tokenMissing();
  if (eventName !== 'pull_request_target' && baseCommitOf(context) !== undefined) return;
  throw new SlipwayError<PullRequestErrorCode>({
    code: 'event-unfit',
    message:
      eventName === 'pull_request_target'
        ? `on "pull_request_target" the job has the rights of the base branch, and what it would check is written by others`
        : `the event ${quote(eventName)} is not about a pull request, so there is no base commit to compare with`,
    remedy: 'run the step on pull_request, pull_request_review and merge_group',
  });
}

/** Workflows of the checkout and what they are made of; of a run for a pull request, these are those of the pull request. */
const WORKFLOWS = '.github/';

/**
 * One sentence if the pull request changes what runs it, since that decides what is checked and what the status says.
 * @param changed paths in the repository
 */
export function ownWorkflows(
  changed: readonly string[],
  { sha, event }: Runner['context'],
): readonly string[] {
  // The second workflow, for forks, is that of the default branch.
  const files = event['workflow_run'] !== undefined ? [] : changed.filter(path => path.startsWith(WORKFLOWS));
  if (sha === '' || files.length === 0) return [];
  const shown = files.slice(0, 3).map(quote).join(', ');
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  return [
    `the pull request changes ${shown}${more}, and GitHub runs its workflows as it has them: read them before you rely on this result`,
  ];
}

function tokenMissing(): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'event-unfit',
    message: 'on "workflow_run" the pull request is asked of GitHub, and there is no token',
    remedy: 'leave the input "token" to its default',
  });
}
