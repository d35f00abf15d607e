import type { Release } from '@slipway/core';
import type { Part } from '@slipway/steps';
import { releaseHeld, writeLastHalf } from './commit-halves.ts';
import { goHome } from './go-home.ts';
import type { StepsContext } from './steps-context.ts';
import { restoreHeld, restoreStable, takeBackFirstHalf, takeBackLastHalf } from './take-back.ts';
import { writeCopies } from './write-copies.ts';
import type { HalfOptions } from './write-half.ts';
import { writeHeld } from './write-held.ts';

/**
 * Brings a part of an open release to its target, under the formation's lock. What is done already is not done again, so that a run
 * that follows one that died converges.
 * @param force takes back what others have changed of held objects and copies
 * @returns the record
 * @throws SlipwayError `cluster-field-conflict` for what someone else has changed, `stage-failed`, and what the server refuses
 */
export async function reachPart(
  context: StepsContext,
  part: Part,
  force: boolean,
  options: Pick<HalfOptions, 'standby' | 'onJobLogs'> = {},
): Promise<Release> {
  switch (part) {
    case 'copies':
      return await writeCopies(context, force);
    case 'traffic': {
      const release = await writeCopies(context, force);
      await writeHeld(context, context.steps.target.selector, force);
      return release;
    }
    case 'stable':
      return await restoreStable(context);
    case 'home':
      return await goHome(context);
    case 'last-half':
      return await writeLastHalf(context, options);
    case 'held':
      return context.steps.phase === 'undoing' ? await restoreHeld(context) : await releaseHeld(context);
    case 'first-half-back':
      return await takeBackFirstHalf(context);
    case 'last-half-back':
      return await takeBackLastHalf(context);
  }
}
