import { isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { ownedFields, ownsField } from './managed-fields.ts';

/** Who decides how many replicas a workload has. */
export interface Replicas {
  /** Where the number is, such as `spec`, `replicas`. */
  readonly path: readonly string[];
  /** Whether the live number stays, whatever the manifest says. */
  readonly stays: boolean;
  /** Whether no autoscaler decides any more, so that a number that one has set belongs to no one. */
  readonly isFree: boolean;
  /** Why the live number stays although no autoscaler keeps it, or what may still change the manifest's. */
  readonly note?: string | undefined;
}

/** The replicas of each workload of a release that can be scaled, by its key. */
export type ReplicasByKey = ReadonlyMap<string, Replicas>;

/**
 * The workload as it is applied if its live number of replicas stays, whether its manifest says one or not. A field that our manager
 * owns and leaves out is reset to its default, so the live number is applied; once an autoscaler or someone else has changed it, it
 * is theirs, and left out.
 * @param live with the ownership that it has when the object is applied, after an adoption
 */
export function withLiveReplicas(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  replicas: ReplicasByKey,
  manager: string,
): KubernetesObject {
  const path = keptPath(object, replicas);
  if (path === undefined || live === undefined || valueAt(live, path) === undefined) return object;
  return ownsField(ownedFields(live, manager), path)
    ? withReplicasOf(object, live, replicas)
    : without(object, path);
}

/** The workload with the live number of replicas, if it stays: one that is created again has no owner who would keep it. */
export function withReplicasOf(
  object: KubernetesObject,
  live: KubernetesObject,
  replicas: ReplicasByKey,
): KubernetesObject {
  const path = keptPath(object, replicas);
  const number = path && valueAt(live, path);
  return path === undefined || number === undefined ? object : withValue(object, path, number);
}

function keptPath(object: KubernetesObject, replicas: ReplicasByKey): readonly string[] | undefined {
  const { path, stays } = replicas.get(keyOf(object)) ?? {};
  return stays === true ? path : undefined;
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
