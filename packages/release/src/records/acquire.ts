import { setTimeout as sleep } from 'node:timers/promises';
import { quote, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { namespaceMissing } from '../cluster/namespace.ts';
import { askHolder, withdrawRequest } from './ask-holder.ts';
import { type Moment, momentOf } from './hold.ts';
import { claimOf, holderOf, isHeldBy, leaseOf, leaseReference } from './lease.ts';
import { lockTimedOut } from './lock-errors.ts';
import type { LockOptions } from './lock-options.ts';
import { briefly, type LockTimes } from './lock-times.ts';

/** How often a run asks again for a lock after an answer was lost. */
const MOST_LOST = 3;

export interface Acquired {
  readonly lease: KubernetesObject;
  /** When it was asked for. */
  readonly sent: Moment;
  /** Whether another run held the lock first. */
  readonly waited: boolean;
  /** Whether that run did not release it, and may have died in the middle of something. */
  readonly takenOver: boolean;
}

/**
 * Waits for the Lease to be free, or unchanged for as long as it lasts, and takes it. With `wantedBy` it asks the holder for it
 * meanwhile, which gives it up if it only waits.
 */
export async function acquire(options: LockOptions, claim: string, times: LockTimes): Promise<Acquired> {
  if (options.wantedBy === undefined) return await waitForLease(options, claim, times, undefined);
  const request = claimOf(options.wantedBy);
  try {
    return await waitForLease(options, claim, times, request);
  } catch (error) {
    await withdrawRequest(options, request, times);
    throw error;
  }
}

async function waitForLease(
  options: LockOptions,
  claim: string,
  times: LockTimes,
  request: string | undefined,
): Promise<Acquired> {
  const { client, owner, clock, signal, logger } = options;
  const started = performance.now();
  // Clocks of runners differ and are set, so only the time counts for which this run has seen no change.
  let seen = { version: '', at: started };
  for (let [waited, takenOver, lost] = [false, false, 0]; ; waited = true) {
    const live = await client.get(leaseReference(owner));
    const now = performance.now();
    const version = String(live?.metadata['resourceVersion'] ?? '');
    if (version !== seen.version) seen = { version, at: now };
    if (live === undefined || isFree(live, claim) || now - seen.at >= times.duration) {
      const sent = momentOf(clock);
      takenOver ||= live !== undefined && !isFree(live, claim);
      const lease = await take(options, claim, times, live).catch((error: unknown) => {
        signal.throwIfAborted();
        // Looking again shows what became of a request whose answer was lost.
        if (!isLost(error) || ++lost > MOST_LOST) throw error;
        return undefined;
      });
      if (lease !== undefined) return { lease, sent, waited, takenOver };
      continue;
    }
    if (now - started >= options.timeout) throw lockTimedOut(owner, options.timeout, live);
    if (seen.at === now) logger.info(`Waiting for the lock, held by ${quote(holderOf(live))}`);
    const asked = request === undefined ? undefined : await askHolder(options, live, request, times);
    // The holder has not changed it: the time for which it was seen unchanged goes on.
    if (asked !== undefined) seen.version = String(asked.metadata['resourceVersion'] ?? '');
    await sleep(times.lookEvery, undefined, { signal });
  }
}

/** Whether no one holds it, or this run, which then lost the answer. */
function isFree(live: KubernetesObject, claim: string): boolean {
  return holderOf(live) === '' || isHeldBy(live, claim);
}

function isLost(error: unknown): boolean {
  return error instanceof SlipwayError && ['cluster-unreachable', 'lock-lost'].includes(error.code);
}

/** The taken Lease; undefined if another run was faster. */
async function take(
  { client, owner, clock }: LockOptions,
  claim: string,
  { duration, tryFor }: LockTimes,
  live: KubernetesObject | undefined,
): Promise<KubernetesObject | undefined> {
  const lease = leaseOf(owner, claim, { now: clock(), duration }, live);
  const brief = briefly(client, tryFor);
  try {
    return await (live === undefined ? brief.client.create(lease) : brief.client.update(lease));
  } catch (error) {
    const faster = ['cluster-exists', 'cluster-conflict'];
    if (!(error instanceof SlipwayError)) throw error;
    if (faster.includes(error.code)) return undefined;
    if (error.code !== 'cluster-not-found') throw error;
    // What can be missing at a create is the namespace; at an update the run before has removed the Lease.
    if (live === undefined) throw new SlipwayError(namespaceMissing(owner.namespace), { cause: error });
    return undefined;
  } finally {
    brief.close();
  }
}
