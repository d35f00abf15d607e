import { type Problem, SlipwayError } from '@slipway/core';
import { placeOf } from '../objects/place.ts';
import type { ReleaseObject } from '../request.ts';

/** Runs `work`; a refusal joins `problems`, with the position of the object that it is about. */
export async function collectRefusal<Result>(
  problems: Problem[],
  object: Pick<ReleaseObject, 'positionAt'> | undefined,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    // A cluster that does not answer has not refused anything: the run ends.
    if (!(error instanceof SlipwayError) || error.code === 'cluster-unreachable') throw error;
    const at = object && placeOf(object);
    problems.push(...error.problems.map(problem => ({ ...problem, at: problem.at ?? at })));
    return undefined;
  }
}

/** The result of `work`; undefined if it fails with a SlipwayError of this code. */
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

/** The result of `work`; undefined if the cluster does not serve the kind. */
export async function unlessUnknown<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-unknown-kind', () => work);
}

/** The result of `work`; undefined if the credentials lack the right. For what is useful but not needed. */
export async function unlessForbidden<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-forbidden', () => work);
}

/** Whether the credentials lack the right for a request. */
export function isForbidden(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && error.code === 'cluster-forbidden';
}

/** Whether the server behind one of the cluster's APIs does not answer. */
export function isDown(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && error.code === 'cluster-api-down';
}

/** Whether another writer was faster, so that reading again helps. What is missing at a create is the namespace. */
export function isOvertaken(error: unknown, existed: boolean): boolean {
  return hasCode(error, 'cluster-conflict', existed ? 'cluster-not-found' : 'cluster-exists');
}

/** Whether a write may have arrived all the same: the connection was broken, or a server on the way has answered. */
export function isUnanswered(error: unknown): boolean {
  return hasCode(error, 'cluster-unreachable', 'cluster-refused');
}

/** Whether an error is a SlipwayError with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof SlipwayError && codes.includes(error.code);
}
