import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { referenceTo } from '@slipway/kubernetes';
import { type Hold, momentOf } from './hold.ts';
import { isHeldBy, leaseReference, renewedLease } from './lease.ts';
import { lockTaken } from './lock-errors.ts';
import type { LockOptions } from './lock-options.ts';
import { briefly, type LockTimes } from './lock-times.ts';
import type { Requests } from './standby.ts';

/** A lock that a run holds. */
export interface HeldLock {
  readonly claim: string;
  readonly times: LockTimes;
  readonly hold: Hold;
  readonly requests: Requests;
  /** As this run knows it. */
  lease: KubernetesObject;
}

/** Renews the Lease until the signal aborts or the lock is lost. */
export async function keepRenewing(options: LockOptions, held: HeldLock, stop: AbortSignal): Promise<void> {
  const { times, hold } = held;
  const ending = AbortSignal.any([stop, hold.signal]);
  for (let next = performance.now() + times.renewEvery; ; ) {
    await sleep(Math.max(0, next - performance.now()), undefined, { signal: ending }).catch(() => {});
    if (ending.aborted) return;
    next = performance.now() + times.renewEvery;
    await renew(options, held).catch((error: unknown) => {
      options.logger.debug(`The lock could not be renewed: ${String(error)}`);
      if (isLoginEnded(error)) held.hold.refused(error);
    });
  }
}

/** To run again with the same login would not help, so that this is what a run has to say that loses its lock for it. */
function isLoginEnded(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && error.code === 'cluster-unauthorized';
}

async function renew(options: LockOptions, held: HeldLock): Promise<void> {
  const brief = briefly(options.client, held.times.tryFor);
  try {
    for (;;) {
      const sent = momentOf(options.clock);
      try {
        held.lease = await brief.client.update(renewedLease(held.lease, options.clock()));
        return held.hold.renewed(sent);
      } catch (error) {
        if (!isOutdated(error)) throw error;
      }
      const live = await brief.client.get(leaseReference(options.owner));
      if (live === undefined || !isHeldBy(live, held.claim)) return held.hold.lose(lockTaken(live));
      // A renewal before, whose answer was lost, or someone who changed a label or asks for the lock.
      held.lease = live;
      held.requests.look(live);
    }
  } finally {
    brief.close();
  }
}

/** Deletes the Lease, unless another run has taken it over or a write may still arrive. */
export async function release(options: LockOptions, held: HeldLock): Promise<void> {
  const brief = briefly(options.client, held.times.tryFor);
  try {
    while (!(await isDeleted(brief.client, held.lease))) {
      const live = await brief.client.get(leaseReference(options.owner));
      if (live === undefined || !isHeldBy(live, held.claim)) return;
      held.lease = live;
    }
  } catch (error) {
    options.logger.debug(`The lock could not be released and will expire: ${String(error)}`);
  } finally {
    brief.close();
  }
}

async function isDeleted(client: LockOptions['client'], lease: KubernetesObject): Promise<boolean> {
  const { uid, resourceVersion } = lease.metadata;
  try {
    await client.delete(referenceTo(lease), { uid: String(uid), resourceVersion: String(resourceVersion) });
    return true;
  } catch (error) {
    if (isOutdated(error)) return false;
    throw error;
  }
}

function isOutdated(error: unknown): boolean {
  return error instanceof SlipwayError && ['cluster-conflict', 'cluster-not-found'].includes(error.code);
}
