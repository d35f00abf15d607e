import { canonicalJson, isJsonObject, type JsonValue, type Path, quote } from '@slipway/core';
import { builtInListType, itemKey, type Kind, type ListKey, type ListType } from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { invalid, missing, type Refusal } from './refusal.ts';

/**
 * Items of a built-in kind's lists that server-side apply cannot tell apart: it identifies the items of a map list by its keys, those
 * of a set by their value, and refuses a manifest that has one of them twice.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/typed/validate.go
 * @param object as it was written, since server-side apply compares before defaults are filled in
 */
export function duplicateItems(object: JsonValue, kind: Kind): Refusal[] {
  const found: Refusal[] = [];
  // One path for the whole walk, since most of an object has no list.
  const path: (string | number)[] = [];
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) {
      // A call takes no more than some hundred thousand arguments, and a list may have more items.
      for (const refusal of duplicatesOf(value, builtInListType(kind, path), path)) found.push(refusal);
      for (const [index, item] of value.entries()) within(item, index);
    } else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) within(value[key] as JsonValue, key);
    }
  };
  const within = (value: JsonValue, step: string | number): void => {
    if (typeof value !== 'object') return;
    path.push(step);
    visit(value);
    path.pop();
  };
  visit(object);
  return found;
}

function duplicatesOf(list: readonly JsonValue[], type: ListType | undefined, path: Path): Refusal[] {
  if (type === undefined || type === 'atomic') return [];
  const first = new Map<string, number>();
  return list.flatMap((item, index) => {
    if (item === null) return [invalid([...path, index], 'must not be null')];
    const identity = type === 'set' ? canonicalJson(item) : itemKey(item, type);
    if (identity === undefined) return withoutKey(item, type as readonly ListKey[], [...path, index]);
    const earlier = first.get(identity);
    if (earlier === undefined) {
      first.set(identity, index);
      return [];
    }
    return [duplicate([...path, index], [...path, earlier], type)];
  });
}

function withoutKey(item: JsonValue, keys: readonly ListKey[], path: Path): Refusal[] {
  if (!isJsonObject(item)) return [];
  return keys
    .filter(({ name, default: preset }) => (item[name] ?? preset) === undefined)
    .map(({ name }) => missing([...path, name]));
}

function duplicate(path: Path, other: Path, type: Exclude<ListType, 'atomic'>): Refusal {
  const same = type === 'set' ? 'value' : type.map(({ name }) => quote(name)).join(' and ');
  return {
    rule: 'schema/duplicate-item',
    message: `${fieldName(path)} has the same ${same} as ${fieldName(other)}`,
    fix: 'remove one of the two, or correct it',
    path,
    other,
  };
}
