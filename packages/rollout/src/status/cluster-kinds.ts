import { isTerminating, type KubernetesObject, textAt, uidOf } from '@slipway/kubernetes';
import { conditionOf, holds, notObservedYet } from './conditions.ts';
import { failed, inProgress, ready, type Status } from './status.ts';

/** A kind is usable once the API server serves it. */
export function customResourceDefinition(object: KubernetesObject): Status {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False')
    return failed({
      key: `${uidOf(object)}/names`,
      reason: names.reason,
      message: `its names are taken: ${names.message}`,
      remedy: 'choose other names, or remove the other definition',
    });
  return holds(object, 'Established') ? ready('it is served') : inProgress('it is not served yet');
}

export function namespace(object: KubernetesObject): Status {
  if (!isTerminating(object) && textAt(object, 'status', 'phase') !== 'Terminating')
    return ready('it exists');
  return failed({
    key: `${uidOf(object)}/terminating`,
    reason: 'Terminating',
    message: 'it is being deleted',
    remedy: 'wait until it is gone, create it, and deploy again',
  });
}

export function apiService(object: KubernetesObject): Status {
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return ready('it is available');
  return inProgress(`it is not available: ${available?.message || 'it has not been checked yet'}`);
}

export function podDisruptionBudget(object: KubernetesObject): Status {
  return notObservedYet(object) ?? ready('it exists');
}
