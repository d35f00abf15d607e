import {
  defined,
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  type PlannedChange,
} from '@slipway/core';
import {
  CONTENT,
  DEPLOYMENT_TAG,
  GIVEN_NAME,
  isSecret,
  type KubernetesObject,
  RELEASE,
} from '@slipway/kubernetes';
import { sameJson } from './managed-fields.ts';

export type FieldChange = NonNullable<PlannedChange['fields']>[number];

/** Fields that the server or Slipway writes, which differ although no one changed anything. */
const NOISE = new Set([
  '/status',
  '/metadata/managedFields',
  '/metadata/resourceVersion',
  '/metadata/generation',
  '/metadata/uid',
  '/metadata/creationTimestamp',
  '/metadata/selfLink',
  // Contains the whole object again, including a Secret's content.
  `/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration`,
  `/metadata/annotations/${RELEASE.replace('/', '~1')}`,
  `/metadata/annotations/${DEPLOYMENT_TAG.replace('/', '~1')}`,
  `/metadata/annotations/${CONTENT.replace('/', '~1')}`,
  `/metadata/annotations/${GIVEN_NAME.replace('/', '~1')}`,
]);

/** Keys that identify the items of a list; the first one that all items have is used. */
const ITEM_KEYS = ['name', 'containerPort', 'port', 'mountPath', 'key', 'ip', 'type', 'uid'] as const;

/** The fields in which two states of an object differ, without those that the server writes and without a Secret's content. */
export function diffFields(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, [], changes);
  const hidden = isSecret(after);
  return changes.map(change => (hidden && isContent(change.pointer) ? { pointer: change.pointer } : change));
}

function isContent(pointer: string): boolean {
  return pointer.startsWith('/data') || pointer.startsWith('/stringData');
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: Path,
  found: FieldChange[],
): void {
  if (NOISE.has(formatPointer(path))) return;
  if (isJsonObject(before) && isJsonObject(after)) compareMaps(before, after, path, found);
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found);
  else if (before === undefined || after === undefined || !sameJson(before, after))
    found.push({
      pointer: formatPointer(path),
      ...defined({ before, after }),
    });
}

function compareMaps(before: JsonObject, after: JsonObject, path: Path, found: FieldChange[]): void {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) compare(before[key], after[key], [...path, key], found);
}

/** Items with a key are compared by it, so that inserting one does not change all that follow. */
function compareLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: Path,
  found: FieldChange[],
): void {
  const key = ITEM_KEYS.find(name => [...before, ...after].every(item => isJsonObject(item) && name in item));
  if (key === undefined) {
    const longest = Math.max(before.length, after.length);
    for (let index = 0; index < longest; index++)
      compare(before[index], after[index], [...path, index], found);
    return;
  }
  const nameOf = (item: JsonValue): JsonValue | undefined => (item as JsonObject)[key];
  after.forEach((item, index) => {
    const old = before.find(candidate => nameOf(candidate) === nameOf(item));
    compare(old, item, [...path, index], found);
  });
  before.forEach((item, index) => {
    const gone = !after.some(candidate => nameOf(candidate) === nameOf(item));
    if (gone) found.push({ pointer: formatPointer([...path, index]), before: item });
  });
}

/**
 * Marks fields that differ although the manifest has not changed since the last release: someone changed the live object.
 * Pointers match if one contains the other, since the server adds to what was applied.
 * @param before the manifest as it was applied
 */
export function markDrift(
  fields: readonly FieldChange[],
  object: KubernetesObject,
  before: KubernetesObject | undefined,
): readonly FieldChange[] {
  if (before === undefined || fields.length === 0) return fields;
  const changed = diffFields(before, object).map(({ pointer }) => pointer);
  return fields.map(field =>
    changed.some(pointer => overlap(pointer, field.pointer)) ? field : { ...field, drifted: true },
  );
}

function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
