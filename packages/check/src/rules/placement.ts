import { type Finding, quote } from '@slipway/core';
import { describeObject, isWithin, type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import type { ManifestObject } from '@slipway/render';
import { findingFor } from './finding-for.ts';
import type { Rules, RulesInForce } from './rules.ts';

/**
 * Objects of a rendered target that deploy would refuse because the formation's `allow` does not cover them: cluster-scoped ones and
 * those in other namespaces. What a pull request adds to `allow` counts once it is merged.
 */
export function placementFindings(
  objects: readonly ManifestObject[],
  namespace: string,
  { own, base }: RulesInForce,
): Finding[] {
  return objects.flatMap(manifest => {
    const { object } = manifest;
    if (isAllowed(object, namespace, own) && (base === undefined || isAllowed(object, namespace, base)))
      return [];
    const isMerged = !isAllowed(object, namespace, own);
    return [refusal(manifest, isMerged)];
  });
}

/** Rendering sets the namespace of every object of a namespaced kind, so an object without one is cluster-scoped. */
function isAllowed(object: KubernetesObject, namespace: string, { allow = {} }: Rules): boolean {
  return isWithin(referenceTo(object), namespace, allow);
}

function refusal(manifest: ManifestObject, isMissing: boolean): Finding {
  const reference = referenceTo(manifest.object);
  const { namespace, kind } = reference;
  const block = namespace === undefined ? 'allow.cluster-scoped' : 'allow.namespaces';
  const remedy = isMissing
    ? `add ${quote(namespace ?? kind)} to ${block} of the formation, or remove the object`
    : `merge the change of ${block} first: until then that of the base commit applies`;
  const what = namespace === undefined ? 'is cluster-scoped' : "is outside the destination's namespace";
  return findingFor(
    namespace === undefined ? 'placement/cluster-scoped' : 'placement/other-namespace',
    'error',
    {
      message: `${describeObject(reference)} ${what}, which the formation does not allow`,
      remedy,
      at: manifest.positionAt('/metadata/name'),
      subject: [objectKey(reference)],
    },
  );
}
