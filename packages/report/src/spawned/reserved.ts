import { count, isJsonObject, type JsonValue, valueAt } from '@slipway/core';
import {
  addQuantities,
  formatQuantity,
  type KubernetesObject,
  kindKey,
  parseQuantity,
  type Quantity,
} from '@slipway/kubernetes';

/** Kinds whose pods run for as long as they are there. */
const RUNNING = ['Deployment.apps', 'StatefulSet.apps'];

/** What the pods of manifests reserve in a namespace for as long as they run: how many, and their requests. */
export function reservedBy(objects: readonly KubernetesObject[]): string[] {
  let pods = 0;
  const sums = new Map<'cpu' | 'memory', Quantity>();
  for (const object of objects.filter(one => RUNNING.includes(kindKey(one)))) {
    const replicas = replicasOf(object);
    pods += replicas;
    for (const name of ['cpu', 'memory'] as const)
      for (const request of requestsOf(object, name))
        for (let pod = 0; pod < replicas; pod++)
          sums.set(name, sums.has(name) ? addQuantities(sums.get(name) as Quantity, request) : request);
  }
  const [cpu, memory] = [sums.get('cpu'), sums.get('memory')];
  return [
    ...(pods === 0 ? [] : [count(pods, 'pod')]),
    ...(cpu === undefined ? [] : [`${formatQuantity(cpu)} CPU`]),
    ...(memory === undefined ? [] : [`${formatQuantity(memory)} of memory`]),
  ];
}

/** More than a preview has would only cost time to add up. */
const MOST_REPLICAS = 1000;

function replicasOf(object: KubernetesObject): number {
  const replicas = valueAt(object, ['spec', 'replicas']);
  return typeof replicas === 'number' ? Math.min(MOST_REPLICAS, Math.max(0, replicas)) : 1;
}

function requestsOf(object: KubernetesObject, name: 'cpu' | 'memory'): Quantity[] {
  const containers = valueAt(object, ['spec', 'template', 'spec', 'containers']);
  if (!Array.isArray(containers)) return [];
  return containers.flatMap(container => quantityAt(container, name) ?? []);
}

function quantityAt(container: JsonValue, name: string): Quantity | undefined {
  const text = isJsonObject(container) ? valueAt(container, ['resources', 'requests', name]) : undefined;
  try {
    return text === undefined ? undefined : parseQuantity(String(text));
  } catch {
    return undefined;
  }
}
