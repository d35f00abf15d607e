import type { Release } from '@slipway/core';
import { type Decision, whenCancelled } from '@slipway/steps';
import { withLock } from '../records/lock.ts';
import { changeRecord, type RecordOwner, readRelease } from '../records/records.ts';
import { reachPart } from '../steps/reach-part.ts';
import { openSteps } from '../steps/steps-context.ts';
import { serverTime } from './server-time.ts';
import type { StepsGroundOptions } from './steps-ground.ts';

/** Milliseconds for which a cancelled run waits for the lock: it is killed soon, and then the next look does the rest. */
const LOCK_TIMEOUT = 2_000;

export type CancelOptions = Omit<StepsGroundOptions, 'release' | 'judge' | 'lockTimeout'> & {
  /** Whose release it is, and its number. */
  readonly release: RecordOwner & Pick<Release, 'number'>;
  readonly decision: Decision;
};

/**
 * The end of a run that was cancelled or killed before the commit is a reject: first it is in the record, then users go to stable and the
 * copies end, as far as there is time for it. The release stays open until the next look has closed it.
 * @returns the record, if that was so
 */
export async function cancelSteps(options: CancelOptions): Promise<Release | undefined> {
  const { client, release: owner, decision, clock, logger } = options;
  const found = await readRelease(client, owner, owner.number);
  if (found.verdict !== undefined || found.steps === undefined) return undefined;
  const now = await serverTime(client, clock);
  const changed = await changeRecord(client, found, record => {
    const steps = record.steps && whenCancelled(record.steps, decision, now);
    return steps === undefined || record.verdict !== undefined ? record : { ...record, steps };
  });
  if (changed.steps?.phase !== 'undoing' || found.steps.phase === 'undoing') return undefined;
  logger.warning(
    `Release ${changed.number} is undone, as its run was cancelled: run verify-rollout with "release: ${changed.number}" to carry that to its end`,
  );
  await goHomeNow(options, changed);
  return changed;
}

/** There is no time to wait until kept connections have ended. */
async function goHomeNow(options: CancelOptions, release: Release): Promise<void> {
  const { steps } = release;
  if (steps === undefined) return;
  const hasty = { ...release, steps: { ...steps, settings: { ...steps.settings, drain: '0s' } } };
  await withLock({ ...options, owner: release, timeout: LOCK_TIMEOUT }, async client => {
    await reachPart(await openSteps({ ...options, client, release: hasty }), 'home', true);
  });
}
