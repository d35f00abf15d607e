import { annotationOf, booleanAt, type KubernetesObject, objectsAt, textAt } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { CUSTOM_RESOURCE_FAILED } from '../windows.ts';
import { conditionOf, notObservedYet, observedGeneration } from './conditions.ts';
import { customResource, failing, waitsForStatus } from './reading/verdict.ts';
import { inProgress, ready, type Status, unknown } from './status.ts';

/** https://github.com/argoproj/argo-rollouts/blob/02f04b152163e2eb606ba5a32ad622f2bb907e03/utils/rollout/rolloututil.go */
export function argoRollout(object: KubernetesObject): Status {
  const stale = observedGeneration(object) === undefined ? undefined : notObservedYet(object);
  if (stale !== undefined) return stale;
  const older = workloadNotObserved(object) ?? unpausing(object);
  if (older !== undefined) return inProgress(older);
  const phase = textAt(object, 'status', 'phase');
  if (phase === undefined) return inProgress('status.phase is not set yet');
  const words = [`status.phase is ${phase}`, textAt(object, 'status', 'message')].filter(Boolean);
  const message = oneLine(words.join(': '));
  if (phase === 'Healthy') return ready(message, { progress: 1 });
  // A canary that waits for a person does not go further without one.
  if (phase === 'Paused') return unknown(message, isPaused(object) ? { heldBy: ['spec', 'paused'] } : {});
  return phase === 'Degraded' ? failing(object, phase, message, CUSTOM_RESOURCE_FAILED) : inProgress(message);
}

function isPaused(object: KubernetesObject): boolean {
  return booleanAt(object, 'spec', 'paused') === true;
}

/** A Rollout that takes its pods from a Deployment (`workloadRef`) has to see the generation of that, too. */
function workloadNotObserved(object: KubernetesObject): string | undefined {
  const newest = annotationOf(object, 'rollout.argoproj.io/workload-generation') ?? '';
  const observed = textAt(object, 'status', 'workloadObservedGeneration') ?? '';
  if (!GENERATION.test(newest) || !GENERATION.test(observed) || Number(observed) >= Number(newest))
    return undefined;
  return `status.workloadObservedGeneration is ${observed}: waiting for its controller to observe generation ${newest} of its workload`;
}

const GENERATION = /^\d{1,15}$/;

function unpausing(object: KubernetesObject): string | undefined {
  const isPausing = booleanAt(object, 'status', 'controllerPause') === true;
  const isOver = objectsAt(object, 'status', 'pauseConditions').length === 0;
  return isPausing && isOver ? 'status.pauseConditions is empty: it is about to go on' : undefined;
}

/** Its controller reports on every Certificate: https://cert-manager.io/docs/usage/certificate/ */
export const certificate = waitsForStatus;

/** Each Gateway that a route names must have accepted it: https://gateway-api.sigs.k8s.io/guides/ */
export const route = waitsForStatus;

/** Knative's conditions are Unknown while it works, and False once it has given up: https://knative.dev/docs/serving/ */
export function knativeService(object: KubernetesObject): Status {
  const status = waitsForStatus(object);
  const condition = conditionOf(object, 'Ready');
  return status.state === 'in-progress' &&
    status.troubles.length === 0 &&
    condition?.status === 'False' &&
    notObservedYet(object) === undefined
    ? failing(object, condition.reason, status.message, CUSTOM_RESOURCE_FAILED)
    : status;
}

/** One without a recommendation yet does no harm, as it may have no pods to look at; what is unsupported never gets one. */
export function verticalAutoscaler(object: KubernetesObject): Status {
  const status = customResource(object);
  const isSilent = conditionOf(object, 'RecommendationProvided')?.status === 'False';
  return isSilent && status.state === 'in-progress' && status.troubles.length === 0
    ? unknown(`it recommends nothing yet: ${status.message}`)
    : status;
}
