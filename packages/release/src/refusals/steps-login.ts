import { formatDuration, type Problem, type StepStrategy } from '@slipway/core';
import { longestWatch } from '@slipway/steps';
import type { ReleaseErrorCode } from '../error-codes.ts';

/** Milliseconds after which a login has ended that does not say when, and what is kept of each for the last acts. */
export const UNKNOWN_LOGIN = 60 * 60_000;
export const LAST_ACTS = 5 * 60_000;

/**
 * Why a login is too short for the steps of a release: a run that watches a bake and loses its login can neither go on nor undo it.
 * @param ends when nothing renews it; undefined where that is not known
 */
export function loginProblems(
  strategy: Pick<StepStrategy, 'steps' | 'attend'>,
  ends: Date | undefined,
  now: Date,
): Problem<ReleaseErrorCode>[] {
  const watched = longestWatch(strategy);
  const lasts = ends === undefined ? UNKNOWN_LOGIN : ends.getTime() - now.getTime();
  if (watched === 0 || watched <= lasts - LAST_ACTS) return [];
  const what =
    ends === undefined
      ? `a login that does not say when it ends may last ${formatDuration(lasts)} only`
      : `the login of the kubeconfig ends in ${formatDuration(Math.max(0, lasts))}`;
  return [
    {
      code: 'steps-login',
      message: `a run watches the bakes of the strategy for ${formatDuration(watched)}, and ${what}, of which ${formatDuration(LAST_ACTS)} are kept for the way back`,
      remedy:
        'use a login that lasts longer, write shorter bakes, or an attend that is shorter than the bake, so that a later run judges it',
    },
  ];
}
