import type { Problem } from '@slipway/core';
import { quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import {
  positionOfOrigin,
  type Traced,
  type TracedEntry,
  type TracedList,
  type TracedMap,
  textAt,
  tracedAt,
} from '../trace/traced.ts';

/** How a patch is merged into one kind of object. */
export interface MergeRules {
  /** The fields that identify the items of the list at a path; without any, a patch replaces the list. */
  readonly listKeys: (path: readonly string[]) => readonly string[] | undefined;
  /** Whether `$patch` is a directive, as in a strategic merge but not in RFC 7386. */
  readonly hasDirectives: boolean;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
}

const DIRECTIVE = '$patch';

/** The map with a patch merged into it; the parts that the patch sets have positions in the patch, all others keep theirs. */
export function mergeMaps(
  base: TracedMap,
  patch: TracedMap,
  path: readonly string[],
  rules: MergeRules,
): TracedMap {
  if (rules.hasDirectives && textAt(patch, DIRECTIVE) === 'replace') return cleaned(patch) as TracedMap;
  const entries = new Map(base.entries);
  for (const [key, entry] of patch.entries) {
    if (rules.hasDirectives && key.startsWith('$')) reportDirective(key, entry, rules);
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
  const keys = patch.value.kind === 'list' ? rules.listKeys(path) : undefined;
  if (keys !== undefined && base?.value.kind === 'list' && patch.value.kind === 'list')
    return { key: base.key, value: mergeLists(base.value, patch.value, keys, path, rules) };
  return { key: patch.key, value: cleaned(patch.value) };
}

/**
 * Items with the same keys as an item of the patch are merged with it, and `$patch: delete` removes them. New ones go where kubectl puts
 * them: before the item that the next one of the patch would follow, so at the front if the patch has no other.
 */
function mergeLists(
  base: TracedList,
  patch: TracedList,
  keys: readonly string[],
  path: readonly string[],
  rules: MergeRules,
): TracedList {
  if (patch.items.some(item => textAt(item, DIRECTIVE) === 'replace')) return replacedList(patch, rules);
  const keyed = patch.items.flatMap(item => {
    const key = itemKey(item, keys);
    if (item.kind === 'map' && key !== undefined) return [{ item, key }];
    reportKeyless(item, keys, path, rules);
    return [];
  });
  const deleted = new Set(keyed.filter(({ item }) => isDeletion(item)).map(({ key }) => key));
  const kept = base.items.filter(item => !deleted.has(itemKey(item, keys) ?? ''));
  const merged = keyed
    .filter(({ item }) => !isDeletion(item))
    .map(({ item, key }) => {
      const existing = kept.find(candidate => itemKey(candidate, keys) === key);
      return {
        key,
        value: existing?.kind === 'map' ? mergeMaps(existing, item, path, rules) : cleaned(item),
      };
    });
  return { ...base, items: interleaved(kept, merged, keys) };
}

/** https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go */
function interleaved(
  original: readonly Traced[],
  merged: readonly { readonly key: string; readonly value: Traced }[],
  keys: readonly string[],
): Traced[] {
  const order = original.map(item => itemKey(item, keys));
  const inPatch = new Set(merged.map(({ key }) => key));
  const waiting = original.flatMap((item, index) =>
    inPatch.has(order[index] ?? '') ? [] : [{ item, index }],
  );
  const items: Traced[] = [];
  for (const { key, value } of merged) {
    const position = order.indexOf(key);
    while (position >= 0 && (waiting[0]?.index ?? Number.POSITIVE_INFINITY) < position)
      items.push(...waiting.splice(0, 1).map(({ item }) => item));
    items.push(value);
  }
  return [...items, ...waiting.map(({ item }) => item)];
}

/** An item with `$patch: replace` replaces the whole list and has no other content. */
function replacedList(patch: TracedList, { report }: MergeRules): TracedList {
  const items: Traced[] = [];
  for (const item of patch.items) {
    if (textAt(item, DIRECTIVE) !== 'replace') items.push(cleaned(item));
    else if (item.kind === 'map' && item.entries.size > 1)
      report({
        code: 'patch-invalid',
        at: positionOfOrigin(item.origin),
        message: 'an item with "$patch: replace" replaces the whole list, so its other fields would be lost',
        remedy: 'write "- $patch: replace" as a separate item',
      });
  }
  return { ...patch, items };
}

function isDeletion(value: Traced): boolean {
  return textAt(value, DIRECTIVE) === 'delete';
}

/** The values of an item's keys, as one text; undefined if it lacks one. */
function itemKey(item: Traced, keys: readonly string[]): string | undefined {
  const values = keys.map(key => {
    const value = tracedAt(item, key);
    return value?.kind === 'scalar' ? value.value : null;
  });
  return values.includes(null) ? undefined : values.map(value => `${typeof value} ${value}`).join('\0');
}

/** null removes a key, and so does a map with `$patch: delete`. */
function isRemoval(value: Traced, { hasDirectives }: MergeRules): boolean {
  if (value.kind === 'scalar') return value.value === null;
  return hasDirectives && isDeletion(value);
}

/** A value that a patch adds as a whole, without the nulls and directives in it, which have nothing to act on. */
function cleaned(value: Traced): Traced {
  if (value.kind === 'list') return { ...value, items: value.items.map(cleaned) };
  if (value.kind !== 'map') return value;
  const entries = [...value.entries]
    .filter(
      ([key, entry]) => key !== DIRECTIVE && !(entry.value.kind === 'scalar' && entry.value.value === null),
    )
    .map(([key, entry]): [string, TracedEntry] => [key, { ...entry, value: cleaned(entry.value) }]);
  return { ...value, entries: new Map(entries) };
}

/** `replace` and `delete` are handled where they are written; any other directive is a problem. */
function reportDirective(key: string, entry: TracedEntry, { report }: MergeRules): void {
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (key === DIRECTIVE && (value === 'merge' || value === 'delete')) return;
  report({
    code: 'patch-invalid',
    at: positionOfOrigin(entry.key),
    message: `${quote(key)} is not a directive that a patch can have here`,
    remedy: 'write $patch with merge, replace or delete',
  });
}

function reportKeyless(
  item: Traced,
  keys: readonly string[],
  path: readonly string[],
  { report }: MergeRules,
): void {
  report({
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `an item of ${quote(path.join('.'))} lacks ${keys.map(quote).join(' or ')}, which identifies the items of this list`,
    remedy: 'add it, or begin the list with "- $patch: replace"',
  });
}
