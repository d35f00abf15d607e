import { type Check, quote } from '@slipway/core';
import type { StepsProblem } from '../problem.ts';

/**
 * Checks that compare with the time before the release. From the first step on both versions serve, so that what is measured at the
 * commit is not what the release has changed.
 */
export function checkProblems(checks: readonly Check[]): StepsProblem[] {
  return checks.flatMap(({ name, prometheus = {} }) =>
    (['max-increase', 'max-decrease'] as const)
      .filter(field => prometheus[field] !== undefined)
      .map(field => ({
        code: 'steps-check' as const,
        pointer: '',
        message: `check ${quote(name)} has ${field}, which compares with the time before the release, and in steps both versions serve then`,
        remedy:
          'compare with the version beside it ("higher-by" or "lower-by", and ${pods}), or write max or min',
      })),
  );
}
