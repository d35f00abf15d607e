import type { ClusterClient, ListQuery } from '@slipway/cluster';
import { defined, formatPointer, inParallel, isJsonObject, type JsonValue } from '@slipway/core';
import {
  annotationOf,
  isJob,
  isSecret,
  type KubernetesObject,
  kindKey,
  type ObjectReference,
  objectKey,
  PART_OF,
  RELEASE,
  referenceTo,
} from '@slipway/kubernetes';
import { unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { meantToStay } from '../health/describe-changes.ts';
import { applySetId, fieldManager } from '../names.ts';
import { managerEntries } from '../objects/managed-fields.ts';
import { overwrites } from '../objects/overwrites.ts';
import { ofPeople, ownedHash } from '../objects/owned-hash.ts';
import { ownersOf } from '../objects/ownership.ts';
import type { RecordOwner } from '../records/records.ts';
import type { NotedObject } from '../records/status-note.ts';
import { copiesAmong } from './left-copies.ts';

/** An object that is not as a release applied it. */
export interface DriftFound {
  readonly object: ObjectReference;
  readonly change: 'changed' | 'removed';
  /** RFC 6901. */
  readonly fields: readonly string[];
  /** Who owns the fields now. */
  readonly by: readonly string[];
}

export interface Drift {
  readonly found: readonly DriftFound[];
  readonly compared: number;
  /** Objects that the credentials may not read. */
  readonly unread: readonly ObjectReference[];
  /** Objects of which it was not noted what the release owned. */
  readonly unnoted: readonly ObjectReference[];
  /** The names of temporary copies that are beside the objects, whichever release they are of. */
  readonly copies: readonly string[];
}

/** What was released: the objects, and their manifests where the record may be read. */
export interface ReleasedObjects {
  readonly owner: RecordOwner;
  readonly number: number;
  readonly objects: readonly NotedObject[];
  readonly manifests?: readonly KubernetesObject[] | undefined;
}

/**
 * What others have changed of a release since it was applied, from who owns the fields: with manifests exactly, and else by the hash
 * that was noted. It reads metadata, and an object itself only where someone else owns what was applied. Jobs are left out: they run once,
 * and are removed afterwards.
 */
export async function findDrift(client: ClusterClient, released: ReleasedObjects): Promise<Drift> {
  const objects = released.objects.filter(object => !isJob(object));
  const groups = [...Map.groupBy(objects, ({ namespace = '', ...kind }) => `${kindKey(kind)}/${namespace}`)];
  const parts = await inParallel(groups, ([, group]) => driftOfKind(client, released, group));
  return {
    found: parts.flatMap(({ found }) => found),
    compared: parts.reduce((sum, { compared }) => sum + compared, 0),
    unread: parts.flatMap(({ unread }) => unread),
    unnoted: parts.flatMap(({ unnoted }) => unnoted),
    copies: parts.flatMap(({ copies }) => copies),
  };
}

async function driftOfKind(
  client: ClusterClient,
  released: ReleasedObjects,
  group: readonly NotedObject[],
): Promise<Drift> {
  const members = await readMembers(client, released, group);
  if (members === undefined) return { ...NONE, unread: group };
  const parts = await inParallel(group, object => driftOf(client, released, object, members));
  return {
    ...{ found: parts.flatMap(part => part.found ?? []), unread: [] },
    compared: parts.filter(({ isUnnoted }) => !isUnnoted).length,
    unnoted: group.filter((_, index) => parts[index]?.isUnnoted),
    copies: copiesAmong([...members.values()]),
  };
}

const NONE: Drift = { found: [], compared: 0, unread: [], unnoted: [], copies: [] };

/** The metadata of a kind's objects that are in the formation's set; undefined if they may not be read. */
async function readMembers(
  client: ClusterClient,
  { owner }: ReleasedObjects,
  [first]: readonly NotedObject[],
): Promise<ReadonlyMap<string, KubernetesObject> | undefined> {
  if (first === undefined) return new Map();
  const { apiVersion, kind, namespace } = first;
  const labelSelector = `${PART_OF}=${applySetId(owner, owner.namespace)}`;
  const query: ListQuery = { apiVersion, kind, ...defined({ namespace }), labelSelector };
  const list = await unlessForbidden(client.listMetadata(query));
  return (
    list && new Map(list.items.map(item => [objectKey({ ...referenceTo(item), apiVersion, kind }), item]))
  );
}

interface Compared {
  readonly found?: DriftFound | undefined;
  readonly isUnnoted: boolean;
}

async function driftOf(
  client: ClusterClient,
  released: ReleasedObjects,
  { owned, ...object }: NotedObject,
  members: ReadonlyMap<string, KubernetesObject>,
): Promise<Compared> {
  // Whoever removes the label takes it out of the list, and not out of the cluster.
  const live = members.get(objectKey(object)) ?? (await unlessUnknown(client.get(object)));
  if (live === undefined)
    return { isUnnoted: false, found: { object, change: 'removed', fields: [], by: [] } };
  // What a newer release wrote is not drift.
  if (Number(annotationOf(live, RELEASE) ?? 0) > released.number) return { isUnnoted: false };
  const manager = fieldManager(released.owner);
  const manifest = released.manifests?.find(known => objectKey(referenceTo(known)) === objectKey(object));
  if (manifest !== undefined)
    return { isUnnoted: false, found: await overwritten(client, released, manifest, live) };
  if (owned === undefined) return { isUnnoted: true };
  if (ownedHash(live, manager) === owned) return { isUnnoted: false };
  return { isUnnoted: false, found: { object, change: 'changed', ...laterFields(live, manager) } };
}

/** The fields that others have written over, exactly. */
async function overwritten(
  client: ClusterClient,
  { owner, manifests = [] }: ReleasedObjects,
  manifest: KubernetesObject,
  seen: KubernetesObject,
): Promise<DriftFound | undefined> {
  const manager = fieldManager(owner);
  if (overwrites(manifest, seen, ownersOf(seen, manager)).length === 0) return undefined;
  const object = referenceTo(manifest);
  const live = (await unlessForbidden(client.get(object))) ?? seen;
  const changes = await meantToStay(overwrites(manifest, live, ownersOf(live, manager)), {
    ...{ client, manifests, manifest },
  });
  if (changes.length === 0) return undefined;
  return {
    ...{ object, change: 'changed' },
    fields: changes.map(({ pointer }) => pointer),
    by: [...new Set(changes.flatMap(({ managers }) => managers))],
  };
}

/** What others own of an object and wrote after the release did: the fields that were taken are among them. */
function laterFields(live: KubernetesObject, manager: string): Pick<DriftFound, 'fields' | 'by'> {
  const entries = managerEntries(live).filter(({ subresource }) => subresource === '');
  const ours = entries.find(({ name, isApply }) => name === manager && isApply);
  const later = entries.filter(entry => entry !== ours && entry.time >= (ours?.time ?? 0));
  const written = later.map(({ name, fields }) => ({ name, pointers: pointersOf(ofPeople(fields)) }));
  const shown = written.filter(({ pointers }) => pointers.length > 0);
  return {
    fields: [...new Set(shown.flatMap(({ pointers }) => pointers))],
    by: [...new Set(shown.map(({ name }) => name))],
  };
}

/** The pointers of the leaves of owned fields; an item of a list is shown by what identifies it. */
function pointersOf(tree: JsonValue, path: readonly string[] = []): string[] {
  const steps = isJsonObject(tree) ? Object.entries(tree).filter(([step]) => step !== '.') : [];
  if (steps.length === 0) return path.length === 0 ? [] : [formatPointer(path)];
  return steps.flatMap(([step, inner]) => pointersOf(inner ?? null, [...path, step.replace(/^[fkv]:/, '')]));
}

/** Whether what was not read is only what a reader without a right to Secrets is not meant to see. */
export function areSecrets(objects: readonly ObjectReference[]): boolean {
  return objects.every(object => isSecret(object));
}
