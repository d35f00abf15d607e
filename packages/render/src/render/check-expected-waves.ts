import { type Problem, quote, throwIfAny } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { WaveJob } from './waves.ts';

/**
 * Refuses waves that a workflow was not written for: it would leave out a wave, or deploy in the environment of earlier, and succeed.
 *
 * @param expected each target with its wave, counted from 1, and its environment, such as `2:production/us=production-us`; none of them
 *   is where the workflow does not say
 * @throws SlipwayError `waves-unexpected` for each target that only one of the two has
 */
export function checkExpectedWaves(
  waves: readonly (readonly WaveJob[])[],
  expected: readonly string[],
): void {
  if (expected.length === 0) return;
  const found = waves.flatMap((wave, index) => wave.map(job => nameOf(job, index + 1)));
  throwIfAny([
    ...found.filter(target => !expected.includes(target)).map(unexpected),
    ...expected.filter(target => !found.includes(target)).map(missing),
  ]);
}

function nameOf({ formation, destination, environment }: WaveJob, wave: number): string {
  return `${wave}:${formation}/${destination}=${environment}`;
}

const REMEDY = 'write the workflow again with npm run workflows, or correct the input "expected-waves"';

function unexpected(target: string): Problem<RenderErrorCode> {
  return {
    code: 'waves-unexpected',
    message: `the formations have ${quote(target)}, which the workflow was not written for`,
    remedy: REMEDY,
  };
}

function missing(target: string): Problem<RenderErrorCode> {
  return {
    code: 'waves-unexpected',
    message: `the workflow was written for ${quote(target)}, which the formations do not have`,
    remedy: REMEDY,
  };
}
