import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
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
  /** When it wrote last, in milliseconds; to a second, as the server notes it. */
  readonly time: number;
  readonly fields: JsonObject;
}

export function managerEntries(live: KubernetesObject): ManagerEntry[] {
  return entriesOf(live).map(({ manager, operation, subresource, time, fieldsV1 }) => ({
    name: String(manager ?? ''),
    isApply: operation === 'Apply' && (subresource === undefined || subresource === ''),
    subresource: String(subresource ?? ''),
    time: Date.parse(String(time ?? '')) || 0,
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

/**
 * Metadata that the server writes and takes from no manifest, although exported ones have it:
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/stripmeta.go
 */
const OF_THE_SERVER = [
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
];

/** An object as server-side apply reads it. */
export function withoutServerMetadata(applied: KubernetesObject): KubernetesObject {
  const entries = Object.entries(applied.metadata).filter(([key]) => !OF_THE_SERVER.includes(key));
  return { ...applied, metadata: Object.fromEntries(entries) as KubernetesObject['metadata'] };
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
