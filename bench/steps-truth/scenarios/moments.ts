import type { Release } from '@slipway/core';

// Points at which something happens.

type HasCome = (release: Release) => boolean;

/** Users have had the first share for a moment. */
export const isBaking: HasCome = ({ steps }) =>
  steps?.phase === 'baking' && steps.target.at === 1 && steps.times.since !== undefined;
export const isIn =
  (phase: string): HasCome =>
  ({ steps }) =>
    steps?.phase === phase;
