import { type KubernetesObject, objectsAt, textAt, uidOf } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { CUSTOM_RESOURCE_FAILED } from '../windows.ts';
import {
  type Condition,
  conditionOf,
  conditionsOf,
  notObservedYet,
  observedGeneration,
} from './conditions.ts';
import { customResource } from './custom-resource.ts';
import { inProgress, ready, type Status, unknown } from './status.ts';

/** https://argo-rollouts.readthedocs.io/en/stable/features/specification/ (status.phase) */
export function argoRollout(object: KubernetesObject): Status {
  const stale = observedGeneration(object) === undefined ? undefined : notObservedYet(object);
  if (stale !== undefined) return stale;
  const phase = textAt(object, 'status', 'phase');
  const words = [phase ?? 'it has no phase yet', textAt(object, 'status', 'message')].filter(Boolean);
  const message = oneLine(words.join(': '));
  if (phase === 'Healthy') return ready(message, { progress: 1 });
  // A canary that waits for a person does not go further without one.
  if (phase === 'Paused') return unknown(message);
  return phase === 'Degraded' ? failing(object, phase, message) : inProgress(message);
}

/** https://cert-manager.io/docs/usage/certificate/: a failed issuance is only retried after an hour. */
export function certificate(object: KubernetesObject): Status {
  const issuing = conditionOf(object, 'Issuing');
  return issuing?.status === 'False' && issuing.reason === 'Failed'
    ? failing(object, issuing.reason, `its issuance failed: ${issuing.message}`)
    : customResource(object);
}

/** Knative's conditions are Unknown while it works, and False once it has given up: https://knative.dev/docs/serving/ */
export function knativeService(object: KubernetesObject): Status {
  const status = customResource(object);
  const condition = conditionOf(object, 'Ready');
  return status.state === 'in-progress' &&
    condition?.status === 'False' &&
    notObservedYet(object) === undefined
    ? failing(object, condition.reason, status.message)
    : status;
}

/** Each Gateway that a route names must have accepted it: https://gateway-api.sigs.k8s.io/guides/ */
export function route(object: KubernetesObject): Status {
  const parents = objectsAt(object, 'status', 'parents');
  if (parents.length === 0) return inProgress('no Gateway has accepted it yet');
  const refusing = parents
    .flatMap(parent => conditionsOf(parent, 'conditions'))
    .find(condition => isAcceptance(condition) && condition.status !== 'True');
  if (refusing === undefined)
    return ready(`${parents.length} of ${parents.length} Gateways have accepted it`);
  return failing(object, refusing.reason, `${refusing.type} is ${refusing.status}: ${refusing.message}`);
}

function isAcceptance({ type }: Condition): boolean {
  return type === 'Accepted' || type === 'ResolvedRefs';
}

function failing(object: KubernetesObject, reason: string, message: string): Status {
  const trouble = {
    key: `${uidOf(object)}/${reason}`,
    reason,
    message,
    remedy: 'look at the log of its controller',
    certainAfter: CUSTOM_RESOURCE_FAILED,
  };
  return inProgress(message, { troubles: [trouble] });
}
