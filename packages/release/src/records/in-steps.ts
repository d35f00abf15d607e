import { type Problem, quote, type Release, SlipwayError } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';

/** Whether a release goes in steps and has neither been committed and closed nor undone: until then only its own steps may close it. */
export function isInSteps({ steps, verdict }: Pick<Release, 'steps' | 'verdict'>): boolean {
  return steps !== undefined && verdict === undefined;
}

/**
 * Refuses what would build upon a release in steps, close it or judge it: that its objects are healthy says nothing about the copies
 * beside them, and what is missing of it is yet to be written on purpose.
 * @throws SlipwayError `release-in-steps`
 */
export function assertNotInSteps(release: Release): void {
  if (isInSteps(release)) throw new SlipwayError<ReleaseErrorCode>(releaseInSteps(release));
}

export function releaseInSteps({
  number,
  application,
  formation,
  steps,
}: Pick<Release, 'number' | 'application' | 'formation' | 'steps'>): Problem<ReleaseErrorCode> {
  return {
    code: 'release-in-steps',
    message: `release ${number} of ${application}/${formation} goes in steps and ${whatIs(steps)}, so that nothing is changed`,
    remedy: `let verify-rollout commit it or undo it ("release: ${number}" and "decision: promote" or "reject"), or remove the formation with its copies by "mode: destroy"`,
  };
}

function whatIs(steps: Release['steps']): string {
  const { phase, 'waiting-for': awaited } = steps ?? {};
  if (awaited !== undefined) return `waits for ${quote(awaited)}`;
  return phase === undefined ? 'is open' : `is ${quote(phase)}`;
}
