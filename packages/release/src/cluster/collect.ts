import { type Problem, SlipwayError } from '@slipway/core';
import { place } from '../objects/normalise.ts';
import type { ReleaseObject } from '../request.ts';

/** Runs `work`; what it is refused joins `problems`, at the place of the object that it is about. */
export async function collectRefusal<Result>(
  problems: Problem[],
  at: ReleaseObject['at'],
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    // A cluster that went away refuses nothing: it is the end of the run.
    if (!(error instanceof SlipwayError) || error.code === 'cluster-unreachable') throw error;
    problems.push(...error.problems.map(problem => ({ ...place(at), ...problem })));
    return undefined;
  }
}

/** Undefined where `work` ends in a SlipwayError of this code. */
export async function unlessCode<Result>(
  code: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SlipwayError && error.code === code) return undefined;
    throw error;
  }
}
