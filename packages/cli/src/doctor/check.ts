import { type Diagnosis, formatProblem, SlipwayError } from '@slipway/core';

/** One thing that was looked at. */
export type Check = Diagnosis['checks'][number];

export type Area = Check['area'];

/** What was looked at, before it is known how it is. */
export type Looked = Pick<Check, 'area' | 'what'>;

export function fine(looked: Looked, detail?: string): Check {
  return { ...looked, state: 'fine', ...(detail === undefined ? {} : { detail }) };
}

export function missing(looked: Looked, detail: string, fix: string): Check {
  return { ...looked, state: 'missing', detail, fix };
}

export function advice(looked: Looked, detail: string, fix: string): Check {
  return { ...looked, state: 'advice', detail, fix };
}

/** What cannot be seen is never fine. */
export function unknown(looked: Looked, detail: string, fix?: string): Check {
  return { ...looked, state: 'unknown', detail, ...(fix === undefined ? {} : { fix }) };
}

/** The checks of `look`; what it throws for a user is a check as well, unless the user ended it. */
export async function orUnknown(
  looked: Looked,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === 'interrupted') throw error;
    return error.problems.map(problem => unknown(looked, formatProblem(problem)));
  }
}
