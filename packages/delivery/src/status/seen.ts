import type { Behind, Hold, LiveRelease, Problem, Removal } from '@slipway/core';
import type { RegistryClient, SnapshotHome } from '@slipway/registry';
import type { ObservedFormation } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';

/** What one destination looked like, or why it could not be seen. */
export interface SeenDestination {
  readonly target: FoundFormation;
  readonly observed?: ObservedFormation | undefined;
  readonly problems?: readonly Problem[] | undefined;
  /** Undefined if nothing is known to run there. */
  readonly live: LiveRelease | undefined;
  /** What the registry has of it, where the cluster does not answer or knows of no release. */
  readonly lastKnown?: LastKnown | undefined;
}

/** What the registry has of a destination. */
export interface LastKnown {
  readonly live?: LiveRelease | undefined;
  /** In force. */
  readonly hold?: Hold | undefined;
  /** That the newest release which it knows was removed. */
  readonly removed?: Removal | undefined;
  /** Why it is not known. */
  readonly problem?: string | undefined;
}

/** What succeeded at a destination. */
export type PassedSnapshot = Pick<LiveRelease, 'deploymentTag' | 'commit' | 'configCommit'>;

/** How far a destination is behind; nothing for one that is not promoted to, or that runs nothing. */
export interface BehindFound {
  readonly behind?: Behind | undefined;
  /** Why it is not known at all. */
  readonly unknown?: string | undefined;
  /** Why commits were not counted. */
  readonly limits?: readonly string[] | undefined;
}

/** The registry of an application, opened when it is first needed. */
export interface StatusRegistry {
  readonly home: SnapshotHome;
  open(): Promise<RegistryClient>;
}
