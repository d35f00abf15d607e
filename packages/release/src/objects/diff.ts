import {
  defined,
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  type PlannedChange,
  parseJson,
} from '@slipway/core';
import {
  CONTENT,
  DEPLOYMENT_TAG,
  GIVEN_NAME,
  isSecret,
  itemsByKey,
  type KubernetesObject,
  RELEASE,
} from '@slipway/kubernetes';
import { type ListTypeAt, listTypesOf } from './list-types.ts';
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

/**
 * The fields in which two states of an object differ, without those that the server writes and without a Secret's content. It is
 * empty only if everything else is equal as JSON, the order of lists included: nothing is unchanged that this does not call so.
 */
export function diffFields(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, { path: [], listTypeAt: listTypesOf(after, before, after) }, changes);
  const hidden = isSecret(after);
  return changes.map(change =>
    hidden && !SHOWN_OF_SECRETS.test(change.pointer) ? { pointer: change.pointer } : change,
  );
}

/** All else is content, also under a key that no Secret has, such as a misspelt `stringdata`. */
const SHOWN_OF_SECRETS = /^\/(?:apiVersion|kind|type|immutable|metadata\/.+)$/;

interface Point {
  readonly path: Path;
  readonly listTypeAt: ListTypeAt;
}

const below = ({ path, listTypeAt }: Point, step: string | number): Point => ({
  path: [...path, step],
  listTypeAt,
});

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  at: Point,
  found: FieldChange[],
): void {
  const pointer = formatPointer(at.path);
  if (NOISE.has(pointer)) return;
  if (isJsonObject(before) && isJsonObject(after)) compareMaps(before, after, at, found);
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, at, found);
  else if (before === undefined || after === undefined || !sameJson(before, after)) {
    const [old, next] = [withoutNoise(before, at), withoutNoise(after, at)];
    if (old !== undefined || next !== undefined)
      found.push({ pointer, ...defined({ before: old, after: next }) });
  }
}

/** A map that is new or leaves as a whole, without what the server writes into it; undefined if that is all. */
function withoutNoise(value: JsonValue | undefined, { path }: Point): JsonValue | undefined {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  const kept = entries.filter(([key]) => !NOISE.has(formatPointer([...path, key])));
  return kept.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(kept);
}

function compareMaps(before: JsonObject, after: JsonObject, at: Point, found: FieldChange[]): void {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) compare(before[key], after[key], below(at, key), found);
}

type Items = NonNullable<ReturnType<typeof itemsByKey>>;

/** Items are paired by all of the list's keys, so that inserting one does not change all that follow, or else by index. */
function compareLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  at: Point,
  found: FieldChange[],
): void {
  const type = at.listTypeAt(at.path);
  const keys = type === undefined || typeof type === 'string' ? undefined : type;
  const old = keys && itemsByKey(before, keys);
  const next = keys && itemsByKey(after, keys);
  if (old === undefined || next === undefined) compareByIndex(before, after, at, found);
  else compareItems(old, next, at, found);
}

function compareItems(old: Items, next: Items, at: Point, found: FieldChange[]): void {
  for (const [key, { item, index }] of next) compare(old.get(key)?.item, item, below(at, index), found);
  for (const [key, { item, index }] of old)
    if (!next.has(key)) found.push({ pointer: formatPointer([...at.path, index]), before: item });
  const [orderBefore, orderAfter] = [shared(old, next), shared(next, old)];
  if (!sameJson(orderBefore, orderAfter))
    found.push({ pointer: formatPointer(at.path), before: orderBefore, after: orderAfter });
}

function compareByIndex(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  at: Point,
  found: FieldChange[],
): void {
  const longest = Math.max(before.length, after.length);
  for (let index = 0; index < longest; index++) compare(before[index], after[index], below(at, index), found);
}

/** The items that are in both lists, by their keys, in the order of the first. */
function shared(items: Items, others: Items): JsonValue[] {
  return [...items.keys()]
    .filter(key => others.has(key))
    .map(key => {
      const values = parseJson(key) as readonly JsonValue[];
      return values.length === 1 ? (values[0] as JsonValue) : values;
    });
}
