import { type Release, SlipwayError } from '@slipway/core';
import { type Decision, type Driven, drive } from '@slipway/steps';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { type StepsGroundOptions, stepsGround } from './steps-ground.ts';

export type RejectOptions = Omit<StepsGroundOptions, 'judge'> & {
  /** Whose it is, as the record keeps it. */
  readonly as: Decision['as'];
};

/**
 * Rejects an open release in steps, and carries that to its end: before the commit users go to stable and the copies go, from the commit on
 * stable gets back what it had.
 * @returns it, closed; it may have been closed otherwise meanwhile
 * @throws SlipwayError `release-in-steps` if it cannot be carried to its end now, `stable-record-missing`
 */
export async function rejectOpen({ as, ...options }: RejectOptions): Promise<Release> {
  const judge = () => Promise.reject(new TypeError('what is rejected is not judged'));
  const decision: Decision = { what: 'reject', barred: {}, as };
  const driven = await drive(stepsGround({ ...options, judge }), { decision, attend: 0 });
  if (driven.ended !== 'closed') throw notRejected(options.release, driven);
  if (driven.verdict === 'rollback-failed') throw notUndone(driven.release);
  return driven.release;
}

function notRejected({ number }: Release, driven: Driven): SlipwayError<ReleaseErrorCode> {
  const why = driven.ended === 'open' ? driven.says : driven.ended === 'refused' ? driven.why : 'it waits';
  return new SlipwayError({
    code: 'release-in-steps',
    message: `release ${number} is rejected and cannot be carried to its end now: ${why}`,
    remedy: `run verify-rollout with "release: ${number}", or roll back again`,
  });
}

function notUndone({ number, steps }: Release): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'release-in-steps',
    message: `release ${number} could not be undone: neither version became ready, and users stay with the copy`,
    remedy: `roll back with "to: ${steps?.stable.release ?? 'a release that works'}", or deploy a version that works`,
  });
}
