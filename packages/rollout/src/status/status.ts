import type { JsonObject } from '@slipway/core';
import type { Kind, KubernetesObject } from '@slipway/kubernetes';

/**
 * What keeps an object from being ready. `certainAfter` says when it is certain not to pass by itself: 0 is now, a number of
 * milliseconds is once it has been seen for that long, and ONLY_AT_DEADLINE is never before the deadline.
 */
export interface Trouble {
  /** Equal as long as it is the same trouble, so that its duration is known. */
  readonly key: string;
  /** Kubernetes' reason where there is one. */
  readonly reason: string;
  /** Half a sentence with the object's name in it, for people. */
  readonly message: string;
  readonly remedy?: string;
  readonly certainAfter: number;
  /** Which window applies, if one that can be set does. */
  readonly window?: Window;
  readonly culprit?: Culprit;
}

/** Windows that can be set: for pulling the image, between crashes, for finding a node, for the readiness probe. */
export type Window = 'pull' | 'crash' | 'schedule' | 'ready';

/** Where to look for evidence. */
export interface Culprit {
  readonly pod: KubernetesObject;
  readonly container?: string;
  /** The field of the container that is at fault, if one is. */
  readonly field?: 'image' | 'command' | 'env' | 'resources' | 'readinessProbe';
  /** The volume whose image is at fault, rather than the container that mounts it. */
  readonly imageVolume?: string;
}

export const ONLY_AT_DEADLINE: number = Number.POSITIVE_INFINITY;

/** One pod of an object's newest revision, as far as stability is concerned. */
export interface PodHealth {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
  /** Whether it has ended for good, as after an eviction. */
  readonly ended?: boolean;
  /** Restarts of all its containers together. */
  readonly restarts: number;
}

/** The status of one object at one moment. `judge` decides what its troubles mean as time passes. */
export interface Status {
  /** `unknown`: an object without a telling status; it counts as passed and is listed as such. */
  readonly state: 'ready' | 'in-progress' | 'unknown';
  /** With numbers where there are any: "2 of 3 replicas are ready". */
  readonly message: string;
  /** Grows as the object comes nearer to ready; only a new maximum counts as progress. */
  readonly progress: number;
  readonly troubles: readonly Trouble[];
  readonly pods: readonly PodHealth[];
  /** The field of the object that holds it back; what no manifest declares is not meant, so it has to be waited for. */
  readonly heldBy?: readonly string[];
  /** Whether it cannot change any more, like a finished Job: there is no stability to wait for. */
  readonly final?: true;
  /** For a Job: whether it has completed. */
  readonly ran?: true;
  /**
   * Milliseconds after which one in progress is no longer waited for, and counts as unknown, unless it changes. For an
   * object whose controller may or may not be about to write a status.
   */
  readonly unknownAfter?: number;
}

type Extra = Partial<
  Pick<Status, 'progress' | 'troubles' | 'pods' | 'final' | 'ran' | 'unknownAfter' | 'heldBy'>
>;

export function ready(message: string, extra: Extra = {}): Status {
  return { state: 'ready', message, progress: 0, troubles: [], pods: [], ...extra };
}

export function inProgress(message: string, extra: Extra = {}): Status {
  return { state: 'in-progress', message, progress: 0, troubles: [], pods: [], ...extra };
}

export function unknown(message: string, extra: Pick<Extra, 'heldBy'> = {}): Status {
  return { state: 'unknown', message, progress: 0, troubles: [], pods: [], ...extra };
}

/** An object that has failed for good, for one reason. */
export function failed(trouble: Omit<Trouble, 'certainAfter'>): Status {
  return inProgress(trouble.message, { troubles: [{ ...trouble, certainAfter: 0 }] });
}

/** What a status may read from the cluster besides the object itself. A store that watches feed implements it. */
export interface ClusterView {
  /** Objects of a kind whose controller is the given one; undefined where the kind cannot be read. */
  ownedBy(controller: KubernetesObject, kind: Kind): readonly KubernetesObject[] | undefined;
  /** Objects of a kind in a namespace, `''` for those of cluster scope; undefined where they cannot be read. */
  list(kind: Kind, namespace: string): readonly KubernetesObject[] | undefined;
  /** Objects of a kind in a namespace with a label, or whose pods get it; undefined where they cannot be read. */
  labelled(
    kind: Kind,
    namespace: string,
    key: string,
    value: string,
  ): readonly KubernetesObject[] | undefined;
  /** The warnings (events) about an object that are newer than the watch, or about a pod at all; the newest last. */
  warningsAbout(object: KubernetesObject): readonly JsonObject[];
  /** Whether objects of a custom kind have conditions in a status of their own, by the cluster's schema; false if that is not known. */
  reportsConditions(kind: Kind): boolean;
}

export type Assess = (object: KubernetesObject, view: ClusterView) => Status;
