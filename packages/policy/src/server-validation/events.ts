import { type KubernetesObject, kindKey, textAt } from '@slipway/kubernetes';
import { invalid, type Refusal } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/events.go */
export function validateEvents(object: KubernetesObject): Refusal[] {
  if (kindKey(object) !== 'Event') return [];
  const path = ['involvedObject', 'namespace'];
  const about = textAt(object, ...path) ?? '';
  const own = object.metadata.namespace ?? '';
  // Objects of the whole cluster have their events in one of these.
  const isRight = about === own || (about === '' && (own === 'default' || own === 'kube-system'));
  return isRight ? [] : [invalid(path, 'must be the namespace of the event itself')];
}
