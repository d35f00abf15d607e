import { isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { ownedFields, ownsField } from './managed-fields.ts';

/** The path of the number of replicas, such as `spec`, `replicas`, of each workload that an autoscaler targets, by its key. */
export type ScaleTargets = ReadonlyMap<string, readonly string[]>;

/**
 * The workload as it is applied if an autoscaler targets it, whether its manifest says a number of replicas or not. A field that our
 * manager owns and leaves out is reset to its default, so the live number is applied; once the autoscaler or someone else has changed
 * it, it is theirs, and left out.
 * @param live with the ownership that it has when the object is applied, after an adoption
 */
export function withLiveReplicas(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  targets: ScaleTargets,
  manager: string,
): KubernetesObject {
  const path = targets.get(keyOf(object));
  if (path === undefined || live === undefined || valueAt(live, path) === undefined) return object;
  return ownsField(ownedFields(live, manager), path)
    ? withReplicasOf(object, live, targets)
    : without(object, path);
}

/** The workload with the live number of replicas: one that is created again has no owner who would keep it. */
export function withReplicasOf(
  object: KubernetesObject,
  live: KubernetesObject,
  targets: ScaleTargets,
): KubernetesObject {
  const path = targets.get(keyOf(object));
  const replicas = path && valueAt(live, path);
  return path === undefined || replicas === undefined ? object : withValue(object, path, replicas);
}

function without<Node extends JsonObject>(node: Node, [step = '', ...rest]: readonly string[]): Node {
  const value = node[step];
  if (rest.length > 0) return isJsonObject(value) ? { ...node, [step]: without(value, rest) } : node;
  const { [step]: _left, ...others } = node as JsonObject;
  return others as Node;
}

function withValue<Node extends JsonObject>(
  node: Node,
  [step = '', ...rest]: readonly string[],
  value: JsonValue,
): Node {
  const child = node[step];
  const next = rest.length === 0 ? value : withValue(isJsonObject(child) ? child : {}, rest, value);
  return { ...node, [step]: next };
}
