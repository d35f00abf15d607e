import { excerpt, SlipwayError } from '@slipway/core';
import { annotationOf, type KubernetesObject, LOCK_WANTED } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { withoutNonce } from './lease.ts';

/** How a run that holds the lock lets a rollback go first where it only waits: it gives up by itself, and then frees the lock. */
export interface Standby {
  /**
   * Runs what only waits and writes nothing, such as for a stage to become ready. It ends early for a rollback that asks for the lock,
   * and whoever asked before is not kept waiting at all.
   * @throws SlipwayError `deploy-superseded`
   */
  whileWaiting<Result>(signal: AbortSignal, wait: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /**
   * Looks at the Lease at once whether a rollback asks for the lock, before what cannot be taken back.
   * @throws SlipwayError `deploy-superseded`
   */
  giveWay(): Promise<void>;
}

/** The same, for the lock itself. */
export interface Requests extends Standby {
  /** Looks who asks for the lock, on the Lease as it is now. */
  look(lease: KubernetesObject): void;
}

/** @param readLease reads the Lease of the lock */
export function listenForRequests(readLease: () => Promise<KubernetesObject | undefined>): Requests {
  let wantedBy: string | undefined;
  const waits = new Set<AbortController>();
  const look = (lease: KubernetesObject): void => {
    wantedBy = annotationOf(lease, LOCK_WANTED);
    if (wantedBy !== undefined) for (const wait of waits) wait.abort();
  };
  return {
    look,
    async giveWay() {
      const lease = await readLease();
      if (lease !== undefined) look(lease);
      if (wantedBy !== undefined) throw superseded(wantedBy);
    },
    async whileWaiting(signal, wait) {
      if (wantedBy !== undefined) throw superseded(wantedBy);
      const end = new AbortController();
      waits.add(end);
      try {
        return await wait(AbortSignal.any([signal, end.signal]));
      } catch (error) {
        throw end.signal.aborted && !signal.aborted ? superseded(wantedBy ?? '', error) : error;
      } finally {
        waits.delete(end);
      }
    },
  };
}

/** Characters of who asked, which anyone who may change Leases may have written. */
const MAX_WHO = 100;

function superseded(wantedBy: string, cause?: unknown): SlipwayError<ReleaseErrorCode> {
  const who = excerpt(withoutNonce(wantedBy), MAX_WHO);
  return new SlipwayError<ReleaseErrorCode>(
    {
      code: 'deploy-superseded',
      message: `${who} took over while this run waited, so nothing more is written`,
      remedy: 'look at that rollback; the formation is held until someone lifts the hold',
    },
    { cause },
  );
}
