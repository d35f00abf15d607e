import type { PlannedChange, Position } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import type { CheckedReport } from '../findings/checked-objects.ts';
import type { FindingLinks } from '../findings/finding-tables.ts';

/** One destination, or all plain manifests, in a pull request. */
export interface ShownTarget extends CheckedReport {
  /** The namespace of objects that do not name one. */
  readonly namespace: string;
  /** Absent if it could not be compared. */
  readonly changes?: readonly ShownChange[];
  readonly equal: number;
  readonly ignored: number;
  /** Absent if it was not asked what last passed there. */
  readonly passed?: ShownPassedState;
}

/** What last passed at a destination, or why that is not known. */
export type ShownPassedState = KnownPassedState | { readonly isKnown: false; readonly why: string };

export interface KnownPassedState {
  readonly isKnown: true;
  readonly deploymentTag: string;
  /** RFC 3339, if whoever wrote it kept to that. */
  readonly verified: string;
  /** A full commit id. */
  readonly revision: string;
  /** How that commit is related to the base; absent if it is not known. */
  readonly lineage?: {
    readonly relation: 'same' | 'behind' | 'ahead' | 'apart';
    readonly behind?: number;
    readonly ahead?: number;
  };
  /** What a release changes there beside the pull request. */
  readonly changes: readonly ShownChange[];
  /** What was released there and is not compared, in words. */
  readonly uncompared: readonly string[];
  readonly promotion?: {
    readonly from: string;
    readonly deploymentTag: string;
    readonly isOlder: boolean;
    readonly services: readonly string[];
  };
}

export interface ShownChange {
  readonly object: ObjectReference;
  readonly action: PlannedChange['action'];
  readonly restarts: boolean;
  readonly note?: string;
  readonly fields: readonly ShownField[];
  readonly at?: Position;
}

export interface ShownField {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A pull request for people. */
export interface ShownReview {
  /** What it is about: the name of the application, or its folder; empty for plain manifests. */
  readonly application: string;
  readonly targets: readonly ShownTarget[];
  /** Destinations that left, and a new one with the namespace of each, if there is one. */
  readonly removed: readonly { readonly name: string; readonly successor?: string }[];
  /** Destinations that go elsewhere, with the namespace that each had. */
  readonly moved: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly isNamespaceKept: boolean;
  }[];
  /** What changes in slipway.yaml and formations, and in no manifest. */
  readonly settings: readonly ShownChange[];
  /** The commit that was compared with. */
  readonly base?: string;
  /** What is not known, in whole sentences. */
  readonly limits: readonly string[];
}

export interface ReviewLinks extends FindingLinks {
  /** The page with the commits between two. */
  readonly compareUri?: (one: string, other: string) => string | undefined;
}
