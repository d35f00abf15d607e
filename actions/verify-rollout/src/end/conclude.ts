import type { ClusterClient } from '@slipway/cluster';
import { type Clock, defined, formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import { closeRelease, pruneAfterSuccess, readRelease, rollBack } from '@slipway/release';
import type { VerifyContext } from '../context.ts';
import { planRestored } from '../plan/plan-release.ts';
import type { WatchPlan } from '../plan/watch-plan.ts';
import { type Watched, watchRelease } from '../watch/watch.ts';
import { lockOptions } from './lock-options.ts';
import type { NoteRecord } from './open-records.ts';
import { type Restoration, restorationLines, restorationOf } from './restoration.ts';

export interface ConcludeRequest {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly watched: Watched;
  readonly plan: WatchPlan;
  readonly context: VerifyContext;
  /** Is called with the record of a rollback. */
  readonly note: NoteRecord;
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
    const closed = await succeed(request, release, watched);
    return isUndone(closed)
      ? {
          verdict: closed,
          summary: `${summary}, but another run closed the release as ${closed} in the meantime`,
        }
      : { verdict, summary };
  }
  // Closed before anything is undone, so that a run that is killed meanwhile leaves no open record.
  await closeRelease(client, release, verdict, clock);
  return plan.onFailure === 'rollback' ? await undo(request, { verdict, summary }) : { verdict, summary };
}

function isUndone(verdict: Verdict['verdict'] | undefined): verdict is 'rolled-back' | 'rollback-failed' {
  return verdict === 'rolled-back' || verdict === 'rollback-failed';
}

/** @returns the verdict that the record has, which is another one if another run has undone the release */
async function succeed(
  { client, context }: ConcludeRequest,
  release: Release,
  { result: { ran } }: Watched,
): Promise<Release['verdict']> {
  const closed = await closeRelease(client, release, 'succeeded', clock, ran);
  if (closed.verdict !== 'succeeded') return closed.verdict;
  const { runner } = context;
  const { repository } = runner.context;
  try {
    await pruneAfterSuccess({ ...lockOptions(client, context), release: closed, repository });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    runner.logger.warning(`What left the formation was not removed; the next deploy tries again: ${why}`);
  }
  return closed.verdict;
}

/** Puts the newest release that succeeded back, and verifies it by the same rules. Never a second time. */
async function undo(request: ConcludeRequest, failure: Outcome): Promise<Outcome> {
  const { client, release } = request;
  const attempt = await attemptRollback(request, failure.summary);
  if ('refused' in attempt)
    return await close(client, release, await refusedRollback(request, failure, attempt));
  if (attempt.restored === undefined)
    return {
      ...failure,
      summary: `${failure.summary}. Nothing was rolled back: no release before it succeeded`,
    };
  return await close(client, release, await verifyRestored(request, attempt.restored, failure.summary));
}

/** `begun` is the record of a rollback that stopped on its way. */
type Attempt =
  | { readonly restored: Release | undefined }
  | { readonly refused: string; readonly begun: Release | undefined };

async function attemptRollback(request: ConcludeRequest, why: string): Promise<Attempt> {
  let begun: Release | undefined;
  try {
    const restored = await rollBackNow(request, why, recorded => {
      begun = recorded;
      request.note('restoring-release', recorded);
    });
    return { restored };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { refused: error.problems.map(formatProblem).join('; '), begun };
  }
}

/** Says what state things are in: untouched, or somewhere on the way. */
async function refusedRollback(
  { client, release, context }: ConcludeRequest,
  { summary }: Outcome,
  { refused, begun }: Extract<Attempt, { refused: string }>,
): Promise<Outcome> {
  const words = `${summary}. Rolling back failed too: ${refused}`;
  if (begun === undefined)
    return {
      verdict: 'rollback-failed',
      summary: `${words}. Nothing was changed: what release ${release.number} applied is still there`,
    };
  await closeRelease(client, begun, 'failed', clock);
  context.runner.logger.warning(
    `Release ${begun.number} was to put release ${begun.restores} back, and stopped on its way`,
  );
  return {
    verdict: 'rollback-failed',
    // It is the newest release from now on, which the registry has to know: a plan is made from that.
    rolledBackTo: rolledBackTo(begun),
    summary: `${words}. Release ${begun.number}, which was to put release ${begun.restores} back, stopped on its way: some objects are of it, others still of release ${release.number}`,
  };
}

async function rollBackNow(
  { client, release, plan, context }: ConcludeRequest,
  why: string,
  onRecorded: (release: Release) => void,
): Promise<Release | undefined> {
  const { runner, inputs } = context;
  return await runner.group('Rolling back', () =>
    rollBack({
      client,
      release,
      onRecorded,
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
  // Read again, since rolling back has found out what a run that died had written.
  const failed = await readRelease(client, request.release, request.release.number);
  const restoration = restorationOf(failed, restored);
  for (const line of restorationLines(restoration)) context.runner.logger.info(line);
  const again = await planRestored(client, restored, plan, context);
  const watched = await watchRelease({ client, release: restored, plan: again }, context.runner);
  const { verdict, summary } = watched.result;
  const release = restored.restores ?? restored.number;
  const base = { rolledBackTo: rolledBackTo(restored, restoration), restored: watched };
  if (verdict === 'succeeded') {
    const closed = await succeed(request, restored, watched);
    if (isUndone(closed))
      return {
        ...base,
        verdict: 'rollback-failed',
        summary: `${why}. Release ${release} was put back as release ${restored.number}, but another run closed that as ${closed} in the meantime`,
      };
    const words = `Rolled back to release ${release}, as release ${restored.number}`;
    return { ...base, verdict: 'rolled-back', summary: `${why}. ${words}` };
  }
  const words = `Release ${release} was put back as release ${restored.number}`;
  if (verdict === 'superseded') return { ...base, verdict, summary: `${why}. ${words}, but ${summary}` };
  await closeRelease(client, restored, verdict, clock);
  return {
    ...base,
    verdict: 'rollback-failed',
    summary: `${why}. ${words}, and that failed too: ${summary}`,
  };
}

/** @param restoration what was done, if it was done to the end */
function rolledBackTo(restored: Release, restoration?: Restoration): NonNullable<Verdict['rolledBackTo']> {
  const { number, restores = number, created: released, deploymentTag, configRevision, digest } = restored;
  const { sharedRevisions, set, configFrom } = restored;
  const content = defined({
    released,
    deploymentTag,
    configRevision,
    digest,
    sharedRevisions,
    set,
    configFrom,
  });
  const lists = Object.entries(restoration ?? {}).map(([name, objects]) => [name, objects.map(copy)]);
  return { release: restores, as: number, ...content, ...Object.fromEntries(lists) };
}

function copy(object: ObjectReference): ObjectReference {
  return { ...object };
}

/** Where a newer release is there, the record keeps the verdict that it had before the rollback. */
async function close(client: ClusterClient, release: Release, outcome: Outcome): Promise<Outcome> {
  if (outcome.verdict === 'superseded') return outcome;
  await closeRelease(client, release, outcome.verdict, clock);
  return outcome;
}
