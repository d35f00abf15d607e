import { findScheduledLook, type ScheduledLook } from '@slipway/action-kit';
import { isName, type Release, SlipwayError } from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import type { VerifyErrorCode } from '../error-codes.ts';

/**
 * What waits for time needs a look that comes by itself: without one the new version keeps its share until someone remembers it.
 * @param find for tests
 * @throws SlipwayError `release-open` if no workflow with a schedule looks at it again
 */
export async function requireNextLook(
  release: Release,
  { inputs, runner, identity }: Pick<VerifyContext, 'inputs' | 'runner' | 'identity'>,
  find: typeof findScheduledLook = findScheduledLook,
): Promise<void> {
  if (runner.context.eventName === 'schedule') return;
  const { application, formation } = release;
  const path = pathOf(inputs.application, identity.application);
  const look = await find(inputs.deployment.token, { application, path, formation }, runner);
  if (look.is === 'missing') throw unattended(release, look);
  if (look.is === 'unknown')
    runner.logger.warning(
      `It is not known whether a workflow with a schedule looks at release ${release.number} again: ${look.why}`,
    );
}

const DEFAULT_FILE = 'slipway.yaml';

/** @param read the name that the checkout has told; empty without one */
function pathOf(given: string, read: string): string | undefined {
  if (isName(given)) return undefined;
  return given || (read === '' ? undefined : DEFAULT_FILE);
}

function unattended(
  { number, steps }: Release,
  { others }: Extract<ScheduledLook, { is: 'missing' }>,
): SlipwayError<VerifyErrorCode> {
  const beside = others.length === 0 ? '' : ` (${others.join(', ')}: for other releases only)`;
  const due = steps?.times.due;
  return new SlipwayError({
    code: 'release-open',
    message: `release ${number} is open at ${steps?.target.asked} % and waits for time, and no active workflow with a schedule looks at it again${beside}`,
    remedy: `bring progress.yml, which "slipway workflows" writes, to the default branch and enable it, or run verify-rollout with "release: ${number}"${due === undefined ? '' : ` at ${due} or later`}`,
  });
}
