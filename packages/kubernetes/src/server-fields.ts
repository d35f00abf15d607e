import type { KubernetesObject } from './object.ts';

/**
 * Fields of the metadata that the API server sets and that no manifest may: it refuses an apply with `managedFields`, and takes the
 * others for a precondition. https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/apis/meta/v1/types.go
 */
const SERVER_FIELDS: readonly string[] = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** The fields of an object that only the API server sets, as an exported object has them; null says nothing. */
export function serverFieldsOf({ metadata }: KubernetesObject): readonly string[] {
  return SERVER_FIELDS.filter(field => (metadata[field] ?? null) !== null);
}

/** The object without them, which is what was meant. */
export function withoutServerFields<Manifest extends KubernetesObject>(object: Manifest): Manifest {
  if (serverFieldsOf(object).length === 0) return object;
  const kept = Object.entries(object.metadata).filter(([field]) => !SERVER_FIELDS.includes(field));
  return { ...object, metadata: Object.fromEntries(kept) };
}
