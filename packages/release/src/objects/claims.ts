import { formatPointer, isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { itemKey, type KubernetesObject, keyOf, kindKey, type ListKey } from '@slipway/kubernetes';
import { entriesOf, isAutoscaler, withEntries, withFieldsOwned, withOwnershipMoved } from './adoption.ts';
import type { ReplicasByKey } from './autoscaling.ts';
import { ownedFields, ownsField, sameJson } from './managed-fields.ts';
import { stepKey } from './ownership.ts';
import { portLists } from './port-lists.ts';

/** What a release may take from others. */
export interface Terms {
  readonly request: { readonly adopt: boolean; readonly forceConflicts: boolean };
  readonly replicas: ReplicasByKey;
}

/**
 * The live object with the ownership that it must have so that applying makes of it what the manifest says: server-side apply only
 * removes what its own manager owned. The live object itself if nothing has to move.
 */
export function withClaims(
  live: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
  { request: { adopt, forceConflicts }, replicas }: Terms,
): KubernetesObject {
  const scaled = withReplicasClaimed(live, applied, manager, replicas);
  const adopted = adopt ? withOwnershipMoved(scaled, manager) : scaled;
  const free = withStrategyClaimed(adopted, applied, manager, forceConflicts || adopt);
  if (!forceConflicts) return free;
  return rivalsOf(free, applied, manager).reduce(
    (owned, { steps }) => withTreeTaken(owned, manager, steps),
    free,
  );
}

/** A number of replicas that an autoscaler set stays its own after it is gone, and would refuse the one that a manifest says. */
function withReplicasClaimed(
  live: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
  replicas: ReplicasByKey,
): KubernetesObject {
  const { path = [], isFree } = replicas.get(keyOf(applied)) ?? {};
  const [number, current] = [valueAt(applied, path), valueAt(live, path)];
  if (isFree !== true || number === undefined || current === undefined || sameJson(number, current))
    return live;
  const steps = path.map(field => `f:${field}`);
  return withTreeTaken(live, manager, steps, setByAutoscaler);
}

/** Autoscalers write by the subresource `scale` only. */
function setByAutoscaler({ manager, subresource }: JsonObject): boolean {
  return subresource === 'scale' && isAutoscaler(String(manager));
}

/** Whether an autoscaler set a number of replicas, which no one changed since. */
export function isSetByAutoscaler(live: KubernetesObject, path: readonly string[]): boolean {
  return entriesOf(live)
    .filter(setByAutoscaler)
    .some(({ fieldsV1 }) => isJsonObject(fieldsV1) && ownsField(fieldsV1, path));
}

/** Where a kind keeps how it replaces its pods. */
export const STRATEGIES: Readonly<Record<string, string>> = {
  'Deployment.apps': 'strategy',
  'StatefulSet.apps': 'updateStrategy',
  'DaemonSet.apps': 'updateStrategy',
};

/**
 * The settings of a rolling update go with it: no other type may have them, though no one owns the server's defaults. It is what
 * `retainKeys` does for kubectl: https://github.com/kubernetes/api/blob/v0.36.0/apps/v1/types.go, DeploymentSpec.Strategy
 */
function withStrategyClaimed(
  live: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
  fromOthers: boolean,
): KubernetesObject {
  const path = ['spec', STRATEGIES[kindKey(applied)] ?? '', 'rollingUpdate'];
  const type = valueAt(applied, [...path.slice(0, -1), 'type']);
  const settings = valueAt(live, path);
  const isLeaving = type !== undefined && type !== null && type !== 'RollingUpdate';
  if (!isLeaving || !isJsonObject(settings) || valueAt(applied, path) !== undefined) return live;
  const steps = path.map(field => `f:${field}`);
  const left = fromOthers ? withTreeTaken(live, manager, steps) : live;
  const fields = Object.keys(settings).map((field): [string, JsonValue] => [`f:${field}`, {}]);
  const tree: JsonValue = { '.': {}, ...Object.fromEntries(fields) };
  const claim = nested(steps, tree);
  const own = ownedFields(left, manager);
  return JSON.stringify(own) === JSON.stringify(mergedFields(left, manager, claim))
    ? left
    : withFieldsOwned(left, manager, claim);
}

/** An applied manifest without nulls where they only say that a rolling update has no settings. */
export function withoutEmptyStrategy(applied: KubernetesObject): KubernetesObject {
  const field = STRATEGIES[kindKey(applied)] ?? '';
  const { spec } = applied;
  const strategy = isJsonObject(spec) ? spec[field] : undefined;
  if (!isJsonObject(spec) || !isJsonObject(strategy) || strategy['rollingUpdate'] !== null) return applied;
  const { rollingUpdate: _none, ...rest } = strategy;
  return { ...applied, spec: { ...spec, [field]: rest } };
}

function mergedFields(live: KubernetesObject, manager: string, claim: JsonValue): JsonObject | undefined {
  return ownedFields(withFieldsOwned(live, manager, claim), manager);
}

/** An item of others in the place of an applied one: its key was changed by hand, and what must be unique was not. */
export interface Rival {
  readonly pointer: string;
  readonly manager: string;
  /** The way to its fields, as its owner's entry spells it. */
  readonly steps: readonly string[];
}

/** What others own that keeps a manifest from being applied, though it says nothing of it. */
export function obstaclesTo(
  applied: KubernetesObject,
  live: KubernetesObject,
  manager: string,
): { readonly pointer: string; readonly manager: string }[] {
  const claimed = withStrategyClaimed(live, applied, manager, false);
  if (claimed === live) return rivalsOf(live, applied, manager);
  const path = ['spec', STRATEGIES[kindKey(applied)] ?? '', 'rollingUpdate'];
  const steps = path.map(field => `f:${field}`);
  const owners = entriesOf(claimed).filter(({ manager: name, fieldsV1 }) => {
    return name !== manager && treeAt(fieldsV1, steps) !== undefined;
  });
  const pointer = formatPointer(path);
  return owners.map(({ manager: name }) => ({ pointer, manager: String(name) }));
}

/** Ports of others that have the name of an applied port which is not there. */
export function rivalsOf(live: KubernetesObject, applied: KubernetesObject, manager: string): Rival[] {
  return portLists(applied, live).flatMap(({ pointer, steps, keys, own, found }) => {
    const [ours, theirs] = [own, found].map(items => new Set(items.map(item => itemKey(item, keys))));
    const missing = own.filter(item => !theirs?.has(itemKey(item, keys)));
    const strangers = [...found.entries()].filter(([, item]) => !ours?.has(itemKey(item, keys)));
    return strangers
      .filter(([, item]) => missing.some(other => isInTheWay(item, other, pointer)))
      .flatMap(([index, item]) => ownersOfItem(live, manager, steps, item, keys, `${pointer}/${index}`));
  });
}

/** A Service's ports must differ in their names once there are two; a container's only if they have one. */
function isInTheWay(item: JsonValue, other: JsonValue, pointer: string): boolean {
  if (!isJsonObject(item) || !isJsonObject(other)) return false;
  const [one, two] = [item['name'] ?? '', other['name'] ?? ''];
  return one === two && (one !== '' || pointer === '/spec/ports');
}

function ownersOfItem(
  live: KubernetesObject,
  manager: string,
  steps: readonly string[],
  item: JsonValue,
  keys: readonly ListKey[],
  pointer: string,
): Rival[] {
  return entriesOf(live).flatMap(({ manager: name, fieldsV1 }) => {
    const list = treeAt(fieldsV1, steps);
    if (!isJsonObject(list) || name === manager) return [];
    const own = Object.keys(list).find(step => stepKey(step, keys) === itemKey(item, keys));
    return own === undefined ? [] : [{ pointer, manager: String(name), steps: [...steps, own] }];
  });
}

/** The live object with a part of the fields that others own ours alone. */
function withTreeTaken(
  live: KubernetesObject,
  manager: string,
  steps: readonly string[],
  isTaken: (entry: JsonObject) => boolean = () => true,
): KubernetesObject {
  const entries = entriesOf(live);
  const isOwn = (entry: JsonObject) => entry['manager'] === manager && entry['operation'] === 'Apply';
  const stays = (entry: JsonObject) => isOwn(entry) || !isTaken(entry);
  const trees = entries.flatMap(entry => (stays(entry) ? [] : (treeAt(entry['fieldsV1'], steps) ?? [])));
  if (trees.length === 0) return live;
  const left = entries.map(entry =>
    stays(entry) ? entry : { ...entry, fieldsV1: withoutTree(entry['fieldsV1'] ?? {}, steps) },
  );
  const claim: JsonObject = Object.assign({}, ...trees.filter(isJsonObject));
  return withFieldsOwned(withEntries(live, left.filter(hasFields)), manager, nested(steps, claim));
}

function hasFields({ fieldsV1 }: JsonObject): boolean {
  return isJsonObject(fieldsV1) && Object.keys(fieldsV1).length > 0;
}

function treeAt(tree: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  return steps.reduce<JsonValue | undefined>(
    (node, step) => (isJsonObject(node) ? node[step] : undefined),
    tree,
  );
}

/** A tree without what a path leads to, and without what is empty then. */
function withoutTree(tree: JsonValue, [step = '', ...rest]: readonly string[]): JsonValue {
  if (!isJsonObject(tree)) return tree;
  const { [step]: child, ...others } = tree;
  if (child === undefined) return tree;
  const left = rest.length === 0 ? {} : withoutTree(child, rest);
  return isJsonObject(left) && Object.keys(left).length === 0 ? others : { ...others, [step]: left };
}

function nested(steps: readonly string[], tree: JsonValue): JsonValue {
  return steps.reduceRight<JsonValue>((inside, step) => ({ [step]: inside }), tree);
}
