import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KubernetesObject,
  textMap,
  valueAt,
} from '@slipway/core';

/** Fields of objects that somebody else wrote: a field of another type than expected is an absent one. */
export function textAt(value: JsonValue, ...path: (string | number)[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: JsonValue, ...path: (string | number)[]): number | undefined {
  const found = valueAt(value, path);
  return typeof found === 'number' ? found : undefined;
}

export function booleanAt(value: JsonValue, ...path: (string | number)[]): boolean | undefined {
  const found = valueAt(value, path);
  return typeof found === 'boolean' ? found : undefined;
}

export function objectAt(value: JsonValue, ...path: (string | number)[]): JsonObject | undefined {
  const found = valueAt(value, path);
  return isJsonObject(found) ? found : undefined;
}

/** The objects of a list; whatever else is in it is left out. */
export function objectsAt(value: JsonValue, ...path: (string | number)[]): readonly JsonObject[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

export function uidOf(object: KubernetesObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

export function namespaceOf(object: KubernetesObject): string {
  return textAt(object, 'metadata', 'namespace') ?? '';
}

export function generationOf(object: KubernetesObject): number | undefined {
  return numberAt(object, 'metadata', 'generation');
}

export function labelsOf(object: KubernetesObject): Readonly<Record<string, string>> {
  return textMap(object.metadata['labels']);
}

export function annotationOf(object: KubernetesObject, name: string): string | undefined {
  return textAt(object, 'metadata', 'annotations', name);
}

export function isTerminating(object: KubernetesObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== undefined;
}

/** The UID of the controller that made the object. */
export function controllerOf(object: KubernetesObject): string | undefined {
  const owners = objectsAt(object, 'metadata', 'ownerReferences');
  return textAt(owners.find(owner => owner['controller'] === true) ?? {}, 'uid');
}
