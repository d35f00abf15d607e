import type { Problem } from '@slipway/core';
import { quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { mergeKeyOf } from './merge-keys.ts';
import {
  placeOfOrigin,
  type Traced,
  type TracedEntry,
  type TracedList,
  type TracedMap,
  textAt,
  tracedAt,
} from './traced.ts';

/** How a patch is merged: `strategic` for Kubernetes' own kinds, `json` (RFC 7386) for all others. */
export interface MergeRules {
  readonly kind: string;
  readonly isStrategic: boolean;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
}

const DIRECTIVE = '$patch';

/** The map with a patch merged into it; what the patch sets was written in the patch, all else where it was. */
export function mergeMaps(
  base: TracedMap,
  patch: TracedMap,
  path: readonly string[],
  rules: MergeRules,
): TracedMap {
  if (rules.isStrategic && textAt(patch, DIRECTIVE) === 'replace') return cleaned(patch) as TracedMap;
  const entries = new Map(base.entries);
  for (const [key, entry] of patch.entries) {
    if (rules.isStrategic && key.startsWith('$')) reportDirective(key, entry, rules);
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
  if (patch.value.kind === 'list' && rules.isStrategic) {
    const mergeKey = mergeKeyOf(rules.kind, path);
    const items = base?.value.kind === 'list' ? base.value : undefined;
    if (mergeKey !== undefined && items !== undefined)
      return { key: base?.key ?? patch.key, value: mergeLists(items, patch.value, mergeKey, path, rules) };
  }
  return { key: patch.key, value: cleaned(patch.value) };
}

/** Items with the key of a patch's item are merged with it, `$patch: delete` removes them, others are added at the end. */
function mergeLists(
  base: TracedList,
  patch: TracedList,
  mergeKey: string,
  path: readonly string[],
  rules: MergeRules,
): TracedList {
  if (patch.items.some(item => isAlone(item, 'replace')))
    return { ...patch, items: patch.items.filter(item => !isAlone(item, 'replace')).map(cleaned) };
  const items: Traced[] = [...base.items];
  for (const item of patch.items) {
    const key = keyOf(item, mergeKey);
    if (item.kind !== 'map' || key === undefined) {
      reportKeyless(item, mergeKey, path, rules);
      continue;
    }
    const index = items.findIndex(candidate => keyOf(candidate, mergeKey) === key);
    const existing = items[index];
    if (textAt(item, DIRECTIVE) === 'delete') {
      if (index >= 0) items.splice(index, 1);
    } else if (existing?.kind === 'map') items[index] = mergeMaps(existing, item, path, rules);
    else items.push(cleaned(item));
  }
  return { ...base, items };
}

function keyOf(item: Traced, mergeKey: string): string | undefined {
  const key = tracedAt(item, mergeKey);
  return key?.kind === 'scalar' && key.value !== null ? `${typeof key.value} ${key.value}` : undefined;
}

function isAlone(item: Traced, directive: string): boolean {
  return item.kind === 'map' && item.entries.size === 1 && textAt(item, DIRECTIVE) === directive;
}

/** null removes a key, and so does a map that says `$patch: delete`. */
function isRemoval(value: Traced, { isStrategic }: MergeRules): boolean {
  if (value.kind === 'scalar') return value.value === null;
  return isStrategic && textAt(value, DIRECTIVE) === 'delete';
}

/** What a patch adds as a whole: nulls and directives in it have nothing to act on. */
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

/** `replace` and `delete` have been dealt with where they stand. */
function reportDirective(key: string, entry: TracedEntry, { report }: MergeRules): void {
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (key === DIRECTIVE && (value === 'merge' || value === 'delete')) return;
  report({
    code: 'patch-invalid',
    at: placeOfOrigin(entry.key),
    message: `${quote(key)} is no directive that a patch can have here`,
    remedy: 'write $patch with merge, replace or delete',
  });
}

function reportKeyless(
  item: Traced,
  mergeKey: string,
  path: readonly string[],
  { report }: MergeRules,
): void {
  report({
    code: 'patch-invalid',
    at: placeOfOrigin(item.origin),
    message: `an item of ${quote(path.join('.'))} lacks ${quote(mergeKey)}, by which items are told apart`,
    remedy: 'add it, or begin the list with "- $patch: replace"',
  });
}
