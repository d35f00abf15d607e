import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { formatDuration } from '@slipway/core';
import { lossOr } from '../cluster/namespace.ts';
import { acquire } from './acquire.ts';
import { startHold } from './hold.ts';
import { claimOf, leaseReference } from './lease.ts';
import type { LockOptions } from './lock-options.ts';
import { lockTimes } from './lock-times.ts';
import { type HeldLock, keepRenewing, release } from './renew.ts';
import { listenForRequests, type Standby } from './standby.ts';

export type { LockOptions } from './lock-options.ts';

/** Milliseconds after which a Lease that has not changed is taken over. All runs of a formation must agree on it. */
const LEASE_DURATION = 30_000;

/** How a run got its lock, and how it lets another go first. */
export interface TakenLock {
  /** Whether another run held it first. */
  readonly waited: boolean;
  /** Whether that run did not release it. */
  readonly takenOver: boolean;
  readonly standby: Standby;
}

/**
 * Runs `work` while holding the formation's Lease. The requests of the client that `work` gets are ended when the lock is lost: two
 * thirds of the lease after the sending of the last good renewal.
 * docs/decisions/0020-what-the-lock-promises.md
 * @throws SlipwayError `lock-timeout`, `lock-lost`
 */
export async function withLock<Result>(
  options: LockOptions,
  work: (client: ClusterClient, taken: TakenLock) => Promise<Result>,
): Promise<Result> {
  const times = lockTimes(options.leaseDuration ?? LEASE_DURATION);
  const claim = claimOf(options.holder);
  const { lease, sent, waited, takenOver } = await acquire(options, claim, times);
  const requests = listenForRequests(() => options.client.get(leaseReference(options.owner)));
  const held: HeldLock = { claim, times, lease, hold: startHold(sent, { ...options, ...times }), requests };
  const stop = new AbortController();
  const renewing = keepRenewing(options, held, stop.signal);
  try {
    return await work(options.client.within(held.hold), { waited, takenOver, standby: requests });
  } catch (error) {
    throw await lossOr(error, options.client, options.owner.namespace);
  } finally {
    const isSettled = await settle(options, held);
    stop.abort();
    await renewing;
    held.hold.close();
    if (isSettled) await release(options, held);
  }
}

/**
 * Waits until a write that got no answer can no longer arrive, so that it meets no other run's release.
 * @returns whether the lock may be released; if not, it expires
 */
async function settle({ signal, logger }: LockOptions, { hold }: HeldLock): Promise<boolean> {
  const wait = hold.settlesIn;
  if (wait === 0 || hold.signal.aborted) return !hold.signal.aborted;
  logger.info(
    `The lock is kept for ${formatDuration(wait)}, because a write that got no answer may still arrive`,
  );
  const ending = AbortSignal.any([signal, hold.signal]);
  await sleep(wait, undefined, { signal: ending }).catch(() => {});
  return !ending.aborted;
}
