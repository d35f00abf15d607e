import { type Problem, quote, textMap } from '@slipway/core';
import {
  describeObject,
  isReservedAnnotation,
  isReservedLabel,
  isSecret,
  isWithin,
  type KubernetesObject,
  kindKey,
  RECORD_TYPE,
  referenceTo,
  SECRET_COPY_TYPE,
  TRACK,
} from '@slipway/kubernetes';
import { isTracked } from '@slipway/steps';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { placeOf } from '../objects/place.ts';
import type { Allow, ReleaseObject } from '../request.ts';

type Refusal = Problem<ReleaseErrorCode>;

/** Objects outside the namespace or of cluster scope that the formation does not allow. */
export function outsideProblems(
  objects: readonly ReleaseObject[],
  namespace: string,
  allow: Allow,
): Refusal[] {
  return objects.flatMap((given): Refusal[] => {
    const { object } = given;
    const reference = referenceTo(object);
    if (isWithin(reference, namespace, allow)) return [];
    const own = reference.namespace;
    const what = describeObject(reference);
    if (own === undefined) {
      const remedy = `add ${quote(object.kind)} to allow.cluster-scoped of the formation (for plain manifests "cluster-scoped=${object.kind}" to the input allow), or remove it`;
      return [{ code: 'object-outside', message: `${what} is cluster-scoped`, remedy, at: placeOf(given) }];
    }
    const message = `${what} is outside the namespace ${quote(namespace)}`;
    const remedy = `add ${quote(own)} to allow.namespaces of the formation (for plain manifests "namespaces=${own}" to the input allow), or remove it`;
    return [{ code: 'object-outside', message, remedy, at: placeOf(given) }];
  });
}

/** Labels, annotations, names and types that only Slipway itself may set. */
export function reservedProblems(objects: readonly ReleaseObject[]): Refusal[] {
  return objects.flatMap(given =>
    reservedParts(given.object).map(part => ({
      code: 'object-reserved' as const,
      message: `${describeObject(referenceTo(given.object))} has the ${part}, which only Slipway may set`,
      remedy: 'remove it from the manifest',
      at: placeOf(given),
    })),
  );
}

function reservedParts(object: KubernetesObject): string[] {
  const { name, labels, annotations } = object.metadata;
  const ownNames = isSecret(object) || kindKey(object) === 'Lease.coordination.k8s.io';
  const type = object['type'];
  return [
    ...Object.keys(textMap(labels ?? null))
      .filter(isReservedLabel)
      .map(key => `label ${quote(key)}`),
    ...Object.keys(textMap(annotations ?? null))
      .filter(isReservedAnnotation)
      .map(key => `annotation ${quote(key)}`),
    ...(isTracked(object) ? [`label ${quote(TRACK)} in its pods or its selector`] : []),
    ...(ownNames && name.startsWith('slipway.') ? [`name ${quote(name)}`] : []),
    ...(isSecret(object) && (type === RECORD_TYPE || type === SECRET_COPY_TYPE)
      ? [`type ${quote(type)}`]
      : []),
  ];
}
