import { isJsonObject, type JsonObject, type JsonValue, type Path, stringifyJson } from '@slipway/core';
import { isAtomicMap, isBuiltIn, itemKey, type KubernetesObject, type ListKey } from '@slipway/kubernetes';
import { type ListTypeAt, listTypesOf } from './list-types.ts';
import { mergeApplied } from './local-merge.ts';
import { sameJson, withoutServerMetadata } from './managed-fields.ts';
import { type OwnedTree, ownersOf, stepKey } from './ownership.ts';

/**
 * Whether applying would change nothing: merged, the live object stays as it is, the order of its lists included, and the manager
 * owns exactly what is applied. False if that is not certain, for example for a default that the manifest spells in another way or
 * where a custom resource's list may be of several types: then the server's dry run decides.
 */
export function isUnchanged(applied: KubernetesObject, live: KubernetesObject, manager: string): boolean {
  const listTypeAt = listTypesOf(applied, live);
  if (!ownsExactly(applied, live, manager, listTypeAt)) return false;
  if (isInPlace(applied, live, listTypeAt)) return true;
  const { object, certain, conflicts } = mergeApplied(applied, live, manager, listTypeAt);
  return certain && conflicts.length === 0 && sameJson(object, live);
}

/**
 * Whether every applied value is in a live object of a built-in kind, in its place. If the manager owns just what it applies, a merge
 * then changes nothing, whoever else owns it too, and does not have to be made. False says nothing: a default may be spelled in another
 * way, or others may have put items between ours.
 */
function isInPlace(applied: KubernetesObject, live: KubernetesObject, listTypeAt: ListTypeAt): boolean {
  if (!isBuiltIn(live.apiVersion)) return false;
  const place = placeIn(withoutServerMetadata(applied), live, { kind: live, path: [], listTypeAt });
  return place !== 'elsewhere';
}

/** Whether a live value is the applied one, or has it in it, beside what others wrote. */
function placeIn(
  applied: JsonValue,
  live: JsonValue | undefined,
  at: Point,
): 'same' | 'within' | 'elsewhere' {
  if (typeof applied !== 'object' || applied === null)
    return applied === live && applied !== null ? 'same' : 'elsewhere';
  if (Array.isArray(applied)) return Array.isArray(live) ? placeInList(applied, live, at) : 'elsewhere';
  if (!isJsonObject(live)) return 'elsewhere';
  const keys = Object.keys(applied);
  let isSame = keys.length === Object.keys(live).length;
  for (const key of keys) {
    const [own, found] = [(applied as JsonObject)[key] as JsonValue, live[key]];
    const place = typeof own === 'object' ? placeIn(own, found, below(at, key)) : placeIn(own, found, at);
    if (place === 'elsewhere') return place;
    if (place === 'within') isSame = false;
  }
  if (isSame) return 'same';
  return isAtomicMap(at.kind, at.path) === false ? 'within' : 'elsewhere';
}

function placeInList(
  applied: readonly JsonValue[],
  live: readonly JsonValue[],
  at: Point,
): 'same' | 'within' | 'elsewhere' {
  const type = at.listTypeAt(at.path);
  if (type === undefined || applied.length === 0 || applied.length !== live.length) return 'elsewhere';
  const places = applied.map((item, index) => placeIn(item, live[index], below(at, index)));
  if (places.includes('elsewhere')) return 'elsewhere';
  if (places.every(place => place === 'same')) return 'same';
  if (typeof type === 'string') return 'elsewhere';
  const haveKeys = applied.every((item, index) => {
    const key = itemKey(item, type);
    return key !== undefined && key === itemKey(live[index] ?? null, type);
  });
  return haveKeys ? 'within' : 'elsewhere';
}

/** Fields that an apply has to name but never owns. */
const IDENTITY = ['apiVersion', 'kind'];

/** Whether the manager owns just the fields and items that it applies. */
export function ownsExactly(
  applied: KubernetesObject,
  live: KubernetesObject,
  manager: string,
  listTypeAt: ListTypeAt = listTypesOf(applied, live),
): boolean {
  const { ours } = ownersOf(live, manager);
  if (!isJsonObject(ours)) return false;
  const { name: _name, namespace: _namespace, ...metadata } = withoutServerMetadata(applied).metadata;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, status, ...rest } = applied;
  // The server does not take the status of a kind that has it as a subresource.
  const others: JsonObject = status === undefined || !('f:status' in ours) ? rest : { ...rest, status };
  const body: JsonObject = Object.keys(metadata).length === 0 ? others : { ...others, metadata };
  const fields = Object.entries(ours).filter(([step]) => !IDENTITY.includes(step.slice(2)));
  return ownsFields(body, Object.fromEntries(fields), { kind: applied, path: [], listTypeAt });
}

interface Point {
  readonly kind: KubernetesObject;
  readonly path: Path;
  readonly listTypeAt: ListTypeAt;
}

const below = (at: Point, step: string | number): Point => ({ ...at, path: [...at.path, step] });

/** Whether a tree is the one of a value that is owned as a whole. */
function isWholly(tree: OwnedTree): boolean {
  return isJsonObject(tree) && Object.keys(tree).length === 0;
}

function owns(applied: JsonValue, tree: OwnedTree, at: Point): boolean {
  if (!isJsonObject(tree)) return false;
  const isEmpty = isWholly(tree);
  if (isJsonObject(applied)) {
    const isOne = isAtomicMap(at.kind, at.path) ?? isEmpty;
    return isOne || Object.keys(applied).length === 0 ? isEmpty : ownsFields(applied, tree, at);
  }
  if (!Array.isArray(applied) || applied.length === 0) return isEmpty;
  const type = at.listTypeAt(at.path) ?? 'atomic';
  if (type === 'atomic') return isEmpty;
  return ownsItems(applied as readonly JsonValue[], tree, type === 'set' ? undefined : type, at);
}

function ownsFields(applied: JsonObject, tree: JsonObject, at: Point): boolean {
  const keys = Object.keys(applied);
  return (
    partsOf(tree).length === keys.length &&
    keys.every(key => {
      const [value, inside] = [applied[key] as JsonValue, tree[`f:${key}`]];
      // Most fields are texts, whose owners own all of them.
      return typeof value === 'object' ? owns(value, inside, below(at, key)) : isWholly(inside);
    })
  );
}

function ownsItems(
  applied: readonly JsonValue[],
  tree: JsonObject,
  keys: readonly ListKey[] | undefined,
  at: Point,
): boolean {
  const steps = new Map(partsOf(tree).map(step => [stepKey(step, keys), tree[step]]));
  if (partsOf(tree).length !== applied.length || steps.size !== applied.length) return false;
  return applied.every((item, index) => {
    if (keys === undefined) return steps.has(stringifyJson(item));
    const key = itemKey(item, keys);
    return key !== undefined && owns(item, steps.get(key), below(at, index));
  });
}

/** The steps from a tree to its parts. */
function partsOf(tree: JsonObject): string[] {
  return Object.keys(tree).filter(step => step !== '.');
}
