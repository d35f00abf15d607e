import type { Behind, Hold, LiveRelease, Problem } from '@slipway/core';
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
  /** The one that the registry has, in force, where the cluster does not answer. */
  readonly storedHold?: Hold | undefined;
}

/** How far a destination is behind; nothing for one that is not promoted to, or that runs nothing. */
export interface BehindFound {
  readonly behind?: Behind | undefined;
  /** Why it is not known at all. */
  readonly unknown?: string | undefined;
  /** Why the commits were not counted. */
  readonly limit?: string | undefined;
}

/** The registry of an application, opened when it is first needed. */
export interface StatusRegistry {
  readonly home: SnapshotHome;
  open(): Promise<RegistryClient>;
}
