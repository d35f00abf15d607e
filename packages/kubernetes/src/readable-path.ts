import { isJsonObject, type JsonValue, type Path, parsePointer } from '@slipway/core';
import { builtInListType } from './list-types.ts';
import type { KubernetesObject } from './object.ts';

/**
 * The path of a field as people write it: `spec.template.spec.containers[api].image`. An item of a list is named by what identifies
 * it, or else by its index.
 * @param object a state of the object that has the field; what it does not have is written as the pointer says
 * @param pointer RFC 6901
 * @param left what the field was, if the object has only what it was in: another item may have its index by now
 */
export function readablePath(object: KubernetesObject, pointer: string, left?: JsonValue): string {
  let value: JsonValue | undefined = object;
  let text = '';
  const path: (string | number)[] = [];
  const steps = parsePointer(pointer);
  for (const [depth, step] of steps.entries()) {
    if (Array.isArray(value)) {
      const isLeft = left !== undefined && depth === steps.length - 1;
      const item: JsonValue | undefined = isLeft ? left : value[Number(step)];
      text += `[${itemName(object, path, item) ?? step}]`;
      value = item;
      path.push(Number(step));
    } else {
      text += /^[\w-]+$/.test(step) ? `${text === '' ? '' : '.'}${step}` : `[${JSON.stringify(step)}]`;
      value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
      path.push(step);
    }
  }
  return text;
}

/** What identifies an item to people: the first of its list's keys, or its name in a list that is not merged by keys. */
function itemName(object: KubernetesObject, list: Path, item: JsonValue | undefined): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const type = builtInListType(object, list);
  const key = (typeof type === 'object' ? type[0]?.name : undefined) ?? 'name';
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && /^[^\s[\]]+$/.test(value) ? value : undefined;
}
