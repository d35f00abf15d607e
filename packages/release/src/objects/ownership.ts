import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '@slipway/core';
import { itemKey, type KubernetesObject, type ListKey } from '@slipway/kubernetes';
import { managerEntries } from './managed-fields.ts';

/** The fields that one manager owns at a path; undefined if it owns nothing there. */
export type OwnedTree = JsonValue | undefined;

/** The trees of owned fields at one path: ours, as we applied last, and those of every other manager. */
export interface Owners {
  readonly ours: OwnedTree;
  readonly others: readonly { readonly manager: string; readonly fields: OwnedTree }[];
}

export function ownersOf(live: KubernetesObject, manager: string): Owners {
  const entries = managerEntries(live);
  const own = entries.find(({ name, isApply }) => name === manager && isApply);
  return {
    ours: own?.fields,
    others: entries.filter(entry => entry !== own).map(({ name, fields }) => ({ manager: name, fields })),
  };
}

/** The owners of a field. */
export function ofField(owners: Owners, name: string): Owners {
  return within(owners, tree => tree[`f:${name}`]);
}

/** The owners of a list's item; without keys the list is a set. */
export function ofItem(owners: Owners, item: JsonValue, keys: readonly ListKey[] | undefined): Owners {
  const step = keys === undefined ? stringifyJson(item) : itemKey(item, keys);
  return within(owners, tree => {
    const own = Object.keys(tree).find(key => stepKey(key, keys) === step && step !== undefined);
    return own === undefined ? undefined : tree[own];
  });
}

/** What identifies the item that a step of a tree leads to, in the form of `itemKey`. */
export function stepKey(step: string, keys: readonly ListKey[] | undefined): string | undefined {
  if (keys === undefined) return step.startsWith('v:') ? stringifyJson(parseJson(step.slice(2))) : undefined;
  return step.startsWith('k:') ? itemKey(parseJson(step.slice(2)), keys) : undefined;
}

function within({ ours, others }: Owners, inside: (tree: JsonObject) => OwnedTree): Owners {
  const of = (tree: OwnedTree): OwnedTree => (isJsonObject(tree) ? inside(tree) : undefined);
  return { ours: of(ours), others: others.map(({ manager, fields }) => ({ manager, fields: of(fields) })) };
}

/** Whether a tree owns the field or item itself, and not only something in it. Whoever owns a field in a struct owns the struct. */
export function ownsItself(tree: OwnedTree, isItem: boolean): boolean {
  if (!isJsonObject(tree)) return false;
  return !isItem || '.' in tree || Object.keys(tree).length === 0;
}

/** Whether every owner owns the value as a whole, so that its parts have no separate owners. */
export function isOwnedAsOne({ ours, others }: Owners): boolean {
  const trees = [ours, ...others.map(({ fields }) => fields)].filter(isJsonObject);
  return trees.length > 0 && trees.every(tree => Object.keys(tree).length === 0);
}
