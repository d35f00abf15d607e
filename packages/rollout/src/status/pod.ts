import { type JsonObject, quote } from '@slipway/core';
import { isTerminating, type KubernetesObject, textAt, uidOf } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { UNSCHEDULABLE, UNSCHEDULABLE_ANYWHERE, VOLUME_NOT_MOUNTED } from '../windows.ts';
import { conditionOf, holds } from './conditions.ts';
import { crashTroubles } from './container-crash.ts';
import { readinessTroubles } from './container-readiness.ts';
import { startTroubles } from './container-start.ts';
import { type ContainerView, containersOf } from './container-view.ts';
import { configFailure } from './missing-config.ts';
import { sandboxTroubles } from './sandbox.ts';
import {
  type ClusterView,
  failed,
  inProgress,
  type PodHealth,
  ready,
  type Status,
  type Trouble,
} from './status.ts';

/** A Pod without a controller: it is ready, has finished, or has failed for good, as nothing replaces it. */
export function pod(object: KubernetesObject, view: ClusterView): Status {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Succeeded') return ready('all its containers exited with code 0', { final: true });
  if (phase === 'Failed') return failed(failure(object));
  const pods = [healthOf(object)];
  const troubles = servingTroubles(object, view);
  if (isReady(object)) return ready('it is ready', { progress: 1, troubles, pods });
  return inProgress(waitsFor(object), { troubles, pods });
}

function failure(object: KubernetesObject): Omit<Trouble, 'certainAfter'> {
  const ended = containersOf(object).flatMap(crashTroubles)[0];
  const said = oneLine(textAt(object, 'status', 'message') ?? '');
  return {
    key: `${uidOf(object)}/failed`,
    reason: textAt(object, 'status', 'reason') ?? ended?.reason ?? 'Failed',
    message: ended?.message ?? `pod ${quote(object.metadata.name)} failed${said === '' ? '' : `: ${said}`}`,
    remedy: ended?.remedy ?? 'look at its events',
    culprit: ended?.culprit ?? { pod: object },
  };
}

/** Everything that can be wrong with a pod that should keep running. */
export function servingTroubles(pod: KubernetesObject, view: ClusterView): readonly Trouble[] {
  if (isPassing(pod)) return [];
  const containers = containersOf(pod);
  const starting = startingTroubles(pod, containers, view);
  if (starting.length > 0) return starting;
  return [...containers.flatMap(crashTroubles), ...containers.flatMap(readinessTroubles)];
}

/** What keeps a pod from running at all; also for the pods of a Job, which may exit. */
export function waitingTroubles(pod: KubernetesObject, view: ClusterView): readonly Trouble[] {
  return isPassing(pod) ? [] : startingTroubles(pod, containersOf(pod), view);
}

function startingTroubles(
  pod: KubernetesObject,
  containers: readonly ContainerView[],
  view: ClusterView,
): readonly Trouble[] {
  return [
    ...schedulingTroubles(pod),
    ...containers.flatMap(startTroubles),
    ...creationTroubles(pod, containers, view),
  ];
}

/** Pods that are evicted, preempted or deleted are replaced by their controller: that is not the release's fault. */
function isPassing(pod: KubernetesObject): boolean {
  return isTerminating(pod) || hasEnded(pod) || holds(pod, 'DisruptionTarget') !== undefined;
}

/** None of its containers runs again, as after an eviction: another pod takes its place. */
function hasEnded(pod: KubernetesObject): boolean {
  return /^(?:Failed|Succeeded)$/.test(textAt(pod, 'status', 'phase') ?? '');
}

/** The scheduler's messages about what a new node would not change. */
const NO_NODE_HELPS =
  /persistentvolumeclaim ".*" (not found|is being deleted)|unbound immediate PersistentVolumeClaims|node\(s\) had volume node affinity conflict/;

function schedulingTroubles(pod: KubernetesObject): readonly Trouble[] {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return [];
  return [
    {
      key: `${uidOf(pod)}/unschedulable`,
      reason: 'Unschedulable',
      message: `pod ${quote(pod.metadata.name)} cannot be scheduled: ${scheduled.message}`,
      remedy: 'lower its requests, add nodes, or correct its node selector, affinity, tolerations or claims',
      certainAfter: NO_NODE_HELPS.test(scheduled.message) ? UNSCHEDULABLE_ANYWHERE : UNSCHEDULABLE,
      window: 'schedule',
      culprit: { pod },
    },
  ];
}

/** Only events report what keeps containers from being created, while they wait as ContainerCreating. */
function creationTroubles(
  pod: KubernetesObject,
  containers: readonly ContainerView[],
  view: ClusterView,
): readonly Trouble[] {
  const waits = containers.some(({ waiting }) =>
    /^(ContainerCreating|PodInitializing)$/.test(waiting?.reason ?? ''),
  );
  if (!waits) return [];
  const events = view.warningsAbout(pod);
  return [...volumeTroubles(pod, events), ...sandboxTroubles(pod, events)];
}

function volumeTroubles(pod: KubernetesObject, events: readonly JsonObject[]): readonly Trouble[] {
  const last = events.findLast(event => /^Failed(Mount|AttachVolume)$/.test(textAt(event, 'reason') ?? ''));
  if (last === undefined) return [];
  const message = textAt(last, 'message') ?? '';
  const known = configFailure(message);
  return [
    {
      key: `${uidOf(pod)}/volume`,
      reason: textAt(last, 'reason') ?? 'FailedMount',
      message: `a volume of pod ${quote(pod.metadata.name)} cannot be mounted: ${oneLine(message)}`,
      remedy: known?.remedy ?? 'create what the volume refers to, or correct the name',
      certainAfter: known?.certainAfter ?? VOLUME_NOT_MOUNTED,
      culprit: { pod },
    },
  ];
}

export function isReady(pod: KubernetesObject): boolean {
  return !isTerminating(pod) && holds(pod, 'Ready') !== undefined;
}

export function healthOf(pod: KubernetesObject): PodHealth {
  return {
    uid: uidOf(pod),
    name: pod.metadata.name,
    ready: isReady(pod),
    ended: hasEnded(pod),
    restarts: containersOf(pod).reduce((sum, { restarts }) => sum + restarts, 0),
  };
}

function waitsFor(pod: KubernetesObject): string {
  const containers = containersOf(pod);
  const readyOnes = containers.filter(container => container.ready).length;
  return containers.length === 0
    ? 'waiting for a node'
    : `${readyOnes} of ${containers.length} containers are ready`;
}

/** The pods that count for a workload, in the order of their names, so that messages do not alternate. */
export function livePods(
  pods: readonly KubernetesObject[] | undefined,
): readonly KubernetesObject[] | undefined {
  return pods
    ?.filter(pod => !isTerminating(pod))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
