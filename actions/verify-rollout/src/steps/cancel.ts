import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { withGrace } from '@slipway/github';
import { cancelSteps } from '@slipway/release';
import type { VerifyContext } from '../context.ts';
import { lockOptions } from '../end/lock-options.ts';
import { recordedAs } from './decision.ts';

/** A run that is cancelled before the commit rejects the release, as far as there is time. */
export async function rejectCancelled(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
): Promise<void> {
  const { runner, inputs } = context;
  const { holder, clock, logger } = lockOptions(client, context);
  try {
    await cancelSteps({
      ...{ client, release, holder, clock, logger },
      signal: withGrace(runner.signal),
      repository: runner.context.repository,
      timeout: inputs.lockTimeout,
      decision: {
        what: 'reject',
        barred: {},
        as: { ...recordedAs(context), reason: 'the run was cancelled' },
      },
    });
  } catch (error) {
    logger.warning(
      `Release ${release.number} is not undone yet, and its copy may have users: run verify-rollout with "release: ${release.number}" and "decision: reject"`,
    );
    logger.debug(`It could not be undone: ${String(error)}`);
  }
}
