import { quote, SlipwayError } from '@slipway/core';
import { type GithubErrorCode, isForFork, type RunContext } from '@slipway/github';

/** Those whose run has no more rights than the code that it checks out, or that a person with write access starts. */
const EVENTS: readonly string[] = ['pull_request', 'push', 'workflow_dispatch'];

/**
 * Refuses to make an instance for code of strangers, before anything is read that such code must not see. This prevents mistakes of a
 * workflow; what holds against its author is the environment and the cluster.
 * @throws SlipwayError `spawn-fork`, `spawn-event`
 */
export function refuseSpawnForStrangers(context: RunContext): void {
  refuseStrangers(context, EVENTS);
}

/** Those that run the files of the default branch or of the base, or that a person with write access starts. */
const ROOM_EVENTS: readonly string[] = ['pull_request_target', 'push', 'workflow_dispatch'];

/**
 * The same for the namespace of an instance, which a login makes that no workflow of a pull request may hold.
 * @throws SlipwayError `spawn-fork`, `spawn-event`
 */
export function refuseRoomForStrangers(context: RunContext): void {
  refuseStrangers(context, ROOM_EVENTS);
}

function refuseStrangers(context: RunContext, events: readonly string[]): void {
  if (isForFork(context))
    throw refused(
      'spawn-fork',
      'the pull request is from a fork, and no instance is made for one',
      'let someone with write access push the branch to this repository',
    );
  if (events.includes(context.eventName)) return;
  throw refused(
    'spawn-event',
    `no instance is made on the event ${quote(context.eventName)}, which does not say whose code is checked out, or has rights that this code must not have`,
    `run the workflow on ${events.join(', ')}`,
  );
}

function refused(code: GithubErrorCode, message: string, remedy: string): SlipwayError<GithubErrorCode> {
  return new SlipwayError({ code, message, remedy });
}
