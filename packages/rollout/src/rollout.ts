import type { ClusterClient } from '@slipway/cluster';
import type { CheckResult, Clock, Logger, ObjectVerdict } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { RunnableCheck } from './check-runs/runnable-check.ts';
import type { Windows } from './judge/object-terms.ts';
import type { StatusRules } from './status/assess.ts';

/** What watching a rollout needs of a cluster. */
export type RolloutCluster = Pick<
  ClusterClient,
  'get' | 'list' | 'listMetadata' | 'watch' | 'logs' | 'openApi'
>;

/** What checks need of a cluster as well. */
export type CheckCluster = RolloutCluster &
  Pick<ClusterClient, 'askService' | 'create' | 'delete' | 'review'>;

/** An object whose rollout is watched. A release's `RecordedObject` is one. */
export interface WatchedObject extends ObjectReference {
  /** The UID of the object that the release wrote; an object of the same name with another UID is not that object. */
  readonly uid?: string | undefined;
  /** The generation after the release; an object with an older one is a stale answer. */
  readonly generation?: number | undefined;
  /** Whether this release wrote it; absent for objects of no release. With it and without a UID it was never applied. */
  readonly written?: boolean | undefined;
  /** The release was to write it, and ended before it noted that it had. */
  readonly toWrite?: boolean | undefined;
  /** The release put its number on it without a change. */
  readonly stamped?: boolean | undefined;
  /** What the release puts on what it writes, so that it is known who wrote the object last. */
  readonly mark?: ReleaseMark | undefined;
  /** For a Job: whether it was seen to complete before, so that it may be gone by now. */
  readonly ran?: boolean | undefined;
  /** Its health before the release; what was unhealthy and not written is `already-failing`. */
  readonly healthyBefore?: boolean | undefined;
  /** Its manifest, where it is known: what that declares, such as a pause, is meant. */
  readonly declared?: KubernetesObject | undefined;
  /** What a release applied, so that it is known whether others have written over it. */
  readonly content?: ReleasedContent | undefined;
  /** What another tool is about to apply: until the live object matches it, its status does not count. */
  readonly expected?: KubernetesObject | undefined;
}

/** How to find out whether an object still is as a release applied it. */
export interface ReleasedContent {
  /** Whether someone else may have written what the release applied; the metadata of the live object suffices to tell. */
  isTouched(live: KubernetesObject): boolean;
  /** What others have changed, as half a sentence; undefined where every value is as it was applied. */
  changes(live: KubernetesObject): Promise<string | undefined>;
}

/** What a release puts on the objects that it writes. */
export interface ReleaseMark {
  /** The number of the release: `slipway.dev/release`. */
  readonly release: number;
  /** The set of the formation: `applyset.kubernetes.io/part-of`. */
  readonly set: string;
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
  /** Milliseconds after which it is `timed-out` whatever the progress. */
  readonly deadline?: number | undefined;
  /** How long troubles may last, where that differs from the defaults. */
  readonly windows?: Windows | undefined;
  /** Status rules for custom resources whose conditions do not suffice. */
  readonly rules?: StatusRules | undefined;
  /** Checks that must pass once everything is ready. */
  readonly checks?: readonly RunnableCheck[] | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly successor?: Successor | undefined;
  /** Why the release was not written completely: it has failed, whatever its objects look like. */
  readonly unfinished?: string | undefined;
  /** When the release began; earlier events have other causes. */
  readonly since?: Date | undefined;
  /** Called once per change of an object's status, in order. */
  readonly onChange?: ((change: RolloutChange) => void) | undefined;
  /** Called when a check begins and when it ends. */
  readonly onCheck?: ((change: CheckChange) => void) | undefined;
}

export interface RolloutChange {
  readonly at: Date;
  readonly object: ObjectReference;
  readonly status: ObjectVerdict['status'];
  readonly message: string;
  /** How many of the `total` watched objects are settled now. */
  readonly settled: number;
  readonly total: number;
}

export interface CheckChange {
  readonly at: Date;
  readonly name: string;
  readonly status: 'running' | CheckResult['status'];
  readonly message: string;
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
  /** The object that the summary is about, and the field that is at fault; absent where nothing failed. */
  readonly fault?: Fault | undefined;
  /** One for each watched object, failed ones first and with evidence. */
  readonly objects: readonly ObjectVerdict[];
  /** The Jobs that were seen to complete, now or before. */
  readonly ran: readonly ObjectReference[];
  /** One for each check, in their order. */
  readonly checks: readonly CheckResult[];
  readonly timeline: readonly { readonly at: string; readonly text: string }[];
  readonly started: Date;
  readonly finished: Date;
}
