import { type KubernetesObject, objectKey, referenceTo, type Snapshot } from '@slipway/core';

/** What is checked, for finding out how it was before. */
export interface BaselineQuery {
  readonly objects: readonly KubernetesObject[];
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  /** Of a rendered destination; absent for plain manifests. */
  readonly rendered?: {
    readonly formation: string;
    readonly destination: string;
    readonly snapshot?: Snapshot;
  };
}

/** Objects as they were, by `keyOf`. */
export type OldObjects = ReadonlyMap<string, KubernetesObject>;

/**
 * What change policies compare with.
 * @returns undefined if there was no such destination
 * @throws SlipwayError if that cannot be told
 */
export type Baseline = (query: BaselineQuery) => Promise<OldObjects | undefined>;

/** Equal for an object that names its namespace and one that leaves it to the destination. */
export function keyOf(object: KubernetesObject, namespace: string): string {
  return objectKey({ namespace, ...referenceTo(object) });
}

export function byKey(objects: readonly KubernetesObject[], namespace: string): OldObjects {
  return new Map(objects.map(object => [keyOf(object, namespace), object]));
}
