import { type CheckoutHistory, openCheckoutHistory } from '@slipway/git';
import { openGitHubApi, type Runner, remoteCommits } from '@slipway/github';

const DEFAULT_APPLICATION = 'slipway.yaml';

export interface HistoryInputs {
  /** Path of slipway.yaml, relative to the workspace; empty for the default one. */
  readonly application: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
}

/** The history of the checkout that has an application; GitHub is asked for commits that the checkout does not have. */
export function openRunnerHistory({ application, token }: HistoryInputs, runner: Runner): CheckoutHistory {
  const { context, signal, logger } = runner;
  const open = () => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
  const canAsk = token !== '' && context.repository !== '';
  return openCheckoutHistory(
    application || DEFAULT_APPLICATION,
    runner,
    canAsk ? remoteCommits(open, context.repository) : undefined,
  );
}
