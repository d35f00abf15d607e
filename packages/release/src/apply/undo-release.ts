import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { formationHeld } from '../records/hold-errors.ts';
import { assertNotInSteps } from '../records/in-steps.ts';
import { readLiveNow } from '../records/live-release.ts';
import { changeRecord, listReleases, type ReleaseEntry, readRelease } from '../records/records.ts';
import { type HeldBefore, holdBefore } from '../records/set-hold.ts';
import { closeEarlier } from './previous.ts';
import { findPrevious } from './previous-content.ts';
import { type Course, type Manner, type RollBackOptions, rollBackAs } from './roll-back.ts';

/**
 * Undoes the live release on request, whatever its verdict was; the verdict becomes `rolled-back`, unless that release is written again. By default it goes back to the
 * newest release before with another content. One that came after `release` meanwhile, such as of the deploy that gave way, is undone
 * with it.
 * @throws SlipwayError as `rollBack` does, except `release-overtaken`; `nothing-to-restore`, `release-in-steps`
 */
export async function undoRelease(options: RollBackOptions): Promise<Release> {
  const { client, release, clock } = options;
  assertNotInSteps(release);
  const to = options.to ?? (await findPrevious(client, release));
  if (to === undefined) throw nothingToRestore(release);
  // Whoever rolls back by hand does not wait for a deploy that only waits itself.
  const wantedBy = `a rollback by ${options.actor || 'an unknown user'}`;
  const restored = await rollBackHeld(
    { ...options, to, wantedBy },
    {
      choose: now => newestTo(now, release, to),
      onWritten: (now, written) => markUndone(now, options, written),
    },
  );
  if (restored === undefined) throw nothingToRestore(release);
  await closeEarlier(client, release, await listReleases(client, release), clock);
  return restored;
}

/** A later rollback must not go back to them, whatever becomes of this one once all objects are written. */
async function markUndone(client: ClusterClient, options: RollBackOptions, restored: Release): Promise<void> {
  const { release } = options;
  const releases = await listReleases(client, release);
  // One that is written again is not bad for that.
  const isWanted = ({ number, verdict }: ReleaseEntry) =>
    number === restored.restores && verdict !== undefined;
  const undone = releases.filter(
    entry => entry.number >= release.number && entry.number < restored.number && !isWanted(entry),
  );
  for (const { number } of undone) await markOne(client, options, number);
}

/** A record that cannot be read, or is left to its steps, must not make a rollback fail that was written. */
async function markOne(
  client: ClusterClient,
  { release, clock, logger }: RollBackOptions,
  number: number,
): Promise<void> {
  try {
    await changeRecord(client, { ...release, number }, record => {
      assertNotInSteps(record);
      return { ...record, verdict: 'rolled-back', closed: clock().toISOString() };
    });
  } catch (error) {
    if (!(error instanceof SlipwayError) || !/^(?:record-|release-in-steps$)/.test(error.code)) throw error;
    logger.warning(`Release ${number} is not marked as rolled back: ${error.message}`);
  }
}

/**
 * Sets the hold before it waits for the lock. A rollback that ends before its record exists has changed nothing, so that the hold that
 * was there before is put back.
 */
async function rollBackHeld(options: RollBackOptions, manner: Manner): Promise<Release | undefined> {
  const { client, release, clock, hold: wanted } = options;
  if (wanted === undefined) return await rollBackAs(options, manner);
  const owner = { ...release, repository: options.repository };
  // The hold of its record may have been lifted since the release was found.
  const [{ number } = release] = await listReleases(client, release);
  const newest = await readRelease(client, release, number);
  assertNotInSteps(newest);
  const { undo } = await holdBefore(client, owner, wanted, { newest, now: clock() });
  let isRecorded = false;
  const onRecorded = (record: Release): void => {
    isRecorded = true;
    options.onRecorded?.(record);
  };
  try {
    // The record gets the wanted hold and what there is by then: a longer one that is lifted meanwhile stays lifted.
    return await rollBackAs({ ...options, onRecorded }, manner);
  } finally {
    if (!isRecorded) await takeBack(undo, options);
  }
}

/** Whoever rolls back looks at the failure, and would not know that the formation is held all the same. */
async function takeBack(undo: HeldBefore['undo'], { release, logger }: RollBackOptions): Promise<void> {
  try {
    const hold = await undo();
    if (hold === undefined) return;
    const { message, remedy } = formationHeld(release, hold);
    logger.warning(
      `Nothing was rolled back, and ${message}; unless the run that set it still goes on, ${remedy}`,
    );
  } catch (error) {
    logger.warning(
      `The hold of ${release.application}/${release.formation} stays, although nothing was rolled back; lift it with "mode: lift-hold": ${String(error)}`,
    );
  }
}

/** From whatever is live: what someone takes out by hand does not stay because a deploy was faster. */
async function newestTo(client: ClusterClient, release: Release, restored: number): Promise<Course> {
  const live = await readLiveNow(client, release);
  return { undone: live?.number ?? release.number, restored };
}

function nothingToRestore({ number }: Release): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'nothing-to-restore',
    message: `no release before ${number} succeeded, so nothing was changed`,
    remedy: 'name a release in "to", or deploy a snapshot that works',
  });
}
