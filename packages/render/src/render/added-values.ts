import { type Problem, quote } from '@slipway/core';
import type { ListKey } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import { positionOfOrigin, type Traced, type TracedEntry, type TracedList, textAt } from '../trace/traced.ts';

/** How a patch is merged into one kind of object. */
export interface MergeRules {
  /** The fields that identify the items of the list at a path; without any, a patch replaces the list. */
  readonly listKeys: (path: readonly string[]) => readonly ListKey[] | undefined;
  /** Whether a patch adds its values to those of the list at a path, which are not maps. */
  readonly isSet: (path: readonly string[]) => boolean;
  /** Whether `$patch` is a directive, as in a strategic merge but not in RFC 7386. */
  readonly hasDirectives: boolean;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
}

export const DIRECTIVE = '$patch';

export function isDeletion(value: Traced): boolean {
  return textAt(value, DIRECTIVE) === 'delete';
}

/** A value that a patch adds as a whole, without the nulls in it and what it would delete, which is not there yet. */
export function cleaned(value: Traced, path: readonly string[], rules: MergeRules): Traced {
  if (value.kind === 'list') return cleanedList(value, path, rules);
  if (value.kind !== 'map') return value;
  const entries = new Map<string, TracedEntry>();
  for (const [key, entry] of value.entries) {
    if (isDirective(key)) {
      if (key !== DIRECTIVE || textAt(value, key) !== 'replace') reportDirective(key, entry, rules);
    } else if (!isAbsent(entry.value, rules))
      entries.set(key, { ...entry, value: cleaned(entry.value, [...path, key], rules) });
  }
  return { ...value, entries };
}

/** https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
function isDirective(key: string): boolean {
  return key === DIRECTIVE || /^\$(?:retainKeys$|setElementOrder\/|deleteFromPrimitiveList\/)/.test(key);
}

function isAbsent(value: Traced, { hasDirectives }: MergeRules): boolean {
  if (value.kind === 'scalar') return value.value === null;
  return hasDirectives && isDeletion(value);
}

function cleanedList(list: TracedList, path: readonly string[], rules: MergeRules): TracedList {
  if (rules.hasDirectives && list.items.some(isReplacement)) return replacedList(list, path, rules);
  const isMerged = rules.listKeys(path) !== undefined;
  // Without keys the item would stay, and all others would be lost: of a binding's subjects, those that keep their rights.
  if (rules.hasDirectives && !isMerged)
    for (const item of list.items) if (isChange(item)) rules.report(listWithoutKeys(item, path));
  const items = list.items.filter(item => !(rules.hasDirectives && isMerged && isDeletion(item)));
  return { ...list, items: items.map(item => cleaned(item, path, rules)) };
}

/** An item with `$patch: replace` replaces the whole list and has no other content. */
export function replacedList(patch: TracedList, path: readonly string[], rules: MergeRules): TracedList {
  const items: Traced[] = [];
  for (const item of patch.items) {
    if (!isReplacement(item)) items.push(cleaned(item, path, rules));
    else if (item.kind === 'map' && item.entries.size > 1)
      rules.report({
        code: 'patch-invalid',
        at: positionOfOrigin(item.origin),
        message: 'an item with "$patch: replace" replaces the whole list, so its other fields would be lost',
        remedy: 'write "- $patch: replace" as a separate item',
      });
  }
  return { ...patch, items };
}

export function isReplacement(item: Traced): boolean {
  return textAt(item, DIRECTIVE) === 'replace';
}

function isChange(item: Traced): boolean {
  return isDeletion(item) || textAt(item, DIRECTIVE) === 'merge';
}

function listWithoutKeys(item: Traced, path: readonly string[]): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `the items of ${quote(path.join('.'))} have no keys, so a patch replaces the whole list and cannot change or delete one of them`,
    remedy: 'write the list as it is to be, or use the operations of a JSON patch (json6902)',
  };
}

/** `replace` and `delete` are handled where they are written; any other directive is a problem. */
export function reportDirective(
  key: string,
  entry: TracedEntry,
  { hasDirectives, report }: Pick<MergeRules, 'hasDirectives' | 'report'>,
): void {
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (hasDirectives && key === DIRECTIVE && (value === 'merge' || value === 'delete')) return;
  const at = positionOfOrigin(entry.key);
  if (hasDirectives)
    report({
      ...{ code: 'patch-invalid', at },
      message: `${quote(key)} is not a directive that a patch can have here`,
      remedy: 'write $patch with merge, replace or delete',
    });
  else if (key === DIRECTIVE)
    report({
      ...{ code: 'patch-invalid', at },
      message: `${quote(key)} is not a directive for a custom resource whose definition is not known, as it is merged as JSON`,
      remedy:
        'put its CustomResourceDefinition among the stencils, or use the operations of a JSON patch (json6902)',
    });
}
