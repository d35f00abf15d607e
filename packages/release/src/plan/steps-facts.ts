import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import type { ReleaseRequest } from '../request.ts';
import type { PreparedObject } from './compared.ts';

/** What is known once the objects of a release are compared. */
export interface StepsFacts {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly objects: readonly PreparedObject[];
  /** All of them, also those that could not be compared. */
  readonly all: readonly KubernetesObject[];
  /** The live objects of the release's set, by key. */
  readonly members: ReadonlyMap<string, KubernetesObject>;
  /** The record of the release that serves. */
  readonly previous: Release | undefined;
  /** Live autoscalers, whoever made them. */
  readonly autoscalers: readonly KubernetesObject[];
  /** Whether the credentials have all rights, so that the server can be asked. */
  readonly isFull: boolean;
}

export function manifestsOf({ objects }: StepsFacts): KubernetesObject[] {
  return objects.map(({ object }) => object);
}

/** Whether every object of the release could be compared. */
export function isWhole({ objects, all }: StepsFacts): boolean {
  return objects.length === all.length;
}

export function recordedOf({ previous }: Pick<StepsFacts, 'previous'>): readonly KubernetesObject[] {
  return (previous?.manifests ?? []) as unknown as readonly KubernetesObject[];
}

/** Those of the release, and live ones besides. */
export function autoscalersOf(facts: StepsFacts): KubernetesObject[] {
  const manifests = manifestsOf(facts);
  return [
    ...manifests,
    ...facts.autoscalers.filter(scaler => !manifests.some(object => keyOf(object) === keyOf(scaler))),
  ];
}
