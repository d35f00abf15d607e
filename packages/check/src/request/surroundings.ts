import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Exec, Logger } from '@slipway/core';
import type { Approvals } from './approvals.ts';
import type { RemoteHistory } from './remote-history.ts';

/** A cluster to compare with; empty texts leave it to the environment and to the kubeconfig. */
export interface ClusterChoice {
  /** Content or path of a kubeconfig, or `in-cluster`. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** What a check runs with: the machine, the clock, and what only the caller can ask. */
export interface CheckSurroundings {
  /** Absolute. */
  readonly workspace: string;
  /** Absolute. */
  readonly temporaryDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly exec: Exec;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called only where the request compares with a cluster, as most do not. */
  openCluster(choice: ClusterChoice): Promise<ClusterClient>;
  /** Commits that the checkout does not have and cannot fetch; absent without one to ask. */
  readonly remoteHistory?: RemoteHistory | undefined;
  /** Absent where no one can approve a change. */
  readonly approvals?: Approvals | undefined;
}
