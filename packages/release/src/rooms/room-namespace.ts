import type { ClusterClient } from '@slipway/cluster';
import { defined, isJsonObject, type JsonObject, textMap } from '@slipway/core';
import {
  EXPIRES,
  isTerminating,
  type KubernetesObject,
  type ObjectReference,
  ROOM,
  SPAWNED_PULL,
  SPAWNED_REPOSITORY,
  SPAWNED_SERVER,
} from '@slipway/kubernetes';
import { isOvertaken } from '../cluster/expected-errors.ts';
import { asRead } from '../objects/identity.ts';
import { parseMarks, type Room, type RoomTerms, roomLabels, roomSaid } from './room.ts';
import { roomBroken, roomForeign, roomUnmarked } from './room-errors.ts';

/** The namespace of an instance is its room. Who writes it is said by name, since an admission policy has no other clock than that note. */
const WRITER = { fieldManager: 'slipway-room' };
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

export function namespaceReference(name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Namespace', name };
}

/** The namespace with the marks by which a fence knows it. */
export function roomNamespace(terms: RoomTerms): KubernetesObject {
  return {
    ...{ apiVersion: 'v1', kind: 'Namespace' },
    metadata: {
      name: terms.namespace,
      labels: { ...roomLabels(terms), [POD_SECURITY]: 'restricted' },
      annotations: roomMarks(terms),
    },
  };
}

function roomMarks(terms: RoomTerms): JsonObject {
  const { server, repositoryId, pull, expires } = terms;
  return defined({
    [ROOM]: JSON.stringify(roomSaid(terms)),
    [SPAWNED_SERVER]: server,
    [SPAWNED_REPOSITORY]: repositoryId === undefined ? undefined : String(repositoryId),
    [SPAWNED_PULL]: pull === undefined ? undefined : String(pull),
    [EXPIRES]: expires.toISOString(),
  });
}

/**
 * The room that a namespace is; undefined if it does not say for whom, or if what it says by JSON is not what a fence compares. One that is
 * being deleted is ending.
 */
export function parseRoomNamespace(namespace: KubernetesObject): Room | undefined {
  const marked = parseMarks(namespace, namespace.metadata.name);
  if (marked === undefined) return undefined;
  const said = textMap(namespace.metadata['annotations'] ?? null);
  const server = said[SPAWNED_SERVER];
  const marks = roomMarks({ ...marked, ...defined({ server }) });
  const compared = [SPAWNED_REPOSITORY, SPAWNED_PULL, EXPIRES];
  if (server === undefined || compared.some(mark => said[mark] !== marks[mark])) return undefined;
  const ending = isTerminating(namespace) ? ({ isEnding: true } as const) : {};
  return { ...marked, ...ending, server, form: 'create', object: namespace };
}

/**
 * Makes the namespace of an instance, or prolongs what there is of it. It is the first thing that is written of one.
 * @param expiresAfter when it ends, by when it would have ended
 * @throws SlipwayError `room-unmarked`, `room-foreign`, `room-broken`
 */
export async function takeRoomNamespace(
  client: ClusterClient,
  terms: Omit<RoomTerms, 'expires' | 'isEnding'>,
  expiresAfter: (before: Date | undefined) => Date,
): Promise<{ readonly room: Room; readonly isNew: boolean }> {
  for (;;) {
    const live = await readOwnNamespace(client, terms);
    const next = { ...terms, expires: expiresAfter(live?.expires) };
    try {
      return { room: await writeRoomNamespace(client, next, live), isNew: live === undefined };
    } catch (error) {
      if (!isOvertaken(error, live !== undefined)) throw error;
    }
  }
}

/**
 * The namespace of an instance, if it is the room of just that one.
 * @throws SlipwayError `room-unmarked` for one that someone else made, `room-foreign` for another repository or formation
 */
export async function readOwnNamespace(
  client: Pick<ClusterClient, 'get'>,
  terms: Omit<RoomTerms, 'expires' | 'isEnding'>,
): Promise<Room | undefined> {
  const live = await client.get(namespaceReference(terms.namespace));
  if (live === undefined) return undefined;
  const room = parseRoomNamespace(live);
  if (room === undefined) throw roomUnmarked(live);
  const isOwn =
    room.server === terms.server &&
    room.repositoryId === terms.repositoryId &&
    room.application === terms.application &&
    room.from === terms.from &&
    room.key === terms.key;
  if (!isOwn) throw roomForeign(room);
  return room;
}

/** @param live as it was read; undefined to create it */
async function writeRoomNamespace(
  client: ClusterClient,
  terms: RoomTerms,
  live: Room | undefined,
): Promise<Room> {
  const body = roomNamespace(terms);
  const written =
    live === undefined
      ? await client.create(body, WRITER)
      : await client.update(changed(live.object, body), WRITER);
  const room = parseRoomNamespace(written);
  if (room === undefined) throw roomBroken(written);
  return room;
}

/** What others wrote on a namespace stays, as far as its fence lets it. */
function changed(live: KubernetesObject, { metadata }: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...kept } = live.metadata;
  const annotations = { ...objectOf(kept['annotations']), ...objectOf(metadata['annotations']) };
  return { ...live, metadata: { ...kept, annotations, ...asRead(live) } };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value as never) ? (value as JsonObject) : {};
}
