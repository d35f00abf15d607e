import type { CheckedTarget } from '@slipway/check';
import type { PlannedChange, Position, Problem } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';

/** What a pull request does to the manifests of one application, and what is wrong with them. */
export interface Review {
  /** The name of the application; empty for plain manifests. */
  readonly application: string;
  readonly targets: readonly ReviewedTarget[];
  /** Destinations that only the base commit has, such as `production/eu`. */
  readonly removed: readonly string[];
  /** What a comparison without a cluster and without images does not know, in whole sentences. */
  readonly limits: readonly string[];
  /** What rendering warned of. */
  readonly warnings: readonly Problem[];
  /** The absolute path of the rendered tree; absent for plain manifests. */
  readonly output?: string;
  /** As `checkManifests` has it. */
  changedFiles(): Promise<readonly string[] | undefined>;
}

/** A target that was checked, with what the pull request changes in it. */
export interface ReviewedTarget extends CheckedTarget {
  /** Absent where there is no base commit to compare with, or where one of the two cannot be read, which a finding says. */
  readonly changes?: readonly ReviewedChange[];
  /** How many objects do not change. */
  readonly equal: number;
  /** How many fields differ and are left out. */
  readonly ignored: number;
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
