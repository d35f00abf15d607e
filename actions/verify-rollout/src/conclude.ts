import type { ClusterClient } from '@slipway/cluster';
import { type Clock, formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import { closeRelease, pruneAfterSuccess, rollBack } from '@slipway/release';
import type { VerifyContext } from './ending.ts';
import type { Watched } from './watch.ts';
import type { WatchPlan } from './watch-plan.ts';
import { planRestored, watchRelease } from './watch-release.ts';

export interface ConcludeRequest {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly watched: Watched;
  readonly plan: WatchPlan;
  readonly context: VerifyContext;
}

/** The verdict in the end, and what was seen of the release that a rollback made. */
export type Outcome = Pick<Verdict, 'verdict' | 'summary' | 'rolledBackTo'> & {
  readonly restored?: Watched | undefined;
};

const clock: Clock = () => new Date();

/** Does what the rollout's verdict asks for: closes the record, prunes what is pending, or rolls back. */
export async function conclude(request: ConcludeRequest): Promise<Outcome> {
  const { client, release, watched, plan } = request;
  const { verdict, summary } = watched.result;
  // A newer release is there: nothing is written any more, not even this one's record.
  if (verdict === 'superseded') return { verdict, summary };
  if (verdict === 'succeeded') {
    await succeed(request, release);
    return { verdict, summary };
  }
  // Closed before anything is undone, so that a run that is killed meanwhile leaves no open record.
  await closeRelease(client, release, verdict, clock);
  return plan.onFailure === 'rollback' ? await undo(request, { verdict, summary }) : { verdict, summary };
}

async function succeed({ client, context }: ConcludeRequest, release: Release): Promise<void> {
  const closed = await closeRelease(client, release, 'succeeded', clock);
  const { runner, inputs } = context;
  try {
    await pruneAfterSuccess({
      client,
      release: closed,
      repository: runner.context.repository,
      holder: runner.context.runUrl || 'slipway',
      timeout: inputs.lockTimeout,
      clock,
      signal: runner.signal,
      logger: runner.logger,
    });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    runner.logger.warning(`What left the formation was not removed; the next deploy tries again: ${why}`);
  }
}

/** Puts the newest release that succeeded back, and verifies it by the same rules. Never a second time. */
async function undo(request: ConcludeRequest, failure: Outcome): Promise<Outcome> {
  const { client, release } = request;
  let restored: Release | undefined;
  try {
    restored = await rollBackNow(request, failure.summary);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    return await close(client, release, {
      verdict: 'rollback-failed',
      summary: `${failure.summary}. Rolling back failed too: ${why}`,
    });
  }
  if (restored === undefined)
    return {
      ...failure,
      summary: `${failure.summary}. Nothing was rolled back: no release before it succeeded`,
    };
  return await close(client, release, await verifyRestored(request, restored, failure.summary));
}

async function rollBackNow(
  { client, release, plan, context }: ConcludeRequest,
  why: string,
): Promise<Release | undefined> {
  const { runner, inputs } = context;
  return await runner.group('Rolling back', () =>
    rollBack({
      client,
      release,
      repository: runner.context.repository,
      actor: runner.context.actor,
      run: runner.context.runUrl,
      reason: inputs.reason || why,
      lockTimeout: inputs.lockTimeout,
      timeout: plan.timeout,
      clock,
      signal: runner.signal,
      logger: runner.logger,
    }),
  );
}

async function verifyRestored(request: ConcludeRequest, restored: Release, why: string): Promise<Outcome> {
  const { client, plan, context } = request;
  const release = restored.restores ?? restored.number;
  const { deploymentTag } = restored;
  const rolledBackTo = {
    release,
    as: restored.number,
    ...(deploymentTag === undefined ? {} : { deploymentTag }),
  };
  const again = await planRestored(client, restored, plan, context);
  const watched = await watchRelease({ client, release: restored, plan: again }, context.runner);
  const { verdict, summary } = watched.result;
  if (verdict === 'succeeded') {
    await succeed(request, restored);
    const words = `Rolled back to release ${release}, as release ${restored.number}`;
    return { verdict: 'rolled-back', summary: `${why}. ${words}`, rolledBackTo, restored: watched };
  }
  if (verdict !== 'superseded') await closeRelease(client, restored, verdict, clock);
  const words = `Release ${release} was put back as release ${restored.number}, and that failed too`;
  return {
    verdict: 'rollback-failed',
    summary: `${why}. ${words}: ${summary}`,
    rolledBackTo,
    restored: watched,
  };
}

async function close(client: ClusterClient, release: Release, outcome: Outcome): Promise<Outcome> {
  await closeRelease(client, release, outcome.verdict, clock);
  return outcome;
}
