import { type KubernetesObject, objectKey, referenceTo, type Snapshot } from '@slipway/core';

/** What is checked, so that its earlier state can be found. */
export interface BaselineQuery {
  readonly objects: readonly KubernetesObject[];
  /** The namespace of objects that do not name one. */
  readonly namespace: string;
  /** The rendered target; absent for plain manifests. */
  readonly rendered?: {
    readonly formation: string;
    readonly destination: string;
    readonly snapshot?: Snapshot;
  };
}

/** Objects as they were before, by `keyOf`. */
export type OldObjects = ReadonlyMap<string, KubernetesObject>;

/**
 * Reads the objects that change policies compare with.
 * @returns undefined if there was no such destination
 * @throws SlipwayError if that cannot be determined
 */
export type Baseline = (query: BaselineQuery) => Promise<OldObjects | undefined>;

/** The same key for an object that names its namespace and for one that leaves it to the destination. */
export function keyOf(object: KubernetesObject, namespace: string): string {
  return objectKey({ namespace, ...referenceTo(object) });
}

export function byKey(objects: readonly KubernetesObject[], namespace: string): OldObjects {
  return new Map(objects.map(object => [keyOf(object, namespace), object]));
}
