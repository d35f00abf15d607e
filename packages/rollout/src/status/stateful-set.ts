import { quote } from '@slipway/core';
import { type KubernetesObject, labelsOf, numberAt, textAt } from '@slipway/kubernetes';
import { count } from '../text.ts';
import { notObservedYet } from './conditions.ts';
import { POD } from './kinds.ts';
import { healthOf, isReady, livePods, servingTroubles } from './pod.ts';
import { refusalsFrom } from './refusal.ts';
import { type ClusterView, inProgress, ready, type Status, type Trouble } from './status.ts';

/** A StatefulSet: only the pods from `partition` on take the new revision, and with OnDelete only those that someone deletes. */
export function statefulSet(object: KubernetesObject, view: ClusterView): Status {
  const stale = notObservedYet(object);
  if (stale !== undefined) return stale;
  const newest = textAt(object, 'status', 'updateRevision');
  const all = livePods(view.ownedBy(object, POD));
  const pods = (all ?? []).filter(pod => revisionOf(pod) === newest);
  const others = (all ?? []).filter(pod => revisionOf(pod) !== newest);
  const troubles = [
    ...pods.flatMap(pod => servingTroubles(pod, view)),
    ...stuck(object, others, view),
    ...missing(object, all, view),
  ];
  const found = { troubles, pods: pods.map(healthOf) };
  const readyPods = all?.filter(isReady).length;
  return { ...counted(object, readyPods), ...found };
}

function revisionOf(pod: KubernetesObject): string | undefined {
  return labelsOf(pod)['controller-revision-hash'];
}

function counted(object: KubernetesObject, readyPods: number | undefined): Status {
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const reported = numberAt(object, 'status', 'availableReplicas') ?? 0;
  const available = Math.min(reported, readyPods ?? reported);
  const updated = numberAt(object, 'status', 'updatedReplicas') ?? 0;
  const extra = { progress: updated + available };
  const due = dueForUpdate(object, desired);
  if (updated < due) return inProgress(`${updated} of ${due} replicas have the new revision`, extra);
  const total = numberAt(object, 'status', 'replicas') ?? available;
  if (total > desired)
    return inProgress(`${count(total - desired, 'surplus replica')} still to be removed`, extra);
  const message = `${available} of ${desired} replicas are ready`;
  if (available < desired) return inProgress(message, extra);
  if (desired === 0) return ready('it is scaled to 0', extra);
  if (updated >= desired) return ready(message, extra);
  const kept = count(desired - updated, 'replica');
  const heldBy = ['spec', 'updateStrategy', ...(isOnDelete(object) ? ['type'] : PARTITION)];
  return ready(`${message}; ${kept} kept at an older revision`, { ...extra, heldBy });
}

const PARTITION = ['rollingUpdate', 'partition'];

/** How many replicas the controller will bring to the new revision by itself. */
function dueForUpdate(object: KubernetesObject, desired: number): number {
  if (isOnDelete(object)) return 0;
  const partition = numberAt(object, 'spec', 'updateStrategy', ...PARTITION) ?? 0;
  return Math.max(0, desired - partition);
}

function isOnDelete(object: KubernetesObject): boolean {
  return textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
}

/**
 * With OrderedReady a pod of an older revision that can't become ready is never replaced, not even by a good template:
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
function stuck(
  object: KubernetesObject,
  others: readonly KubernetesObject[],
  view: ClusterView,
): readonly Trouble[] {
  if (isOnDelete(object) || textAt(object, 'spec', 'podManagementPolicy') === 'Parallel') return [];
  const troubles = others.flatMap(pod => servingTroubles(pod, view));
  return troubles.map(trouble => ({
    ...trouble,
    key: `${trouble.key}/stuck`,
    message: `a pod of an older revision blocks the update: ${trouble.message}`,
    remedy: `delete pod ${quote(trouble.culprit?.pod.metadata.name ?? '')}, so that one of the new revision replaces it`,
  }));
}

function missing(
  object: KubernetesObject,
  pods: readonly KubernetesObject[] | undefined,
  view: ClusterView,
): readonly Trouble[] {
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  return (pods?.length ?? desired) < desired ? refusalsFrom(object, view) : [];
}
