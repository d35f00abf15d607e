import type { RecordedObject } from '@slipway/core';
import {
  givenNameOf,
  isJob,
  isNamedByContent,
  type KubernetesObject,
  objectKey,
  referenceTo,
} from '@slipway/kubernetes';
import { contentKey, isContentKind } from './naming.ts';
import { withPodReferences } from './pod-references.ts';

/** Shows an object as its manifest had it: under its given name, with references to given names. */
export type AsGiven = (object: KubernetesObject) => KubernetesObject;

/** Maps content names back to given names, for the objects of a release and those that they replace. */
export function asGivenIn(objects: readonly KubernetesObject[]): AsGiven {
  const given = new Map(
    objects
      .filter(object => isContentKind(object) && isNamedByContent(object))
      .map(object => [objectKey(referenceTo(object)), givenNameOf(object)]),
  );
  return object => {
    const restored = withPodReferences(
      object,
      (kind, name) => given.get(contentKey(kind, object, name)) ?? name,
    );
    return underGivenName(restored);
  };
}

/** The object under its given name; its references are not changed. */
export function underGivenName(object: KubernetesObject): KubernetesObject {
  const named = (isContentKind(object) || isJob(object)) && isNamedByContent(object);
  return named ? { ...object, metadata: { ...object.metadata, name: givenNameOf(object) } } : object;
}

/** Whether a recorded object is one version of a ConfigMap or Secret, beside which others may exist. */
export function isVersion(object: RecordedObject): boolean {
  return object.given !== undefined && isContentKind(object);
}

/** The key that an object has by its given name. */
export function givenKey({ given, ...object }: RecordedObject): string {
  return objectKey({ ...object, name: given ?? object.name });
}
