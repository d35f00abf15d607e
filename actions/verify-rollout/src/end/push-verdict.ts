import { openRegistry } from '@slipway/action-kit';
import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Release, SlipwayError, type Snapshot, type Verdict } from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import { lookSince, verdictByNow } from './verdict-by-now.ts';

/**
 * Notes the verdict beside the snapshot in the registry, where promotion reads it. Whoever verifies without the right to push
 * has a verdict all the same, so that is said and no more. A rollback by hand takes back what it finds there, so that a success is
 * pushed only if there was none by then, and taken back if there was one while it was pushed.
 * @returns the verdict as it is by now
 */
export async function pushToRegistry(
  cluster: ClusterClient,
  reached: Verdict,
  release: Release,
  context: VerifyContext,
): Promise<Verdict> {
  // Superseded: this release writes nothing any more.
  if (reached.verdict === 'superseded') return reached;
  const { logger } = context.runner;
  const isSuccess = reached.verdict === 'succeeded';
  const since = isSuccess ? await lookSince(cluster, release) : ({ state: 'same' } as const);
  const verdict = verdictByNow(reached, since);
  const { snapshot } = release;
  // Nothing is promoted from an instance, whose registry is that of pull requests.
  const isPromoted = verdict.destination !== undefined && context.identity.spawned === undefined;
  if (snapshot === undefined || !isPromoted) return verdict;
  if (since.state === 'unknown') {
    logger.warning(
      `${NOT_WRITTEN}, since it is not known whether release ${release.number} was rolled back meanwhile: ${since.why}; verify it again`,
    );
    return verdict;
  }
  try {
    await push(snapshot, verdict, context);
    return verdict.verdict === 'succeeded' ? await lookAgain(cluster, verdict, release, context) : verdict;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`${NOT_WRITTEN}: ${error.problems.map(formatProblem).join('; ')}`);
    return verdict;
  }
}

const NOT_WRITTEN = 'The verdict was not written to the registry, so it cannot be promoted from here';

async function push(snapshot: Snapshot, verdict: Verdict, { inputs, runner }: VerifyContext): Promise<void> {
  const { pushVerdict } = await import('@slipway/registry');
  await pushVerdict(await openRegistry(inputs, runner), snapshot, verdict);
  runner.logger.info(`The verdict is stored at ${snapshot.registry}/snapshots:${snapshot.deploymentTag}`);
}

/** A rollback that came after the look and was done before the push has found nothing to take back. */
async function lookAgain(
  cluster: ClusterClient,
  pushed: Verdict,
  release: Release,
  { inputs, runner }: VerifyContext,
): Promise<Verdict> {
  const since = await lookSince(cluster, release);
  const { snapshot } = release;
  if (since.state === 'unknown')
    runner.logger.warning(
      `Whether release ${release.number} was rolled back while its verdict was pushed is not known: ${since.why}; look at it before anything is promoted from here`,
    );
  if (since.state !== 'undone' || snapshot === undefined) return pushed;
  const verdict = verdictByNow(pushed, since);
  try {
    const { takeBackVerdict } = await import('@slipway/registry');
    const { formation, destination = '', summary } = verdict;
    const taken = { undone: snapshot, restored: since.by?.snapshot, summary };
    await takeBackVerdict(await openRegistry(inputs, runner), taken, { formation, destination });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    runner.logger.warning(
      `The registry says that release ${release.number} passed, although it was rolled back meanwhile; hold what is promoted from here: ${error.problems.map(formatProblem).join('; ')}`,
    );
  }
  return verdict;
}
