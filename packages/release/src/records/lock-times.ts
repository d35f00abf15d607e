import type { ClusterClient } from '@slipway/cluster';
import { formatDuration } from '@slipway/core';
import { lockLost } from './lock-errors.ts';

/** What the times of a lock are, all in milliseconds and in fixed proportions. */
export interface LockTimes {
  /** After this time without a change, another run takes the Lease over. */
  readonly duration: number;
  /** A holder sends nothing more this long after the sending of its last good renewal, and ends what is under way. */
  readonly giveUpAfter: number;
  /** The rest of the lease: what was under way then has this long to arrive. */
  readonly arrivesWithin: number;
  /** Two renewals may fail one after the other, each after a whole `tryFor`, before the lock is lost. */
  readonly renewEvery: number;
  readonly tryFor: number;
  readonly lookEvery: number;
}

export function lockTimes(duration: number): LockTimes {
  return {
    duration,
    giveUpAfter: (duration * 2) / 3,
    arrivesWithin: duration / 3,
    renewEvery: duration / 6,
    tryFor: duration / 4,
    lookEvery: duration / 30,
  };
}

/** A client whose requests end after a time, retries included. `close` ends its timer. */
export function briefly(
  client: ClusterClient,
  milliseconds: number,
): { readonly client: ClusterClient; readonly close: () => void } {
  const end = new AbortController();
  const error = lockLost(`the API server did not answer for ${formatDuration(milliseconds)}`);
  const timer = setTimeout(() => end.abort(error), milliseconds);
  const limit = { signal: end.signal, check: () => end.signal.throwIfAborted(), unanswered: () => {} };
  return { client: client.within(limit), close: () => clearTimeout(timer) };
}
