import type { JsonObject } from '@slipway/core';
import type { Kind, KubernetesObject } from '@slipway/kubernetes';

/**
 * What stands in the way of an object. How sure it is that this will not pass by itself is `certainAfter`: 0 is certain now,
 * a number of milliseconds is certain once it has been seen for that long, and ONLY_AT_DEADLINE never by itself.
 */
export interface Trouble {
  /** Equal as long as it is the same trouble, so that the time it has lasted can be told. */
  readonly key: string;
  /** Kubernetes' own word for it where there is one. */
  readonly reason: string;
  /** Half a sentence with the object's name in it, for people. */
  readonly message: string;
  readonly remedy?: string;
  readonly certainAfter: number;
  /** Which patience it is a matter of, if of one that can be set. */
  readonly window?: Window;
  readonly culprit?: Culprit;
}

/** Troubles whose patience can be set: for the image, between crashes, for a node, for the readiness probe. */
export type Window = 'pull' | 'crash' | 'schedule' | 'ready';

/** Where the evidence lies. */
export interface Culprit {
  readonly pod: KubernetesObject;
  readonly container?: string;
  /** The field of the container that is at fault, if one is. */
  readonly field?: 'image' | 'command' | 'env' | 'resources' | 'readinessProbe';
}

export const ONLY_AT_DEADLINE: number = Number.POSITIVE_INFINITY;

/** One pod of an object's newest revision, as far as stability is concerned. */
export interface PodHealth {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
  /** Restarts of all its containers together. */
  readonly restarts: number;
}

/** The status of one object at one moment. What the time makes of its troubles is for `judge` to say. */
export interface Status {
  /** `unknown` is an object that says nothing of itself; it passes, and that is said. */
  readonly state: 'ready' | 'in-progress' | 'unknown';
  /** With numbers where there are any: "2 of 3 replicas are ready". */
  readonly message: string;
  /** Grows as the object comes nearer to ready; only a new maximum counts as progress. */
  readonly progress: number;
  readonly troubles: readonly Trouble[];
  readonly pods: readonly PodHealth[];
  /** Whether nothing can become of it any more, as of a Job that is done: there is no stability to wait for. */
  readonly final?: true;
}

type Extra = Partial<Pick<Status, 'progress' | 'troubles' | 'pods' | 'final'>>;

export function ready(message: string, extra: Extra = {}): Status {
  return { state: 'ready', message, progress: 0, troubles: [], pods: [], ...extra };
}

export function inProgress(message: string, extra: Extra = {}): Status {
  return { state: 'in-progress', message, progress: 0, troubles: [], pods: [], ...extra };
}

export function unknown(message: string): Status {
  return { state: 'unknown', message, progress: 0, troubles: [], pods: [] };
}

/** An object that is beyond hope for one reason of its own. */
export function failed(trouble: Omit<Trouble, 'certainAfter'>): Status {
  return inProgress(trouble.message, { troubles: [{ ...trouble, certainAfter: 0 }] });
}

/** What a status may ask of the cluster beside the object itself. A store fed by watches implements it. */
export interface ClusterView {
  /** Objects of a kind whose controller is the given one; undefined where the kind may not be read. */
  ownedBy(controller: KubernetesObject, kind: Kind): readonly KubernetesObject[] | undefined;
  /** Objects of a kind in a namespace, `''` for those of cluster scope; undefined where they may not be read. */
  list(kind: Kind, namespace: string): readonly KubernetesObject[] | undefined;
  /** The warnings (events) about an object that are newer than the watch, or about a pod at all; the newest last. */
  warningsAbout(object: KubernetesObject): readonly JsonObject[];
}

export type Assess = (object: KubernetesObject, view: ClusterView) => Status;
