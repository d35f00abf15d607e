import {
  annotationOf,
  booleanAt,
  isTerminating,
  type KubernetesObject,
  numberAt,
  uidOf,
} from '@slipway/kubernetes';
import { count } from '../text.ts';
import { STALE_DEADLINE } from '../windows.ts';
import { conditionOf, holds, notObservedYet } from './conditions.ts';
import { POD, REPLICA_SET } from './kinds.ts';
import { healthOf, livePods, servingTroubles } from './pod.ts';
import { refusal, refusalsReported } from './refusal.ts';
import { type ClusterView, inProgress, ready, type Status, type Trouble, unknown } from './status.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/**
 * As `kubectl rollout status` counts (https://github.com/kubernetes/kubectl/blob/v0.36.0/pkg/polymorphichelpers/rollout_status.go),
 * and with the pods of the newest ReplicaSet; older ones only have to be removed.
 */
export function deployment(object: KubernetesObject, view: ClusterView): Status {
  const stale = notObservedYet(object);
  if (stale !== undefined) return stale;
  const newest = newestReplicaSet(object, view);
  if (newest === 'not seen yet')
    return isPaused(object)
      ? PAUSED
      : inProgress('waiting for the ReplicaSet of its newest revision', {
          troubles: refusalsReported(object),
        });
  const pods = newest && livePods(view.ownedBy(newest, POD));
  const troubles = [
    ...deadlineTroubles(object, newest),
    ...(newest === undefined ? refusalsReported(object) : refusals(newest)),
    ...(pods ?? []).flatMap(pod => servingTroubles(pod, view)),
  ];
  const found = { troubles, pods: (pods ?? []).map(healthOf) };
  return { ...counted(object, pods && found.pods.filter(pod => pod.ready).length), ...found };
}

function counted(object: KubernetesObject, readyPods: number | undefined): Status {
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const total = numberAt(object, 'status', 'replicas') ?? 0;
  const updated = numberAt(object, 'status', 'updatedReplicas') ?? 0;
  const available = Math.min(numberAt(object, 'status', 'availableReplicas') ?? 0, updated);
  const old = total - updated;
  const progress = updated + available + (readyPods ?? 0) - old;
  if (updated < desired && isPaused(object)) return PAUSED;
  if (updated < desired)
    return inProgress(`${updated} of ${desired} new replicas have been created`, { progress });
  if (old > 0) return inProgress(`${count(old, 'old replica')} still to be removed`, { progress });
  if (updated > desired) return inProgress(surplus(updated, desired), { progress });
  const usable = Math.min(available, readyPods ?? available);
  if (usable < desired) return inProgress(`${usable} of ${desired} replicas are ready`, { progress });
  return ready(desired === 0 ? 'it is scaled to 0' : `${usable} of ${desired} replicas are ready`, {
    progress,
  });
}

/** Replicas that an earlier, greater number has left. */
function surplus(found: number, desired: number): string {
  return `${count(found - desired, 'surplus replica')} still to be removed`;
}

const PAUSED = unknown('its rollout is paused', { heldBy: ['spec', 'paused'] });

/** A Deployment that was paused from the start has no ReplicaSet at all. */
function isPaused(object: KubernetesObject): boolean {
  return booleanAt(object, 'spec', 'paused') === true;
}

/** The newest ReplicaSet; undefined where ReplicaSets cannot be read. */
function newestReplicaSet(
  object: KubernetesObject,
  view: ClusterView,
): KubernetesObject | 'not seen yet' | undefined {
  const owned = view.ownedBy(object, REPLICA_SET);
  if (owned === undefined) return undefined;
  const revision = annotationOf(object, REVISION);
  const newest = owned.find(
    candidate => annotationOf(candidate, REVISION) === revision && !isTerminating(candidate),
  );
  return newest ?? 'not seen yet';
}

/**
 * The condition names the ReplicaSet that it is about. Where an earlier revision is applied again, the old condition remains beside
 * the new `observedGeneration` until the controller's next look, and it is not about that revision:
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/deployment/progress.go (syncRolloutStatus)
 */
function deadlineTroubles(
  object: KubernetesObject,
  newest: KubernetesObject | undefined,
): readonly Trouble[] {
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return [];
  const [, named] = /^ReplicaSet "([^"]+)"/.exec(progressing.message) ?? [];
  if (named !== undefined && newest !== undefined && named !== newest.metadata.name) return [];
  return [
    {
      key: `${uidOf(object)}/deadline`,
      reason: progressing.reason,
      message: 'it made no progress within its progressDeadlineSeconds',
      remedy: 'find out what its pods are waiting for',
      // Without its ReplicaSets it is not known which revision it is about.
      certainAfter: newest === undefined ? STALE_DEADLINE : 0,
    },
  ];
}

function refusals(replicaSet: KubernetesObject): readonly Trouble[] {
  const failure = holds(replicaSet, 'ReplicaFailure');
  if (failure?.reason !== 'FailedCreate') return [];
  return [refusal(uidOf(replicaSet), failure.message)];
}

/** A ReplicaSet without a Deployment, or a ReplicationController, which reports alike. */
export function replicaSet(object: KubernetesObject, view: ClusterView): Status {
  const stale = notObservedYet(object);
  if (stale !== undefined) return stale;
  const pods = livePods(view.ownedBy(object, POD)) ?? [];
  const troubles = [...refusals(object), ...pods.flatMap(pod => servingTroubles(pod, view))];
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const available = numberAt(object, 'status', 'availableReplicas') ?? 0;
  const total = numberAt(object, 'status', 'replicas') ?? available;
  const found = { troubles, pods: pods.map(healthOf), progress: available };
  if (total > desired) return inProgress(surplus(total, desired), found);
  const message = `${available} of ${desired} replicas are ready`;
  return available < desired ? inProgress(message, found) : ready(message, found);
}
