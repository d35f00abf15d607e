import { findScheduledLook, type ScheduledLook } from '@slipway/action-kit';
import { type Release, SlipwayError } from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import type { VerifyErrorCode } from '../error-codes.ts';

/**
 * What waits for time needs a look that comes by itself: without one the new version keeps its share until someone remembers it.
 * @param find for tests
 * @throws SlipwayError `release-open` if no workflow with a schedule looks at it again
 */
export async function requireNextLook(
  release: Release,
  { inputs, runner }: Pick<VerifyContext, 'inputs' | 'runner'>,
  find: (token: string, runner: VerifyContext['runner']) => Promise<ScheduledLook> = findScheduledLook,
): Promise<void> {
  if (runner.context.eventName === 'schedule') return;
  const look = await find(inputs.deployment.token, runner);
  if (look.is === 'missing') throw unattended(release);
  if (look.is === 'unknown')
    runner.logger.warning(
      `It is not known whether a workflow with a schedule looks at release ${release.number} again: ${look.why}`,
    );
}

function unattended({ number, steps }: Release): SlipwayError<VerifyErrorCode> {
  const due = steps?.times.due;
  return new SlipwayError({
    code: 'release-open',
    message: `release ${number} is open at ${steps?.target.asked} % and waits for time, and no active workflow with a schedule looks at it again`,
    remedy: `bring progress.yml, which "slipway workflows" writes, to the default branch and enable it, or run verify-rollout with "release: ${number}"${due === undefined ? '' : ` at ${due} or later`}`,
  });
}
