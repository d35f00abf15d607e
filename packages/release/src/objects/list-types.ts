import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  parseJson,
} from '@slipway/core';
import {
  builtInListType,
  fieldsOf,
  isBuiltIn,
  type KubernetesObject,
  type ListType,
} from '@slipway/kubernetes';
import { managerEntries } from './managed-fields.ts';

/** How the list at a path is merged; undefined if that is not known. */
export type ListTypeAt = (path: Path) => ListType | undefined;

/**
 * How the lists of an object are merged: by the kind, or for a custom resource by the field ownership of its live states, which
 * names the items of a list as its definition says.
 */
export function listTypesOf(kind: KubernetesObject, ...states: readonly KubernetesObject[]): ListTypeAt {
  if (isBuiltIn(kind.apiVersion)) return path => builtInListType(kind, path);
  const known = new Map<string, ListType>();
  for (const state of states) for (const { fields } of managerEntries(state)) collectLists(fields, [], known);
  return path => known.get(fieldsOf(path));
}

function collectLists(fields: JsonObject, path: readonly string[], known: Map<string, ListType>): void {
  for (const [step, inside] of Object.entries(fields)) {
    const type = typeShownBy(step);
    if (type !== undefined) known.set(formatPointer(path), type);
    if (!isJsonObject(inside)) continue;
    collectLists(inside, step.startsWith('f:') ? [...path, step.slice(2)] : path, known);
  }
}

function typeShownBy(step: string): ListType | undefined {
  if (step.startsWith('v:')) return 'set';
  if (!step.startsWith('k:')) return undefined;
  const selector: JsonValue = parseJson(step.slice(2));
  return isJsonObject(selector) ? Object.keys(selector).map(name => ({ name })) : undefined;
}
