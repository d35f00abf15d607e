import { isForPullRequest, type RunContext } from '@slipway/github';
import type { Instance } from './files/instance.ts';
import type { PushChoice } from './inputs.ts';

/** Whether a run may leave something in a registry. A pull request contains code that no one has reviewed yet, and an instance has its own. */
export function mayPush(choice: PushChoice, context: RunContext, instance: Instance | undefined): boolean {
  return choice === 'always' || (choice === 'auto' && (instance !== undefined || !isForPullRequest(context)));
}
