import { isJsonObject, type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import type { KubernetesObject } from './object.ts';

// Objects come from outside: a field of another type than expected counts as absent.

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

/** The objects of a list; items of other types are left out. */
export function objectsAt(value: JsonValue, ...path: (string | number)[]): readonly JsonObject[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** A value of a document with the path that leads to it. */
export interface Located {
  readonly value: JsonValue;
  readonly path: Path;
}

/** Every value at a path in which `*` is each item of a list, with the path that leads to it. */
export function valuesAt(
  value: JsonValue,
  [step, ...others]: readonly string[],
  path: Path = [],
): readonly Located[] {
  if (step === undefined) return [{ value, path }];
  if (step === '*')
    return Array.isArray(value)
      ? value.flatMap((item: JsonValue, index) => valuesAt(item, others, [...path, index]))
      : [];
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return [];
  return valuesAt(value[step] as JsonValue, others, [...path, step]);
}

/**
 * The value with each text at a path changed, where `*` is each item of a list. Parts that do not change are shared with the value
 * given, so that an unchanged value is the same one.
 */
export function withTextsChanged(
  value: JsonValue,
  [step, ...others]: readonly (string | number)[],
  change: (text: string) => string,
): JsonValue {
  if (step === undefined) return typeof value === 'string' && value !== '' ? change(value) : value;
  if (step === '*')
    return Array.isArray(value) ? mapShared(value, item => withTextsChanged(item, others, change)) : value;
  if (!isJsonObject(value)) return value;
  const child = value[step];
  if (child === undefined) return value;
  const changed = withTextsChanged(child, others, change);
  return changed === child ? value : { ...value, [step]: changed };
}

function mapShared(list: readonly JsonValue[], change: (item: JsonValue) => JsonValue): readonly JsonValue[] {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}

/** The UID of an object that was read from a cluster. */
export function uidOf(object: KubernetesObject): string {
  return uidIfAny(object) ?? '';
}

/** The UID that a cluster gave an object; undefined for a manifest, and for no object. */
export function uidIfAny(object: KubernetesObject | undefined): string | undefined {
  return object && textAt(object, 'metadata', 'uid');
}

export function namespaceOf(object: KubernetesObject): string {
  return textAt(object, 'metadata', 'namespace') ?? '';
}

export function generationOf(object: KubernetesObject): number | undefined {
  return numberAt(object, 'metadata', 'generation');
}

export function isTerminating(object: KubernetesObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== undefined;
}

/** The UID of the controller that created the object. */
export function controllerOf(object: KubernetesObject): string | undefined {
  const owners = objectsAt(object, 'metadata', 'ownerReferences');
  return textAt(owners.find(owner => owner['controller'] === true) ?? {}, 'uid');
}
