import type { KubernetesObject } from '@slipway/core';
import { notObservedYet } from './conditions.ts';
import { labelsOf, numberAt, textAt, uidOf } from './fields.ts';
import { CONTROLLER_REVISION, POD } from './kinds.ts';
import { healthOf, livePods, servingTroubles } from './pod.ts';
import { refusalsFrom } from './refusal.ts';
import { type ClusterView, inProgress, ready, type Status } from './status.ts';

export function daemonSet(object: KubernetesObject, view: ClusterView): Status {
  const stale = notObservedYet(object);
  if (stale !== undefined) return stale;
  const all = livePods(view.ownedBy(object, POD));
  const newest = newestRevision(object, view);
  const pods = (all ?? []).filter(pod => newest === undefined || revisionOf(pod) === newest);
  const desired = numberAt(object, 'status', 'desiredNumberScheduled') ?? 0;
  const lacking = all !== undefined && all.length < desired;
  const troubles = [
    ...pods.flatMap(pod => servingTroubles(pod, view)),
    ...(lacking ? refusalsFrom(uidOf(object), view.warningsAbout(object)) : []),
  ];
  return { ...counted(object, desired), troubles, pods: pods.map(healthOf) };
}

function counted(object: KubernetesObject, desired: number): Status {
  const updated = numberAt(object, 'status', 'updatedNumberScheduled') ?? 0;
  const available = numberAt(object, 'status', 'numberAvailable') ?? 0;
  const extra = { progress: updated + available };
  const onDelete = textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  if (updated < desired && !onDelete)
    return inProgress(`${updated} of ${desired} nodes have the new revision`, extra);
  const message = `it is ready on ${available} of ${desired} nodes`;
  return available < desired ? inProgress(message, extra) : ready(message, extra);
}

function revisionOf(pod: KubernetesObject): string | undefined {
  return labelsOf(pod)['controller-revision-hash'];
}

/** A DaemonSet's status does not name its newest revision; its ControllerRevisions do. */
function newestRevision(object: KubernetesObject, view: ClusterView): string | undefined {
  const revisions = view.ownedBy(object, CONTROLLER_REVISION) ?? [];
  const newest = revisions.toSorted(
    (a, b) => (numberAt(b, 'revision') ?? 0) - (numberAt(a, 'revision') ?? 0),
  )[0];
  return newest && labelsOf(newest)['controller-revision-hash'];
}
