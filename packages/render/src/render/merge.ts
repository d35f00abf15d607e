import type { ListKey } from '@slipway/kubernetes';
import type { Traced, TracedEntry, TracedList, TracedMap } from '../trace/traced.ts';
import {
  cleaned,
  DIRECTIVE,
  isDeletion,
  isReplacement,
  type MergeRules,
  replacedList,
  reportDirective,
} from './added-values.ts';
import { candidatesFor } from './list-items.ts';
import { ambiguousItem, directiveOverList, keyless, repeatedItem } from './patch-problems.ts';

/** The map with a patch merged into it; the parts that the patch sets have positions in the patch, all others keep theirs. */
export function mergeMaps(
  base: TracedMap,
  patch: TracedMap,
  path: readonly string[],
  rules: MergeRules,
): TracedMap {
  if (rules.hasDirectives && isReplacement(patch)) return cleaned(patch, path, rules) as TracedMap;
  const entries = new Map(base.entries);
  for (const [key, entry] of patch.entries) {
    if (rules.hasDirectives ? key.startsWith('$') : key === DIRECTIVE) reportDirective(key, entry, rules);
    else if (isRemoval(entry.value, rules)) entries.delete(key);
    else entries.set(key, mergedEntry(entries.get(key), entry, [...path, key], rules));
  }
  return { ...base, entries };
}

function mergedEntry(
  base: TracedEntry | undefined,
  patch: TracedEntry,
  path: readonly string[],
  rules: MergeRules,
): TracedEntry {
  if (base?.value.kind === 'map' && patch.value.kind === 'map')
    return { key: base.key, value: mergeMaps(base.value, patch.value, path, rules) };
  if (base?.value.kind === 'list' && patch.value.kind === 'list') {
    const keys = rules.listKeys(path);
    if (keys !== undefined)
      return { key: base.key, value: mergeLists(base.value, patch.value, keys, path, rules) };
    if (rules.isSet(path) && !patch.value.items.some(item => item.kind === 'map'))
      return { key: base.key, value: union(base.value, patch.value) };
  }
  const isMapOverList = base?.value.kind === 'list' && patch.value.kind === 'map';
  if (rules.hasDirectives && isMapOverList && patch.value.entries.has(DIRECTIVE))
    rules.report(directiveOverList(patch, path));
  return { key: patch.key, value: cleaned(patch.value, path, rules) };
}

/** The values of both, those of the patch where kubectl puts new items. */
function union(base: TracedList, patch: TracedList): TracedList {
  const known = base.items.map(setMember);
  const merged = patch.items.map(value => {
    const index = known.indexOf(setMember(value));
    return { value, index: index < 0 ? undefined : index };
  });
  return { ...base, items: interleaved(base.items, new Set(), merged) };
}

function setMember(item: Traced): unknown {
  return item.kind === 'scalar' ? item.value : item;
}

/**
 * Each item of a patch is merged into the item that it identifies, and `$patch: delete` removes that one. New ones go where kubectl
 * puts them: before the item that the next one of the patch would follow, so at the front if the patch has no other.
 */
function mergeLists(
  base: TracedList,
  patch: TracedList,
  keys: readonly ListKey[],
  path: readonly string[],
  rules: MergeRules,
): TracedList {
  if (patch.items.some(isReplacement)) return replacedList(patch, path, rules);
  const changes = changesOf(base, patch, keys, path, rules);
  const deleted = new Set(changes.filter(({ item }) => isDeletion(item)).map(({ index }) => index));
  const merged = changes
    .filter(({ item }) => !isDeletion(item))
    .map(({ item, index }) => {
      const existing = index === undefined ? undefined : base.items[index];
      return existing?.kind === 'map'
        ? { index, value: mergeMaps(existing, item, path, rules) }
        : { index, value: cleaned(item, path, rules) };
    });
  return { ...base, items: interleaved(base.items, deleted, merged) };
}

interface Change {
  readonly item: TracedMap;
  /** The index of the item that it changes; undefined for a new one. */
  readonly index: number | undefined;
}

/** What a patch does to the items of a list; an item of which that is not certain is reported and left out. */
function changesOf(
  base: TracedList,
  patch: TracedList,
  keys: readonly ListKey[],
  path: readonly string[],
  { report }: MergeRules,
): Change[] {
  const changes: Change[] = [];
  const names = keys.map(({ name }) => name);
  for (const item of patch.items) {
    const candidates = candidatesFor(base.items, item, keys);
    const isRepeated =
      candidates.kind === 'one'
        ? changes.some(({ index }) => index === candidates.index)
        : candidatesFor(added(changes), item, keys).kind !== 'none';
    if (item.kind !== 'map') report(keyless(item, names, path));
    else if (candidates.kind === 'several') report(ambiguousItem(item, candidates.undecided, names, path));
    else if (candidates.kind === 'none' && candidates.lacking.length > 0)
      report(keyless(item, candidates.lacking, path));
    else if (isRepeated) report(repeatedItem(item, names, path));
    else changes.push({ item, index: candidates.kind === 'one' ? candidates.index : undefined });
  }
  return changes;
}

function added(changes: readonly Change[]): readonly TracedMap[] {
  return changes.filter(({ index }) => index === undefined).map(({ item }) => item);
}

/** https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go */
function interleaved(
  original: readonly Traced[],
  deleted: ReadonlySet<number | undefined>,
  merged: readonly { readonly index: number | undefined; readonly value: Traced }[],
): Traced[] {
  const inPatch = new Set(merged.map(({ index }) => index));
  const waiting = original.flatMap((item, index) =>
    inPatch.has(index) || deleted.has(index) ? [] : [{ item, index }],
  );
  const items: Traced[] = [];
  for (const { index = -1, value } of merged) {
    while ((waiting[0]?.index ?? Number.POSITIVE_INFINITY) < index)
      items.push(...waiting.splice(0, 1).map(({ item }) => item));
    items.push(value);
  }
  return [...items, ...waiting.map(({ item }) => item)];
}

/** null removes a key, and so does a map with `$patch: delete`. */
function isRemoval(value: Traced, { hasDirectives }: MergeRules): boolean {
  if (value.kind === 'scalar') return value.value === null;
  return hasDirectives && isDeletion(value);
}
