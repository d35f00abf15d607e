import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Logger } from '@slipway/core';
import type { RecordOwner } from './records.ts';

export interface LockOptions {
  readonly client: ClusterClient;
  readonly owner: RecordOwner;
  /** Who holds it, for messages: the run's address. */
  readonly holder: string;
  /** Who wants to go first, for messages, where a holder that only waits is asked for the lock: a rollback by hand. */
  readonly wantedBy?: string | undefined;
  /** Milliseconds to wait for another holder. */
  readonly timeout: number;
  /** Milliseconds that the lock lasts without a renewal; 30 s if absent. */
  readonly leaseDuration?: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}
