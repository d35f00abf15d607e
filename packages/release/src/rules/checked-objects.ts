import type { KubernetesObject } from '@slipway/kubernetes';
import { type AsGiven, asGivenIn } from '../content/given-names.ts';
import type { PreparedObject } from '../plan/compared.ts';
import type { PreparedRelease } from '../plan/prepare.ts';

/** An object as rules see it: as it was written, as the server would store it, and as it is. */
export interface ObjectStates {
  readonly object: KubernetesObject;
  readonly admitted?: KubernetesObject;
  readonly old?: KubernetesObject;
}

/**
 * The objects of a prepared release as rules are to see them, under the names of their manifests: a rule that forbids a name, or asks
 * for a reference to be there, means those, and policy-check saw nothing else.
 */
export function statesOf(prepared: PreparedRelease): Map<KubernetesObject, ObjectStates> {
  const asGiven = asGivenIn(
    prepared.objects.flatMap(({ object, before }) => (before === undefined ? [object] : [object, before])),
  );
  return new Map(prepared.objects.map(compared => [compared.source, statesOfOne(compared, asGiven)]));
}

/** A Secret's values are no rule's business: where there are some, the rules see the stand-ins. */
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
