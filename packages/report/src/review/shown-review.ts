import type { PlannedChange, Position } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import type { CheckedReport } from '../findings/checked-objects.ts';

/** One destination, or all plain manifests, in a pull request. */
export interface ShownTarget extends CheckedReport {
  /** The namespace of objects that do not name one. */
  readonly namespace: string;
  /** Absent if it could not be compared. */
  readonly changes?: readonly ShownChange[];
  readonly equal: number;
  readonly ignored: number;
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
  /** Destinations that left. */
  readonly removed: readonly string[];
  /** What is not known, in whole sentences. */
  readonly limits: readonly string[];
}
