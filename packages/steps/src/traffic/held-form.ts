import { textMap } from '@slipway/core';
import { type KubernetesObject, kindKey, objectAt, TRACK } from '@slipway/kubernetes';
import { selectingTrack, withValueAt } from '../copies/track.ts';

/** Which pods a Service sends to while a release goes in steps. */
export type SelectorForm = 'stable' | 'both' | 'next';

/** A Service as it is held while a release is open: the manifest, narrowed to the pods of one track, or not. */
export function heldService(service: KubernetesObject, form: SelectorForm): KubernetesObject {
  const { [TRACK]: _track, ...selector } = textMap(objectAt(service, 'spec', 'selector'));
  const narrowed = form === 'both' ? selector : selectingTrack(selector, form);
  return withValueAt(service, ['spec', 'selector'], narrowed);
}

/** A PodDisruptionBudget as it is held while a release is open: narrowed to stable, so that no pod has two. */
export function heldBudget(budget: KubernetesObject): KubernetesObject {
  const labels = objectAt(budget, 'spec', 'selector', 'matchLabels');
  return withValueAt(budget, ['spec', 'selector', 'matchLabels'], selectingTrack(labels, 'stable'));
}

/** Any held object: a budget has one form only. */
export function heldForm(object: KubernetesObject, form: SelectorForm): KubernetesObject {
  return kindKey(object) === 'PodDisruptionBudget.policy' ? heldBudget(object) : heldService(object, form);
}

/** Whether a live Service or budget selects the pods of one track only. */
export function isNarrowed(held: KubernetesObject): boolean {
  const maps = [objectAt(held, 'spec', 'selector'), objectAt(held, 'spec', 'selector', 'matchLabels')];
  return maps.some(map => map !== undefined && Object.hasOwn(map, TRACK));
}

/** The form that a weight takes. */
export function formFor(weight: number): SelectorForm {
  if (weight === 0) return 'stable';
  return weight === 100 ? 'next' : 'both';
}

/** The form of a live Service, as far as its selector says; undefined if it has a track that is not Slipway's. */
export function formOf(service: KubernetesObject): SelectorForm | undefined {
  const track = textMap(objectAt(service, 'spec', 'selector'))[TRACK];
  if (track === undefined) return 'both';
  return track === 'stable' || track === 'next' ? track : undefined;
}
