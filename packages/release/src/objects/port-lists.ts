import { formatPointer, isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import {
  builtInListType,
  CONTAINER_LISTS,
  type KubernetesObject,
  type ListKey,
  podSpecPath,
} from '@slipway/kubernetes';

/** One list of ports, in a manifest and in the live object. */
export interface PortList {
  /** In the live object. */
  readonly pointer: string;
  /** The way to it in a tree of owned fields. */
  readonly steps: readonly string[];
  readonly keys: readonly ListKey[];
  readonly own: readonly JsonValue[];
  readonly found: readonly JsonValue[];
}

/** The lists of ports that a manifest and the live object both have: those of a Service, and of the containers of a pod template. */
export function portLists(applied: KubernetesObject, live: KubernetesObject): PortList[] {
  const pods = podSpecPath(applied);
  const ofContainers =
    pods === undefined ? [] : CONTAINER_LISTS.flatMap(name => containerPorts(applied, live, [...pods, name]));
  const path = ['spec', 'ports'];
  const [own, found] = [listAt(applied, path), listAt(live, path)];
  return [...listOf(applied, path, path.map(asStep), own, found), ...ofContainers];
}

function containerPorts(
  applied: KubernetesObject,
  live: KubernetesObject,
  path: readonly string[],
): PortList[] {
  const [own, found] = [listAt(applied, path), listAt(live, path)];
  return own.flatMap(container => {
    const name = nameOf(container);
    const index = found.findIndex(other => nameOf(other) === name);
    const steps = [...path.map(asStep), `k:${JSON.stringify({ name })}`, 'f:ports'];
    const lists = [container, found[index]].map(item => listAt(isJsonObject(item) ? item : {}, ['ports']));
    return listOf(applied, [...path, index, 'ports'], steps, lists[0] ?? [], lists[1] ?? []);
  });
}

function listOf(
  kind: KubernetesObject,
  path: readonly (string | number)[],
  steps: readonly string[],
  own: readonly JsonValue[],
  found: readonly JsonValue[],
): PortList[] {
  const keys = builtInListType(kind, path);
  if (keys === undefined || typeof keys === 'string' || own.length === 0 || found.length === 0) return [];
  return [{ pointer: formatPointer(path), steps, keys, own, found }];
}

function asStep(field: string): string {
  return `f:${field}`;
}

function nameOf(item: JsonValue): string | undefined {
  return isJsonObject(item) && typeof item['name'] === 'string' ? item['name'] : undefined;
}

function listAt(object: JsonObject, path: readonly string[]): readonly JsonValue[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}
