import { openRegistry } from '@slipway/action-kit';
import { formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { VerifyContext } from '../context.ts';

/**
 * Notes the verdict beside the snapshot in the registry, where promotion reads it. Whoever verifies without the right to push
 * has a verdict all the same, so that is said and no more.
 */
export async function pushToRegistry(
  verdict: Verdict,
  { snapshot }: Release,
  { inputs, runner }: VerifyContext,
): Promise<void> {
  if (snapshot === undefined || verdict.destination === undefined) return;
  // Superseded: this release writes nothing any more.
  if (verdict.verdict === 'superseded') return;
  const { pushVerdict } = await import('@slipway/registry');
  const { logger } = runner;
  try {
    const client = await openRegistry(inputs, runner);
    await pushVerdict(client, snapshot, verdict);
    logger.info(`The verdict is stored at ${snapshot.registry}/snapshots:${snapshot.deploymentTag}`);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(`The verdict was not written to the registry, so it cannot be promoted from here: ${why}`);
  }
}
