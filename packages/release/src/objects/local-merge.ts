import {
  defined,
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  stringifyJson,
} from '@slipway/core';
import {
  asServerWrites,
  isAtomicMap,
  isBuiltIn,
  itemKey,
  type KubernetesObject,
  type ListKey,
  type ListType,
} from '@slipway/kubernetes';
import { type ListTypeAt, listTypesOf } from './list-types.ts';
import { sameJson, withoutServerMetadata } from './managed-fields.ts';
import { mergedOrder } from './merge-order.ts';
import {
  isOwnedAsOne,
  type OwnedTree,
  type Owners,
  ofField,
  ofItem,
  ownersOf,
  ownsItself,
} from './ownership.ts';

/** A field that another manager owns with another value. */
export interface MergeConflict {
  readonly pointer: string;
  readonly manager: string;
}

export interface Merged {
  readonly object: KubernetesObject;
  readonly conflicts: readonly MergeConflict[];
  /** Whether the server is sure to merge alike; false where the type of a custom resource's list or map had to be guessed. */
  readonly certain: boolean;
}

/** What a merge knows, and what it finds out. */
interface MergeContext {
  readonly kind: KubernetesObject;
  readonly listTypeAt: ListTypeAt;
  readonly conflicts: MergeConflict[];
  readonly guesses: string[];
}

/**
 * What server-side apply would make of a live object, as far as that is known without the server: no defaults are set, and no
 * webhook is asked. Lists are merged by all of their keys and in the server's order; what we applied and no longer apply is removed
 * with everything in it, unless someone else owns it too. It is held to structured-merge-diff by random objects.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function mergeApplied(
  applied: KubernetesObject,
  live: KubernetesObject,
  manager: string,
  listTypeAt: ListTypeAt = listTypesOf(applied, live),
): Merged {
  const context: MergeContext = { kind: live, listTypeAt, conflicts: [], guesses: [] };
  const owners = ownersOf(live, manager);
  const own = withoutServerMetadata(applied);
  const merged = mergeMaps(own, live, owners, [], context);
  const object = withoutAbandoned(merged, own, owners, [], context) as KubernetesObject;
  return { object, conflicts: context.conflicts, certain: context.guesses.length === 0 };
}

function merge(
  applied: JsonValue,
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonValue | undefined {
  // The server takes null for a field that is not there.
  if (applied === null && isBuiltIn(context.kind.apiVersion)) return undefined;
  if (live === undefined) {
    const owned = owners.others.filter(({ fields }) => ownsPartOf(fields, applied));
    noteConflicts({ ...owners, others: owned }, path, context);
    return isDropped(applied, context) ? undefined : applied;
  }
  if (isJsonObject(applied) && isJsonObject(live) && !isWhole(live, owners, path, context))
    return mergeMaps(applied, live, owners, path, context);
  if (Array.isArray(applied) && Array.isArray(live)) {
    const keys = keysAt(live, owners, path, context);
    if (keys !== 'atomic') return mergeLists(applied, live, keys, owners, path, context);
  }
  if (sameJson(applied, live)) return live;
  // Another spelling of the value that they own is a conflict for the server too.
  noteConflicts(owners, path, context);
  return sameJson(asServerWrites(applied, context.kind, path), live) ? live : applied;
}

/** Whether a tree owns something of a value that is added. */
function ownsPartOf(tree: OwnedTree, added: JsonValue): boolean {
  if (!isJsonObject(tree)) return false;
  if (!isJsonObject(added) || '.' in tree || Object.keys(tree).length === 0) return true;
  return Object.entries(added).some(([key, value]) => ownsPartOf(tree[`f:${key}`], value));
}

function noteConflicts({ others }: Owners, path: Path, { conflicts }: MergeContext): void {
  for (const { manager, fields } of others)
    if (fields !== undefined) conflicts.push({ pointer: formatPointer(path), manager });
}

/** Kubernetes writes an empty list of its own kinds like one that is not there. */
function isDropped(applied: JsonValue, { kind }: MergeContext): boolean {
  return Array.isArray(applied) && applied.length === 0 && isBuiltIn(kind.apiVersion);
}

/** Whether a map is merged as one value. */
function isWhole(live: JsonObject, owners: Owners, path: Path, context: MergeContext): boolean {
  const known = isAtomicMap(context.kind, path);
  if (known !== undefined) return known;
  if (!isOwnedAsOne(owners)) return false;
  // Whoever applied an empty map owns it in the same way.
  if (Object.keys(live).length > 0) context.guesses.push(formatPointer(path));
  return true;
}

/** The keys of a list's items; none for a set. */
function keysAt(
  live: readonly JsonValue[],
  owners: Owners,
  path: Path,
  context: MergeContext,
): readonly ListKey[] | 'set' | 'atomic' {
  const type = context.listTypeAt(path);
  if (type !== undefined) {
    noteUnkeyed(live, type, path, context);
    return type;
  }
  if (live.length > 0 && !isOwnedAsOne(owners)) context.guesses.push(formatPointer(path));
  return 'atomic';
}

