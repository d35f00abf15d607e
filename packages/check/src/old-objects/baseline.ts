import type { Snapshot } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';

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

export function byKey(objects: readonly KubernetesObject[], namespace: string): OldObjects {
  return new Map(objects.map(object => [keyOf(object, namespace), object]));
}
