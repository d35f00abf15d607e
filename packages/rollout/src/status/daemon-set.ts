import { booleanAt, type KubernetesObject, labelsOf, numberAt, textAt } from '@slipway/kubernetes';
import { count } from '../text.ts';
import { holds, notObservedYet } from './conditions.ts';
import { CONTROLLER_REVISION, NODE, POD } from './kinds.ts';
import { healthOf, isReady, livePods, servingTroubles } from './pod.ts';
import { refusalsFrom } from './refusal.ts';
import { type ClusterView, inProgress, ready, type Status } from './status.ts';

export function daemonSet(object: KubernetesObject, view: ClusterView): Status {
  const stale = notObservedYet(object);
  if (stale !== undefined) return stale;
  const all = view.ownedBy(object, POD);
  const idle = idleNodes(view);
  const counting = livePods(all)?.filter(pod => !idle.has(nodeOf(pod)));
  const newest = newestRevision(object, view);
  const pods = (counting ?? []).filter(pod => newest === undefined || revisionOf(pod) === newest);
  const desired = numberAt(object, 'status', 'desiredNumberScheduled') ?? 0;
  const exempt = (all ?? []).filter(pod => idle.has(nodeOf(pod)) && !isReady(pod)).length;
  const lacking = counting !== undefined && counting.length + exempt < desired;
  const troubles = [
    ...pods.flatMap(pod => servingTroubles(pod, view)),
    ...(lacking ? refusalsFrom(object, view) : []),
  ];
  return { ...counted(object, desired, exempt), troubles, pods: pods.map(healthOf) };
}

/** Nodes that are cordoned or not ready: what does not run there is not the release's fault. */
function idleNodes(view: ClusterView): ReadonlySet<string> {
  const idle = (view.list(NODE, '') ?? []).filter(
    node => holds(node, 'Ready') === undefined || booleanAt(node, 'spec', 'unschedulable') === true,
  );
  return new Set(idle.map(({ metadata }) => metadata.name));
}

function nodeOf(pod: KubernetesObject): string {
  return textAt(pod, 'spec', 'nodeName') ?? '';
}

/** @param exempt the number of nodes on which it need not run */
function counted(object: KubernetesObject, desired: number, exempt: number): Status {
  const updated = numberAt(object, 'status', 'updatedNumberScheduled') ?? 0;
  const available = numberAt(object, 'status', 'numberAvailable') ?? 0;
  const extra = { progress: updated + available };
  const onDelete = textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  const needed = desired - exempt;
  const except = exempt === 0 ? '' : `; ${count(exempt, 'node')} cordoned or not ready`;
  if (updated < needed && !onDelete)
    return inProgress(`${updated} of ${desired} nodes have the new revision${except}`, extra);
  const message = `it is ready on ${available} of ${desired} nodes${except}`;
  if (available < needed) return inProgress(message, extra);
  const heldBy = ['spec', 'updateStrategy', 'type'];
  return ready(message, updated < needed ? { ...extra, heldBy } : extra);
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
