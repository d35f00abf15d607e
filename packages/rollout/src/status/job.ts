import { booleanAt, type KubernetesObject, numberAt, uidOf } from '@slipway/kubernetes';
import { count } from '../text.ts';
import { type Condition, holds } from './conditions.ts';
import { crashTroubles } from './container-crash.ts';
import { containersOf } from './container-view.ts';
import { POD } from './kinds.ts';
import { livePods, waitingTroubles } from './pod.ts';
import { refusalsFrom } from './refusal.ts';
import { type ClusterView, failed, inProgress, ready, type Status } from './status.ts';

/** Explanations of the reasons of a Job's Failed condition: https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
const REASONS: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: 'its pods failed too often',
  DeadlineExceeded: 'it took longer than its activeDeadlineSeconds',
  PodFailurePolicy: 'a pod failed in a way that fails the Job by its podFailurePolicy',
  FailedIndexes: 'one of its indexes failed',
  MaxFailedIndexesExceeded: 'too many of its indexes failed',
};

/** A Job has to complete; a suspended one is settled. */
export function job(object: KubernetesObject, view: ClusterView): Status {
  const ended = endOfJob(object, view);
  if (ended !== undefined) return ended;
  if (booleanAt(object, 'spec', 'suspend') === true)
    return ready('it is suspended', { final: true, heldBy: ['spec', 'suspend'] });
  const pods = livePods(view.ownedBy(object, POD)) ?? [];
  return inProgress(`${completionsOf(object)}${failures(object)}`, {
    progress: numberAt(object, 'status', 'succeeded') ?? 0,
    troubles: [
      ...pods.flatMap(pod => waitingTroubles(pod, view)),
      ...(pods.length === 0 ? refusalsFrom(object, view) : []),
    ],
  });
}

/** The status of a Job that has completed or failed, also of one that is being deleted; undefined for any other. */
export function endOfJob(object: KubernetesObject, view: ClusterView): Status | undefined {
  if (holds(object, 'Complete') ?? holds(object, 'SuccessCriteriaMet'))
    return { ...completed(completionsOf(object)), progress: numberAt(object, 'spec', 'completions') ?? 1 };
  const failure = holds(object, 'Failed') ?? holds(object, 'FailureTarget');
  return failure && jobFailed(object, failure, view);
}

export function completed(message: string): Status {
  return ready(message, { final: true, ran: true });
}

function completionsOf(object: KubernetesObject): string {
  const completions = numberAt(object, 'spec', 'completions') ?? 1;
  return `${numberAt(object, 'status', 'succeeded') ?? 0} of ${completions} completions done`;
}

function failures(object: KubernetesObject): string {
  const failedPods = numberAt(object, 'status', 'failed') ?? 0;
  if (failedPods === 0) return '';
  const limit = numberAt(object, 'spec', 'backoffLimit') ?? 6;
  return `, ${count(failedPods, 'pod')} failed (it gives up at ${limit + 1})`;
}

/** Why a Job failed, by the reason of its condition or of its event. */
export function whyFailed({ reason, message }: Pick<Condition, 'reason' | 'message'>): string {
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? message) : message;
}

function jobFailed(object: KubernetesObject, failure: Condition, view: ClusterView): Status {
  const pods = view.ownedBy(object, POD) ?? [];
  const ended = pods.flatMap(containersOf).flatMap(crashTroubles).at(-1);
  const why = whyFailed(failure);
  return failed({
    key: `${uidOf(object)}/failed`,
    reason: failure.reason,
    message: ended === undefined ? why : `${why}: ${ended.message}`,
    remedy: ended?.remedy ?? 'look at the events of its pods',
    ...(ended?.culprit === undefined ? {} : { culprit: ended.culprit }),
  });
}
