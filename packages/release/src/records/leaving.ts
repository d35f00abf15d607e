import type { RecordedObject, Release } from '@slipway/core';
import { kindKey, type ObjectReference, objectKey } from '@slipway/kubernetes';

/** Kinds whose loss cannot be undone by applying the manifest again. */
const PROTECTED = ['Namespace', 'PersistentVolumeClaim', 'CustomResourceDefinition.apiextensions.k8s.io'];

export function isProtected(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return PROTECTED.includes(kindKey(object));
}

/** Objects that a release and those before it left in the cluster and that are not among `staying`. */
export function leavingObjects(
  previous: Release | undefined,
  staying: readonly ObjectReference[],
): RecordedObject[] {
  if (previous === undefined) return [];
  const kept = new Set(staying.map(objectKey));
  const left = [...previous.objects, ...(previous.pending ?? [])];
  return [...new Map(left.map(object => [objectKey(object), object])).values()].filter(
    object => !kept.has(objectKey(object)),
  );
}
