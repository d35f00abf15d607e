import { isJsonObject, type JsonValue, parsePointer } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** One step of a pointer. */
export interface Step {
  readonly key: string;
  /** The name of a list item, if it has one, because its index changes when an item is inserted before it. */
  readonly name?: string;
}

/** The steps of an RFC 6901 pointer into an object. */
export function namedSteps(object: KubernetesObject, pointer: string): Step[] {
  let current: JsonValue | undefined = object;
  return parsePointer(pointer).map(key => {
    current = stepInto(current, key);
    const name: JsonValue | undefined = isJsonObject(current) ? current['name'] : undefined;
    return /^\d+$/.test(key) && typeof name === 'string' ? { key, name } : { key };
  });
}

function stepInto(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(step)] as JsonValue | undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