/** What an item of a custom resource has if it leaves out a key is not known here. */
function noteUnkeyed(
  items: readonly JsonValue[],
  type: ListType,
  path: Path,
  { guesses }: MergeContext,
): void {
  if (typeof type === 'object' && items.some(item => itemKey(item, type) === undefined))
    guesses.push(formatPointer(path));
}

function mergeMaps(
  applied: JsonObject,
  live: JsonObject,
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonObject {
  const changed = Object.entries(applied).map(([key, value]): [string, JsonValue | undefined] => [
    key,
    merge(value, live[key], ofField(owners, key), [...path, key], context),
  ]);
  return defined({ ...live, ...Object.fromEntries(changed) }) as JsonObject;
}

function mergeLists(
  applied: readonly JsonValue[],
  live: readonly JsonValue[],
  type: readonly ListKey[] | 'set',
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonValue {
  const keys = type === 'set' ? undefined : type;
  const nameOf = (item: JsonValue): string => keyOf(item, keys);
  noteUnkeyed(applied, type, path, context);
  const [ours, theirs] = [new Map(applied.map(item => [nameOf(item), item])), byName(live, nameOf)];
  const others = new Map<string, number>();
  return mergedOrder(live.map(nameOf), applied.map(nameOf)).flatMap(name => {
    const [own, found] = [ours.get(name), theirs.get(name) ?? []];
    const nth = others.get(name) ?? 0;
    others.set(name, nth + 1);
    if (own === undefined) return found[nth] ?? [];
    // Items that are there twice are replaced, not merged.
    const other = found.length === 1 ? found[0] : undefined;
    const merged = merge(own, other, ofItem(owners, own, keys), [...path, applied.indexOf(own)], context);
    return merged === undefined ? [] : withKeys(merged, keys);
  });
}

/** An item's identity within its list. */
function keyOf(item: JsonValue, keys: readonly ListKey[] | undefined): string {
  return (keys === undefined ? undefined : itemKey(item, keys)) ?? stringifyJson(item);
}

function byName(items: readonly JsonValue[], nameOf: (item: JsonValue) => string): Map<string, JsonValue[]> {
  return Map.groupBy(items, nameOf);
}

/** The server fills in the defaults of keys. */
function withKeys(item: JsonValue, keys: readonly ListKey[] | undefined): JsonValue {
  if (keys === undefined || !isJsonObject(item)) return item;
  const presets = keys.flatMap(({ name, default: preset }) => (preset === undefined ? [] : [[name, preset]]));
  return { ...Object.fromEntries(presets), ...item };
}

/**
 * A merged value without what we applied last and no longer apply: a field or item goes with everything in it, defaults included,
 * unless someone else owns it too; what no one owns stays in what stays.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/merge/update.go, prune
 */
function withoutAbandoned(
  merged: JsonValue,
  applied: JsonValue | undefined,
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonValue {
  if (owners.ours === undefined) return merged;
  if (isJsonObject(merged) && !isWhole(merged, owners, path, context))
    return pruneMap(merged, isJsonObject(applied) ? applied : {}, owners, path, context);
  if (!Array.isArray(merged)) return merged;
  const items = merged as readonly JsonValue[];
  const type = keysAt(items, owners, path, context);
  if (type === 'atomic') return merged;
  const wanted = Array.isArray(applied) ? (applied as readonly JsonValue[]) : [];
  return pruneList(items, wanted, type === 'set' ? undefined : type, owners, path, context);
}

function pruneMap(
  merged: JsonObject,
  applied: JsonObject,
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonObject {
  const kept = Object.entries(merged).flatMap(([key, value]): [string, JsonValue][] => {
    const own = ofField(owners, key);
    if (!(key in applied) && isAbandoned(own, false)) return [];
    const left = withoutAbandoned(value, applied[key], own, [...path, key], context);
    return !(key in applied) && hasBeenEmptied(value, left) ? [] : [[key, left]];
  });
  return Object.fromEntries(kept);
}

/** The server leaves out a field of which everything was removed. */
function hasBeenEmptied(before: JsonValue, after: JsonValue): boolean {
  const isEmpty = (value: JsonValue): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty(after) && !isEmpty(before);
}

function pruneList(
  merged: readonly JsonValue[],
  applied: readonly JsonValue[],
  keys: readonly ListKey[] | undefined,
  owners: Owners,
  path: Path,
  context: MergeContext,
): JsonValue {
  const wanted = new Map(applied.map(item => [keyOf(item, keys), item]));
  return merged.flatMap((item, index): JsonValue[] => {
    const own = ofItem(owners, item, keys);
    const mine = wanted.get(keyOf(item, keys));
    if (mine === undefined && isAbandoned(own, true)) return [];
    return [withoutAbandoned(item, mine, own, [...path, index], context)];
  });
}

function isAbandoned({ ours, others }: Owners, isItem: boolean): boolean {
  return ownsItself(ours, isItem) && !others.some(({ fields }) => ownsItself(fields, isItem));
}
