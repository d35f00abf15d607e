import type { CheckedTarget, Lineage } from '@slipway/check';
import type { PlannedChange, Position, Problem } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';

/** What a pull request does to the manifests of one application, and what is wrong with them. */
export interface Review {
  /** The name of the application; empty for plain manifests. */
  readonly application: string;
  readonly targets: readonly ReviewedTarget[];
  /** Destinations that only the base commit has. */
  readonly removed: readonly RemovedDestination[];
  /** Destinations that are another namespace or, as far as one can tell, another cluster than in the base commit. */
  readonly moved: readonly Move[];
  /** What changes in slipway.yaml and formations and in no manifest; none without a base commit. */
  readonly settings: readonly ReviewedChange[];
  /** The commit that was compared with; absent without one. */
  readonly base?: string;
  /** What a comparison without a cluster and without images does not know, in whole sentences. */
  readonly limits: readonly string[];
  /** What rendering warned of. */
  readonly warnings: readonly Problem[];
  /** The absolute path of the rendered tree; absent for plain manifests. */
  readonly output?: string;
  /** As `checkManifests` has it. */
  changedFiles(): Promise<readonly string[] | undefined>;
}

export interface RemovedDestination {
  /** Such as `production/eu`. */
  readonly name: string;
  /** A new one of the same formation with its namespace. */
  readonly successor?: string;
}

export interface Move {
  /** Such as `production/eu`. */
  readonly name: string;
  /** The namespace that it had. */
  readonly namespace: string;
  /** Whether it still has that, so that its context or its server is another one. */
  readonly isNamespaceKept: boolean;
}

/** A target that was checked, with what the pull request changes in it. */
export interface ReviewedTarget extends CheckedTarget {
  /** Absent where there is no base commit to compare with, or where one of the two cannot be read, which a finding says. */
  readonly changes?: readonly ReviewedChange[];
  /** How many objects do not change. */
  readonly equal: number;
  /** How many fields differ and are left out. */
  readonly ignored: number;
  /** What last passed there, compared with the checkout; absent if that was not asked, or for plain manifests. */
  readonly passed?: PassedState;
}

/** What last passed at a destination, or why that is not known: then nothing is said of what the next release changes there. */
export type PassedState =
  | ({ readonly isKnown: true } & KnownPassed)
  | { readonly isKnown: false; readonly why: string };

export interface KnownPassed {
  /** The tag of the snapshot that passed. */
  readonly deploymentTag: string;
  /** When it was verified, RFC 3339. */
  readonly verified: string;
  /** The commit of its stencils and config, a full id. */
  readonly revision: string;
  /** How that commit is related to the base commit; absent if it is not known. */
  readonly lineage?: Lineage;
  /** What a release of the checkout changes there beside what the pull request changes. */
  readonly changes: readonly ReviewedChange[];
  /** What was released and is not compared, in words: values that the run set, shared folders that are at another commit now. */
  readonly uncompared: readonly string[];
  /** What waits to be promoted to it; absent if it has that, or if it is not known. */
  readonly promotion?: WaitingPromotion;
}

/** The snapshot that last passed in the formation that a destination is promoted from, where that is another one. */
export interface WaitingPromotion {
  readonly from: string;
  readonly deploymentTag: string;
  /** Whether it was created before the one that passed here, so that deploy would refuse it. */
  readonly isOlder: boolean;
  /** Services whose images are not those that passed here. */
  readonly services: readonly string[];
}

/** An object that the pull request changes. */
export interface ReviewedChange {
  readonly object: ObjectReference;
  readonly action: PlannedChange['action'];
  /** Whether pods of this workload would be restarted. */
  readonly restarts: boolean;
  readonly note?: string;
  readonly fields: readonly ReviewedField[];
  /** Where it was written: the first field that changes, else the object. Absent for an object that leaves. */
  readonly at?: Position;
}

export interface ReviewedField {
  /** As people write it: `spec.template.spec.containers[api].image`. */
  readonly path: string;
  /** Absent if there was no such field, or if its value is a secret. */
  readonly before?: unknown;
  /** Absent if there is none any more, or if its value is a secret. */
  readonly after?: unknown;
}
