import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  parseJson,
} from '@slipway/core';
import { type KubernetesObject, sameQuantity } from '@slipway/kubernetes';
import { managerEntries, sameJson } from './managed-fields.ts';

/** A field that another manager owns with another value. */
export interface MergeConflict {
  readonly pointer: string;
  readonly manager: string;
}

export interface Merged {
  readonly object: KubernetesObject;
  readonly conflicts: readonly MergeConflict[];
}

/** The trees of owned fields at one path: ours, and those of every other manager. */
interface Owners {
  readonly ours: JsonValue | undefined;
  readonly others: readonly { readonly manager: string; readonly fields: JsonValue | undefined }[];
}

/**
 * What server-side apply would make of a live object, as far as that is known without the server: lists are merged by the keys in
 * the live object's field ownership, fields that we owned and no longer apply are removed unless someone else owns them too, and
 * no defaults are set. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function mergeApplied(applied: KubernetesObject, live: KubernetesObject, manager: string): Merged {
  const conflicts: MergeConflict[] = [];
  const entries = managerEntries(live);
  const isOurs = ({ name, isApply }: { name: string; isApply: boolean }): boolean =>
    name === manager && isApply;
  const owners: Owners = {
    ours: entries.find(isOurs)?.fields,
    others: entries.filter(entry => !isOurs(entry)).map(({ name, fields }) => ({ manager: name, fields })),
  };
  const merged = mergeMaps(applied, live, owners, [], conflicts);
  return { object: merged as KubernetesObject, conflicts };
}

function merge(
  applied: JsonValue,
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  conflicts: MergeConflict[],
): JsonValue {
  if (live === undefined) return applied;
  const isWhole = isAtomic(owners);
  if (!isWhole && isJsonObject(applied) && isJsonObject(live))
    return mergeMaps(applied, live, owners, path, conflicts);
  if (!isWhole && Array.isArray(applied) && Array.isArray(live))
    return mergeLists(applied, live, owners, path, conflicts);
  if (sameJson(applied, live) || sameQuantity(applied, live, path)) return live;
  for (const { manager, fields } of owners.others)
    if (fields !== undefined) conflicts.push({ pointer: formatPointer(path), manager });
  return applied;
}

/** Whether every owner owns the value as a whole, so that its parts have no separate owners. */
function isAtomic({ ours, others }: Owners): boolean {
  const trees = [ours, ...others.map(({ fields }) => fields)].filter(isJsonObject);
  return trees.length > 0 && trees.every(tree => Object.keys(tree).length === 0);
}

function mergeMaps(
  applied: JsonObject,
  live: JsonObject,
  owners: Owners,
  path: Path,
  conflicts: MergeConflict[],
): JsonObject {
  const kept = Object.entries(live).flatMap(([key, value]): [string, JsonValue][] => {
    if (key in applied) return [];
    const left = abandon(value, step(owners, `f:${key}`));
    return left === undefined ? [] : [[key, left]];
  });
  const changed = Object.entries(applied).map(([key, value]): [string, JsonValue] => [
    key,
    merge(value, live[key], step(owners, `f:${key}`), [...path, key], conflicts),
  ]);
  return Object.fromEntries([...kept, ...changed]);
}

function step({ ours, others }: Owners, key: string): Owners {
  const inside = (fields: JsonValue | undefined): JsonValue | undefined =>
    isJsonObject(fields) ? fields[key] : undefined;
  return {
    ours: inside(ours),
    others: others.map(({ manager, fields }) => ({ manager, fields: inside(fields) })),
  };
}

/** What is left of a live value that is no longer applied; undefined if nothing is. */
function abandon(value: JsonValue, owners: Owners): JsonValue | undefined {
  const { ours, others } = owners;
  if (!isJsonObject(ours)) return value;
  const isShared = others.some(({ fields }) => fields !== undefined);
  // `.` is the item or map itself, which is removed with everything in it that no one owns, such as defaults.
  if ('.' in ours && !isShared) return undefined;
  if (Object.keys(ours).length === 0 || (!isJsonObject(value) && !Array.isArray(value)))
    return isShared ? value : undefined;
  const left: JsonValue = isJsonObject(value)
    ? mergeMaps({}, value, owners, [], [])
    : mergeLists([], value as readonly JsonValue[], owners, [], []);
  const isEmpty = Object.keys(left as object).length === 0;
  return isEmpty && !isShared ? undefined : left;
}

function mergeLists(
  applied: readonly JsonValue[],
  live: readonly JsonValue[],
  owners: Owners,
  path: Path,
  conflicts: MergeConflict[],
): JsonValue {
  const keys = keyNames(owners);
  if (keys === undefined) return sameJson(applied, live) ? live : applied;
  const itemStep = (item: JsonValue): string =>
    keys.length === 0 ? `v:${JSON.stringify(item)}` : `k:${selectorText(item, keys, owners)}`;
  const isSame = (one: JsonValue, other: JsonValue): boolean => isSelected(one, other, keys);
  const kept = live.flatMap((item): JsonValue[] => {
    const wanted = applied.find(candidate => isSame(candidate, item));
    const at = step(owners, itemStep(item));
    if (wanted !== undefined) return [merge(wanted, item, at, [...path, nameOf(item, keys)], conflicts)];
    const left = abandon(item, at);
    return left === undefined ? [] : [left];
  });
  const added = applied.filter(item => !live.some(other => isSame(item, other)));
  return [...kept, ...added.map(item => withKeyDefaults(item, keys))];
}

/** The one key of built-in lists that has a default: https://kubernetes.io/docs/concepts/services-networking/service/#protocol-support */
function withKeyDefaults(item: JsonValue, keys: readonly string[]): JsonValue {
  return keys.includes('protocol') && isJsonObject(item) ? { protocol: 'TCP', ...item } : item;
}

/** The keys that identify the items of a list: empty for a set, undefined for a list that is owned as one value. */
function keyNames({ ours, others }: Owners): readonly string[] | undefined {
  const steps = [ours, ...others.map(({ fields }) => fields)].filter(isJsonObject).flatMap(Object.keys);
  const selector = steps.find(key => key.startsWith('k:'));
  if (selector !== undefined) return Object.keys(parseJson(selector.slice(2)) as JsonObject);
  return steps.some(key => key.startsWith('v:')) ? [] : undefined;
}

/** The step of an item as the owners' trees write it: the order of its keys is known only from there. */
function selectorText(item: JsonValue, keys: readonly string[], { ours, others }: Owners): string {
  const steps = [ours, ...others.map(({ fields }) => fields)].filter(isJsonObject).flatMap(Object.keys);
  const found = steps.find(key => key.startsWith('k:') && isSelected(parseJson(key.slice(2)), item, keys));
  return found?.slice(2) ?? '';
}

/** A key that an item leaves out has its default, such as TCP for the protocol of a port. */
function isSelected(wanted: JsonValue, item: JsonValue, keys: readonly string[]): boolean {
  if (keys.length === 0 || !isJsonObject(wanted) || !isJsonObject(item)) return sameJson(wanted, item);
  const given = keys.filter(key => wanted[key] !== undefined);
  return given.length > 0 && given.every(key => sameJson(wanted[key] ?? null, item[key] ?? null));
}

function nameOf(item: JsonValue, keys: readonly string[]): string {
  return isJsonObject(item) ? keys.map(key => String(item[key])).join(',') : String(item);
}
