import type { KubernetesObject } from '@slipway/kubernetes';
import { type AsGiven, asGivenIn } from '../content/given-names.ts';
import type { PreparedObject } from '../plan/compared.ts';
import type { PreparedRelease } from '../plan/prepare.ts';

/** The states of an object that rules see: as written, as the server would store it, and as it is in the cluster. */
export interface ObjectStates {
  readonly object: KubernetesObject;
  readonly admitted?: KubernetesObject;
  readonly old?: KubernetesObject;
}

/**
 * The objects of a prepared release as rules see them, under the names of their manifests: rules about names and references mean
 * those, and policy-check sees only those.
 */
export function statesOf(prepared: PreparedRelease): Map<KubernetesObject, ObjectStates> {
  const asGiven = asGivenIn(
    prepared.objects.flatMap(({ object, before }) => (before === undefined ? [object] : [object, before])),
  );
  return new Map(prepared.objects.map(compared => [compared.source, statesOfOne(compared, asGiven)]));
}

/** Rules never see the values of a sealed Secret, only its stand-ins. */
function statesOfOne(
  { object, live, before, answer, sealed }: PreparedObject,
  asGiven: AsGiven,
): ObjectStates {
  const old = before ?? live;
  return {
    object: asGiven(object),
    ...(answer === undefined || sealed ? {} : { admitted: asGiven(answer) }),
    ...(old === undefined ? {} : { old: asGiven(old) }),
  };
}
