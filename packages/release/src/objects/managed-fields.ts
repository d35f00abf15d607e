import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/**
 * The fields that a manager owns by server-side apply, in the form of
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management; undefined if it owns none.
 */
export function ownedFields(live: KubernetesObject, manager: string): JsonObject | undefined {
  const entry = entriesOf(live).find(
    ({ manager: name, operation, subresource }) =>
      name === manager && operation === 'Apply' && (subresource === undefined || subresource === ''),
  );
  return isJsonObject(entry?.['fieldsV1']) ? entry['fieldsV1'] : undefined;
}

/** The fields of a live object that one manager wrote in one way. */
export interface ManagerEntry {
  readonly name: string;
  /** Whether it wrote them by server-side apply, and not by an update. */
  readonly isApply: boolean;
  readonly subresource: string;
  readonly fields: JsonObject;
}

export function managerEntries(live: KubernetesObject): ManagerEntry[] {
  return entriesOf(live).map(({ manager, operation, subresource, fieldsV1 }) => ({
    name: String(manager ?? ''),
    isApply: operation === 'Apply' && (subresource === undefined || subresource === ''),
    subresource: String(subresource ?? ''),
    fields: isJsonObject(fieldsV1) ? fieldsV1 : {},
  }));
}

function entriesOf(live: KubernetesObject): JsonObject[] {
  const entries = live.metadata['managedFields'];
  return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
}

/** Whether a field is among the owned ones. */
export function ownsField(fields: JsonObject | undefined, path: readonly string[]): boolean {
  let node: JsonValue | undefined = fields;
  for (const step of path) node = isJsonObject(node) ? node[`f:${step}`] : undefined;
  return node !== undefined;
}

/** Fields that an apply has to name but never owns. */
const IDENTITY = ['apiVersion', 'kind'];

/**
 * Whether applying would change nothing: the live object has every field with an equal value, and the manager owns exactly those
 * fields. False if that is not certain, for example for a quantity that the server writes in another form: then the server's dry
 * run decides.
 */
export function isApplied(applied: KubernetesObject, live: KubernetesObject, fields: JsonObject): boolean {
  const { name: _name, namespace: _namespace, ...metadata } = applied.metadata;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...others } = applied;
  const owned = Object.fromEntries(
    Object.entries(fields).filter(([key]) => !IDENTITY.includes(key.slice(2))),
  );
  const body: JsonObject = Object.keys(metadata).length === 0 ? others : { ...others, metadata };
  return mapMatches(body, live, owned);
}

function matches(applied: JsonValue, live: JsonValue | undefined, fields: JsonValue): boolean {
  if (live === undefined || !isJsonObject(fields)) return false;
  if (Object.keys(fields).length === 0) return sameJson(applied, live);
  if (isJsonObject(applied)) return isJsonObject(live) && mapMatches(applied, live, fields);
  return Array.isArray(applied) && Array.isArray(live) && listMatches(applied, live, fields);
}

function mapMatches(applied: JsonObject, live: JsonObject, fields: JsonObject): boolean {
  const keys = Object.keys(applied);
  const owned = Object.keys(fields).filter(key => key !== '.');
  return (
    owned.length === keys.length &&
    keys.every(key => {
      const node = fields[`f:${key}`];
      return node !== undefined && matches(applied[key] ?? null, live[key], node);
    })
  );
}

/**
 * Compares lists whose items have an identity: `k:{"name":"api"}` for maps, `v:"x"` for sets (other lists are one value, `{}`).
 * Items must be in the order in which they were applied: init containers run in that order.
 */
function listMatches(applied: readonly JsonValue[], live: readonly JsonValue[], fields: JsonObject): boolean {
  const owned = Object.entries(fields).filter(([key]) => key !== '.');
  if (owned.length !== applied.length) return false;
  const indexes = new Map<number, number>();
  for (const [key, node] of owned) {
    if (!key.startsWith('k:') && !key.startsWith('v:')) return false;
    const selector = parseJson(key.slice(2));
    const mine = applied.findIndex(item => isSelected(item, selector));
    const theirs = live.findIndex(item => isSelected(item, selector));
    if (mine < 0 || theirs < 0) return false;
    if (key.startsWith('k:') && !matches(applied[mine] ?? null, live[theirs], node)) return false;
    indexes.set(mine, theirs);
  }
  const order = applied.map((_item, index) => indexes.get(index) ?? -1);
  return order.every((at, index) => index === 0 || at > (order[index - 1] ?? -1));
}

/** A part of the key that an item leaves out has its default, such as TCP for the protocol of a port. */
function isSelected(item: JsonValue, selector: JsonValue): boolean {
  if (!isJsonObject(selector) || !isJsonObject(item)) return sameJson(item, selector);
  const given = Object.entries(selector).filter(([key]) => item[key] !== undefined);
  return given.length > 0 && given.every(([key, value]) => sameJson(item[key] ?? null, value));
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index] as JsonValue));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => b[key] !== undefined && sameJson(a[key] as JsonValue, b[key]))
  );
}
