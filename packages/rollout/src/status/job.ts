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
  const completions = numberAt(object, 'spec', 'completions') ?? 1;
  const succeeded = numberAt(object, 'status', 'succeeded') ?? 0;
  if (holds(object, 'Complete') ?? holds(object, 'SuccessCriteriaMet'))
    return ready(`${succeeded} of ${completions} completions done`, { progress: completions, final: true });
  const failure = holds(object, 'Failed') ?? holds(object, 'FailureTarget');
  if (failure !== undefined) return jobFailed(object, failure, view);
  if (booleanAt(object, 'spec', 'suspend') === true) return ready('it is suspended', { final: true });
  const pods = livePods(view.ownedBy(object, POD)) ?? [];
  return inProgress(`${succeeded} of ${completions} completions done${failures(object)}`, {
    progress: succeeded,
    troubles: [
      ...pods.flatMap(pod => waitingTroubles(pod, view)),
      ...(pods.length === 0 ? refusalsFrom(object, view) : []),
    ],
  });
}

function failures(object: KubernetesObject): string {
  const failedPods = numberAt(object, 'status', 'failed') ?? 0;
  if (failedPods === 0) return '';
  const limit = numberAt(object, 'spec', 'backoffLimit') ?? 6;
  return `, ${count(failedPods, 'pod')} failed (it gives up at ${limit + 1})`;
}

function jobFailed(object: KubernetesObject, failure: Condition, view: ClusterView): Status {
  const pods = view.ownedBy(object, POD) ?? [];
  const ended = pods.flatMap(containersOf).flatMap(crashTroubles).at(-1);
  const why = REASONS[failure.reason] ?? failure.message;
  return failed({
    key: `${uidOf(object)}/failed`,
    reason: failure.reason,
    message: ended === undefined ? why : `${why}: ${ended.message}`,
    remedy: ended?.remedy ?? 'look at the events of its pods',
    ...(ended?.culprit === undefined ? {} : { culprit: ended.culprit }),
  });
}
