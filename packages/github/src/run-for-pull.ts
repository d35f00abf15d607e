import { isJsonObject } from '@slipway/core';
import { isFromFork, textAt } from './run-event.ts';
import type { RunContext } from './runner.ts';

/**
 * Whether a run is for a pull request, whose code has perhaps not been reviewed: by the event itself, or as the run after one for a
 * pull request (`workflow_run`), which may have checked out its head.
 */
export function isForPullRequest(context: RunContext): boolean {
  return context.eventName.startsWith('pull_request') || isAfterOne(context);
}

/**
 * Whether a run is for a pull request whose branch is in another repository. One whose event does not say where the branch is counts
 * as such, as for a fork that was deleted.
 */
export function isForFork(context: RunContext): boolean {
  const { event, repository } = context;
  const pull = event['pull_request'];
  if (!isAfterOne(context))
    return (isJsonObject(pull) || isForPullRequest(context)) && isFromFork(pull, context);
  const head = textAt(event, 'workflow_run', 'head_repository', 'full_name');
  return head.toLowerCase() !== repository.toLowerCase();
}

function isAfterOne({ eventName, event }: RunContext): boolean {
  return eventName === 'workflow_run' && textAt(event, 'workflow_run', 'event').startsWith('pull_request');
}
