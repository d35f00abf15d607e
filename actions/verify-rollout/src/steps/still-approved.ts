import { type Release, SlipwayError } from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import type { VerifyErrorCode } from '../error-codes.ts';
import { type Asking, askAtGitHub } from './asking.ts';
import { barredPauses, readReviews } from './deciders.ts';

/**
 * The job that takes a release back where its pause was not approved runs also if the pause was approved and the job that was to continue
 * it failed, such as with a lost runner. Then nothing is changed. Where it is not known, the release is undone: users have what served.
 * @param ask for tests
 * @throws SlipwayError `decision-impossible` if the pause is approved
 */
export async function refuseIfApproved(
  release: Release,
  context: VerifyContext,
  ask: (context: VerifyContext) => Promise<Asking> = askAtGitHub,
): Promise<void> {
  const { inputs, runner } = context;
  const pause = inputs.steps.ifWaitingFor;
  if (!isForApproval(release, context)) return;
  const asking = await ask(context);
  const reviews = await readReviews(asking);
  if (reviews.without !== undefined)
    return runner.logger.warning(
      `It is not known whether the pause ${pause} was approved (${reviews.without}), and the release is undone as if it was not`,
    );
  const { approved, isRejected } = reviews;
  // Each pause that this run has passed already was approved as well.
  const isDecided = approved.length <= decidedBy(release, runner.context.runUrl);
  if (isRejected || isDecided || (await isBarred(release, pause, approved, asking))) return;
  throw stillApproved(release.number, pause, approved);
}

/** A person who starts a run to reject a release has decided otherwise, and a release that waits for something else has no such job. */
function isForApproval({ steps, verdict }: Release, { inputs, runner }: VerifyContext): boolean {
  const { decision, ifWaitingFor } = inputs.steps;
  const isReject = decision?.what === 'reject' && runner.context.eventName !== 'workflow_dispatch';
  const isWaiting = steps?.phase === 'waiting' && steps['waiting-for'] === ifWaitingFor;
  const isPause = (steps?.list ?? []).some(({ pause }) => pause === ifWaitingFor);
  return isReject && verdict === undefined && isWaiting && isPause;
}

/** How many pauses this run has passed. */
function decidedBy({ steps }: Release, runUrl: string): number {
  const run = withoutAttempt(runUrl);
  const own = (steps?.decisions ?? []).filter(
    one => one.what !== 'reject' && withoutAttempt(one.run) === run,
  );
  return own.length;
}

function withoutAttempt(url: string): string {
  return url.replace(/\/attempts\/\d+$/, '');
}

/** Whether none of those who approved may decide, so that there is no decision. */
async function isBarred(
  { steps, actor }: Release,
  pause: string,
  approved: readonly string[],
  { includes }: Asking,
): Promise<boolean> {
  if (steps === undefined) return false;
  const barred = await barredPauses(steps, { approved, dispatched: undefined }, actor, includes);
  return barred[pause] !== undefined;
}

function stillApproved(
  number: number,
  pause: string,
  approved: readonly string[],
): SlipwayError<VerifyErrorCode> {
  const by = [...new Set(approved)].filter(user => user !== '').join(' and ') || 'someone';
  return new SlipwayError({
    code: 'decision-impossible',
    message: `release ${number} was not undone: the pause ${pause} is approved by ${by}, and the job that was to continue the release failed`,
    remedy: `the approval is still valid: run that job again, or start progress.yml with "continue ${pause}"`,
  });
}
