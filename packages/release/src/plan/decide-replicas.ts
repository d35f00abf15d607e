import { isJsonObject, type RecordedObject, type Release, valueAt } from '@slipway/core';
import {
  describeObject,
  isWithin,
  type KubernetesObject,
  keyOf,
  objectKey,
  referenceTo,
  scaleTargetKey,
  scaleTargetOf,
  scaleTargets,
  uidIfAny,
} from '@slipway/kubernetes';
import type { Replicas, ReplicasByKey } from '../objects/autoscaling.ts';
import type { ReleaseRequest } from '../request.ts';
import type { ScaleTargets } from './scale-targets.ts';

/** What decides about the replicas of a release beside its own manifests. */
export interface ReplicaFacts {
  readonly found: ScaleTargets;
  readonly request: Pick<ReleaseRequest, 'identity' | 'allow' | 'prune' | 'restores'>;
  readonly previous: Release | undefined;
  /** What is no longer in the release. */
  readonly leaving: readonly RecordedObject[];
}

/** Autoscalers by the key of what they scale. */
interface Scalers {
  /** Targets of autoscalers that remain, with the name of one that the release no longer has. */
  readonly remaining: ReadonlyMap<string, string | undefined>;
  /** Targets of autoscalers that are being deleted, or will be because of the release, with their names. */
  readonly leaving: ReadonlyMap<string, string>;
}

/**
 * Who decides about the replicas of each workload. An autoscaler that remains does, and else the manifest; where it says no number,
 * one that was left to an autoscaler stays, as no one has asked for the default of 1.
 */
export function decideReplicas(objects: readonly KubernetesObject[], facts: ReplicaFacts): ReplicasByKey {
  const { paths } = facts.found;
  const scalers = scalersOf(objects, facts);
  const scalable = objects.filter(object => paths.has(keyOf(object)));
  return new Map(
    scalable.map(object => [
      keyOf(object),
      replicasOf(object, paths.get(keyOf(object)) ?? [], scalers, facts),
    ]),
  );
}

function replicasOf(
  object: KubernetesObject,
  path: readonly string[],
  { remaining, leaving }: Scalers,
  facts: ReplicaFacts,
): Replicas {
  const key = keyOf(object);
  const isUnknown = facts.found.unknown.has(String(object.metadata['namespace']));
  const isStated = statesReplicas(object, path);
  const left = leaving.get(key);
  if (remaining.has(key)) {
    const kept = remaining.get(key);
    const note = kept && `${kept} left the release, but is not deleted and still sets the replicas`;
    return { path, stays: true, isFree: false, note };
  }
  if (isStated) {
    const note = left && `${left} may change the replicas again until it is deleted`;
    return { path, stays: false, isFree: !isUnknown, note };
  }
  if (isUnknown) return { path, stays: true, isFree: false };
  // A rollback is to end a failure, and not to start one with fewer replicas.
  const isRollback = facts.request.restores !== undefined;
  const stays = left !== undefined || isRollback || wasLeftOpen(key, path, facts);
  const note = `the manifest says no number, and ${left === undefined ? 'no autoscaler sets one' : `${left} is leaving`}`;
  return { path, stays, isFree: true, note: stays ? note : undefined };
}

function statesReplicas(object: KubernetesObject, path: readonly string[]): boolean {
  return (valueAt(object, path) ?? undefined) !== undefined;
}

/** Whether the release before left the number to an autoscaler, or said none either. */
function wasLeftOpen(key: string, path: readonly string[], { previous }: ReplicaFacts): boolean {
  const manifests = (previous?.manifests ?? []) as unknown as readonly KubernetesObject[];
  const before = manifests.find(manifest => keyOf(manifest) === key);
  if (before === undefined) return false;
  const isOpen = previous?.objects.find(object => objectKey(object) === key)?.toWrite === true;
  return scaleTargets(manifests).has(key) || (!isOpen && !statesReplicas(before, path));
}

function scalersOf(objects: readonly KubernetesObject[], facts: ReplicaFacts): Scalers {
  const remaining = new Map<string, string | undefined>(
    [...scaleTargets(objects)].map(target => [target, undefined]),
  );
  const leaving = new Map<string, string>();
  const uidsLeaving = new Map(facts.leaving.flatMap(object => (object.uid ? [[object.uid, object]] : [])));
  for (const scaler of facts.found.autoscalers) {
    const target = scaleTargetOf(scaler);
    if (target === undefined) continue;
    const key = scaleTargetKey(scaler, target);
    const left = uidsOf(scaler)
      .map(uid => uidsLeaving.get(uid))
      .find(object => object !== undefined);
    const isGoing = scaler.metadata['deletionTimestamp'] !== undefined;
    const name = describeObject(referenceTo(scaler));
    if (isGoing || (left !== undefined && isDeleted(left, facts))) leaving.set(key, name);
    else if (!remaining.has(key)) remaining.set(key, left === undefined ? undefined : name);
  }
  return { remaining, leaving };
}

/** The UIDs of an autoscaler and its owners: KEDA makes a HorizontalPodAutoscaler of each ScaledObject, which goes with it. */
function uidsOf(scaler: KubernetesObject): string[] {
  const { ownerReferences } = scaler.metadata;
  const owners = Array.isArray(ownerReferences) ? ownerReferences.filter(isJsonObject) : [];
  return [uidIfAny(scaler), ...owners.map(({ uid }) => uid)].filter(uid => typeof uid === 'string');
}

/** Whether an object that leaves will be deleted: now, by the rollback, or once the release has succeeded. */
function isDeleted(object: RecordedObject, { request }: ReplicaFacts): boolean {
  const { identity, allow, prune, restores } = request;
  if (object.existedBefore === true || !isWithin(object, identity.namespace, allow)) return false;
  return restores !== undefined || prune !== 'off';
}
