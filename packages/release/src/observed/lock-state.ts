import type { ClusterClient } from '@slipway/cluster';
import { defined, excerpt, isJsonObject, type JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { isForbidden } from '../cluster/expected-errors.ts';
import { holderOf, leaseReference } from '../records/lease.ts';
import type { RecordOwner } from '../records/records.ts';

/** Who works on a formation now. */
export interface LockHolder {
  /** The address of the run, or another name of its own choice; anyone who may change Leases may have written it. */
  readonly by: string;
  /** ISO 8601; absent if the Lease has no time that can be read. */
  readonly since?: string | undefined;
  /** When the holder last showed that it still works, by its own clock. */
  readonly renewed?: string | undefined;
}

/** A lock that was not renewed for longer than it lasts is `stale`: its run ended without releasing it. */
export type LockState =
  | { readonly state: 'free' }
  | { readonly state: 'held' | 'stale'; readonly holder: LockHolder }
  /** `holder` where only it is not known whether that run still works. */
  | { readonly state: 'unknown'; readonly why: string; readonly holder?: LockHolder };

/** Characters of a holder: an address of a run is shorter. */
const MAX_HOLDER = 300;
/** Milliseconds by which the clocks of two runners may differ. */
const CLOCKS_DIFFER = 60_000;
/** Milliseconds; all runs agree on much less. */
const MAX_DURATION = 3_600_000;

export async function readLock(client: ClusterClient, owner: RecordOwner, now: Date): Promise<LockState> {
  try {
    return lockOn(await client.get(leaseReference(owner)), now);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const { name } = leaseReference(owner);
    return { state: 'unknown', why: `who holds the lock: these credentials may not get the Lease ${name}` };
  }
}

/**
 * As `readLock`, of a Lease that was read.
 * @param lease undefined if there is none, which is how a run leaves it
 */
export function lockOn(lease: KubernetesObject | undefined, now: Date): LockState {
  const by = excerpt(lease === undefined ? '' : holderOf(lease), MAX_HOLDER);
  if (lease === undefined || by === '') return { state: 'free' };
  const spec = isJsonObject(lease['spec']) ? lease['spec'] : {};
  const [since, renewed] = [timeIn(spec, 'acquireTime'), timeIn(spec, 'renewTime')];
  const holder: LockHolder = {
    by,
    ...defined({ since: since?.toISOString(), renewed: renewed?.toISOString() }),
  };
  const duration = durationIn(spec);
  const age = renewed && now.getTime() - renewed.getTime();
  if (age === undefined || duration === undefined || age < -CLOCKS_DIFFER)
    return {
      state: 'unknown',
      why: 'whether the run that holds the lock still works: its Lease has no times that can be right',
      holder,
    };
  return { state: age > duration + CLOCKS_DIFFER ? 'stale' : 'held', holder };
}

function timeIn(spec: JsonObject, field: string): Date | undefined {
  const time = new Date(typeof spec[field] === 'string' ? spec[field] : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function durationIn({ leaseDurationSeconds }: JsonObject): number | undefined {
  const duration = Number(leaseDurationSeconds ?? Number.NaN) * 1000;
  return duration > 0 && duration <= MAX_DURATION ? duration : undefined;
}
