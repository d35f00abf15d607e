import { SlipwayError } from '@slipway/core';

/** The SlipwayError that `work` throws; anything else fails the test. */
export function thrownBy(work: () => unknown): SlipwayError {
  try {
    work();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
