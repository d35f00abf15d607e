import type { ClusterClient } from '@slipway/cluster';
import { defined, formatProblem, type Release, type ReleaseSteps, SlipwayError } from '@slipway/core';
import type { LockedGround, StepsGround, Verdict, Watched, WatchTerms } from '@slipway/steps';
import type { JobLog } from '../apply/job-logs.ts';
import { prunePending } from '../apply/prune.ts';
import { closeStepped } from '../records/close.ts';
import { type LockOptions, type TakenLock, withLock } from '../records/lock.ts';
import { changeRecord, readRelease } from '../records/records.ts';
import { commitRefusal } from '../steps/commit-halves.ts';
import { observeSteps } from '../steps/observe-steps.ts';
import { reachPart } from '../steps/reach-part.ts';
import { openSteps, type StepsContext } from '../steps/steps-context.ts';
import { serverTime } from './server-time.ts';
import { type WatchHalfOptions, watchHalf } from './watch-half.ts';

export interface StepsGroundOptions
  extends Omit<LockOptions, 'owner' | 'timeout'>,
    Omit<WatchHalfOptions, 'client'> {
  readonly client: ClusterClient;
  /** The release that is moved on. */
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
  readonly lockTimeout: number;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  readonly judge: StepsGround['judge'];
  /** Which bound the copy has crossed in its step until now, which is said by the API server's clock, as the step's beginning is. */
  readonly crossed?: ((release: Release, now: Date) => Promise<string | undefined>) | undefined;
  readonly note?: ((release: Release) => void) | undefined;
  readonly onJobLogs?: ((logs: readonly JobLog[]) => void) | undefined;
}

/** The way to a release in steps, for a run that takes its lock for each act. */
export function stepsGround(options: StepsGroundOptions): StepsGround {
  const { release, lockTimeout: timeout } = options;
  return groundOf(options, work =>
    withLock({ ...options, owner: release, timeout }, (client, taken) =>
      work(lockedGround({ ...options, client }, taken)),
    ),
  );
}

/** The same for a run that holds the lock already, such as a newer deploy. */
export function heldStepsGround(options: StepsGroundOptions, taken: Pick<TakenLock, 'standby'>): StepsGround {
  return groundOf(options, work => work(lockedGround(options, taken)));
}

function groundOf(options: StepsGroundOptions, locked: StepsGround['locked']): StepsGround {
  const { judge, note = () => {}, logger } = options;
  return {
    locked,
    judge,
    note,
    watch: (release, terms) => watchWithBounds(release, terms, options),
    say: sentence => logger.info(sentence),
  };
}

/** A copy may be ready and wrong: what a step has seen of it is asked about after each watch. */
async function watchWithBounds(
  release: Release,
  terms: WatchTerms,
  options: StepsGroundOptions,
): Promise<Watched> {
  const watched = await watchHalf(release, terms, options);
  const isInStep = terms.what === 'copy' && release.steps?.times.since !== undefined;
  if (!isInStep || watched.health.state === 'failed' || options.crossed === undefined) return watched;
  const now = await serverTime(options.client, options.clock);
  return { ...watched, ...defined({ crossed: await options.crossed(release, now) }) };
}

function lockedGround(options: StepsGroundOptions, { standby }: Pick<TakenLock, 'standby'>): LockedGround {
  const { client, release: owner, clock, onJobLogs } = options;
  const open = (release: Release): Promise<StepsContext> => openSteps({ ...options, release });
  return {
    read: () => readRelease(client, owner, owner.number),
    now: () => serverTime(client, clock),
    see: async release => await observeSteps(await open(release)),
    reach: async (release, part, force) => {
      await reachPart(await open(release), part, force, { standby, onJobLogs });
    },
    askCommit: async release => await commitRefusal(await open(release)),
    change: async (release, to) => {
      await changeRecord(client, release, record => ({ ...record, ...changedFrom(record, release, to) }));
    },
    close: (release, verdict) => close(options, release, verdict),
  };
}

/** Under the lock no other run changes it, but a cancelled one may have written its `reject`. */
function changedFrom(record: Release, read: Release, to: ReleaseSteps): Pick<Release, 'steps'> {
  const isSame = JSON.stringify(record.steps) === JSON.stringify(read.steps);
  return { steps: isSame ? to : (record.steps ?? to) };
}

async function close(options: StepsGroundOptions, release: Release, verdict: Verdict): Promise<Release> {
  const { client, clock } = options;
  const closed = await closeStepped(client, release, verdict, clock);
  if (closed.verdict !== 'succeeded' || closed.prune === 'off') return closed;
  try {
    await prunePending(client, closed, options);
    return await readRelease(client, closed, closed.number);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    options.logger.warning(`What left the formation was not removed; the next deploy tries again: ${why}`);
    return closed;
  }
}
