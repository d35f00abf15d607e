import type { Problem } from '@slipway/core';
import { quote } from '@slipway/core';
import type { ListKey } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import {
  positionOfOrigin,
  type Traced,
  type TracedEntry,
  type TracedList,
  type TracedMap,
  textAt,
} from '../trace/traced.ts';
import { candidatesFor } from './list-items.ts';

/** How a patch is merged into one kind of object. */
export interface MergeRules {
  /** The fields that identify the items of the list at a path; without any, a patch replaces the list. */
  readonly listKeys: (path: readonly string[]) => readonly ListKey[] | undefined;
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
  if (patch.items.some(item => textAt(item, DIRECTIVE) === 'replace')) return replacedList(patch, rules);
  const changes = changesOf(base, patch, keys, path, rules);
  const deleted = new Set(changes.filter(({ item }) => isDeletion(item)).map(({ index }) => index));
  const merged = changes
    .filter(({ item }) => !isDeletion(item))
    .map(({ item, index }) => {
      const existing = index === undefined ? undefined : base.items[index];
      return existing?.kind === 'map'
        ? { index, value: mergeMaps(existing, item, path, rules) }
        : { index, value: cleaned(item) };
    });
  return { ...base, items: interleaved(base.items, deleted, merged) };
}

interface Change {
  readonly item: TracedMap;
  /** The place of the item that it changes; undefined for a new one. */
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

function keyless(item: Traced, keys: readonly string[], path: readonly string[]): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `an item of ${quote(path.join('.'))} lacks ${keys.map(quote).join(' or ')}, which identifies the items of this list`,
    remedy: `add ${keys.map(quote).join(' and ')}, or begin the list with "- $patch: replace"`,
  };
}

function ambiguousItem(
  item: Traced,
  undecided: readonly string[],
  keys: readonly string[],
  path: readonly string[],
): Problem<RenderErrorCode> {
  const list = quote(path.join('.'));
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `several items of ${list} match this item of the patch`,
    remedy:
      undecided.length > 0
        ? `add ${undecided.map(quote).join(' and ')} to say which one is meant`
        : `let each item of the list have its own ${keys.map(quote).join(' and ')}`,
  };
}

function repeatedItem(
  item: Traced,
  keys: readonly string[],
  path: readonly string[],
): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `the patch has several items for the same item of ${quote(path.join('.'))}`,
    remedy: `write each ${keys.map(quote).join(' and ')} once`,
  };
}
