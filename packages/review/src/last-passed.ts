import type { CheckedBase, Lineage } from '@slipway/check';
import type { Comparison } from './changes.ts';
import type { ReviewedChange } from './reviewed.ts';

/** A formation at one of its destinations. */
export interface PassedTarget {
  readonly application: string;
  readonly formation: string;
  readonly destination: string;
}

/** What a verdict and its snapshot say of the last success at a destination. Whoever can write them may have made it up. */
export interface LastPassed {
  readonly deploymentTag: string;
  /** When the snapshot was created, RFC 3339. */
  readonly created: string;
  /** When it was verified, RFC 3339. */
  readonly verified: string;
  /** The commit of stencils and config. */
  readonly revision?: string | undefined;
  /** The words whose values the run set itself. */
  readonly set: readonly string[];
  /** The commits of shared folders that are checkouts of their own, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
  /** The digest of each service's image. */
  readonly images: ReadonlyMap<string, string>;
}

/**
 * Reads what last passed at a destination, such as from the verdicts in a registry.
 * @returns undefined if nothing says that anything passed there
 * @throws SlipwayError if that cannot be read
 */
export type ReadLastPassed = (target: PassedTarget) => Promise<LastPassed | undefined>;

/** What all targets are compared by. */
export interface PassedQuery extends Comparison {
  readonly base: CheckedBase;
  /** The formation that each formation is promoted from. */
  readonly promotedFrom: ReadonlyMap<string, string>;
  readonly readLastPassed: ReadLastPassed;
  /** The commits of shared folders that are checkouts of their own, as they are checked out now, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
}

/** Why it is not known what passed. */
export interface Unknown {
  readonly why: string;
}

/** What passed at a destination, as it was found. */
export interface Known {
  readonly last: LastPassed;
  readonly revision: string;
  readonly lineage: Lineage | undefined;
  readonly changes: readonly ReviewedChange[];
}
