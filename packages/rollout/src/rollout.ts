import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Logger, ObjectReference, ObjectVerdict } from '@slipway/core';

/** What watching a rollout needs of a cluster. */
export type RolloutCluster = Pick<ClusterClient, 'get' | 'list' | 'listMetadata' | 'watch' | 'logs'>;

/** An object whose rollout is watched. A release's `RecordedObject` is one. */
export interface WatchedObject extends ObjectReference {
  /** The one that the release wrote; another one of the same name is not it. */
  readonly uid?: string | undefined;
  /** The generation that the release left; an older one is a stale answer. */
  readonly generation?: number | undefined;
  /** Whether this release wrote it; absent for objects of no release. With it and without a UID it was never applied. */
  readonly written?: boolean | undefined;
  /** Its health before the release; what was unhealthy and not written is `already-failing`. */
  readonly healthyBefore?: boolean | undefined;
}

/** What makes a rollout superseded: an object, such as the record of a newer release, that appears among those listed. */
export interface Successor {
  readonly kind: { readonly apiVersion: string; readonly kind: string };
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  isSuccessor(name: string): boolean;
}

export interface RolloutOptions {
  readonly client: RolloutCluster;
  readonly objects: readonly WatchedObject[];
  /** Milliseconds for which everything must have stayed ready; 0 for "ready once". */
  readonly stableFor: number;
  /** Milliseconds without any progress after which the verdict is `timed-out`. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly successor?: Successor | undefined;
  /** When the release began; events from before it are somebody else's story. */
  readonly since?: Date | undefined;
  /** Called once per change of an object's status, in order. */
  readonly onChange?: ((change: RolloutChange) => void) | undefined;
}

export interface RolloutChange {
  readonly at: Date;
  readonly object: ObjectReference;
  readonly status: ObjectVerdict['status'];
  readonly message: string;
  /** How many of the watched objects are settled now, of how many. */
  readonly settled: number;
  readonly total: number;
}

export interface Fault {
  readonly object: ObjectReference;
  /** RFC 6901, such as `/spec/template/spec/containers/0`; empty for the whole object. */
  readonly pointer: string;
}

export type RolloutVerdict = 'succeeded' | 'failed' | 'timed-out' | 'superseded';

export interface RolloutResult {
  readonly verdict: RolloutVerdict;
  /** One sentence: what failed, why, what to do. */
  readonly summary: string;
  /** The object that the summary is about, and where in it the fault lies; absent where nothing failed. */
  readonly fault?: Fault | undefined;
  /** One for each watched object, failed ones first and with evidence. */
  readonly objects: readonly ObjectVerdict[];
  readonly timeline: readonly { readonly at: string; readonly text: string }[];
  readonly started: Date;
  readonly finished: Date;
}
