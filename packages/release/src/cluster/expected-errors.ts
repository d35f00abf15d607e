import { type Problem, SlipwayError } from '@slipway/core';
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
    problems.push(...error.problems.map(problem => ({ ...problem, at: problem.at ?? at })));
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

/** Undefined where the cluster does not serve the kind. */
export async function unlessUnknown<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-unknown-kind', () => work);
}

/** Undefined where the credentials have no such right, for what is good to know and not needed. */
export async function unlessForbidden<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-forbidden', () => work);
}

/** Whether the credentials lack the right for a request. */
export function isForbidden(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && error.code === 'cluster-forbidden';
}

/** Whether the cluster has an API whose server is away. */
export function isDown(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && error.code === 'cluster-api-down';
}
