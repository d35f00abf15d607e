import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type SpawnBlock, textMap } from '@slipway/core';
import { APPLICATION, FORMATION, type KubernetesObject, SPAWNED_FROM, uidIfAny } from '@slipway/kubernetes';
import { isOvertaken, unlessCode } from '../cluster/expected-errors.ts';
import { asRead } from '../objects/identity.ts';
import type { RecordOwner } from '../records/records.ts';
import { instanceOwner, parseRoom, type Room, type RoomTerms, roomMetadata, roomReference } from './room.ts';
import { roomBroken, roomEnded, roomForeign } from './room-errors.ts';
import { namespaceReference, parseRoomNamespace } from './room-namespace.ts';

/** The rooms of a formation's instances in a namespace, and the Leases that should be such and do not say whose. */
export interface Rooms {
  /** The oldest first; of two of the same second the one whose name is first. */
  readonly rooms: readonly Room[];
  readonly broken: readonly KubernetesObject[];
}

/**
 * @param form how the rooms are kept: by Leases in a namespace, or by namespaces
 * @throws SlipwayError `cluster-forbidden` without the right to list what keeps them
 */
export async function listRooms(
  client: Pick<ClusterClient, 'list' | 'listMetadata'>,
  { application, from, namespace }: Pick<RoomTerms, 'application' | 'from' | 'namespace'>,
  form: SpawnBlock['form'] = 'shared',
): Promise<Rooms> {
  const labelSelector = `${APPLICATION}=${application},${SPAWNED_FROM}=${from}`;
  const items =
    form === 'create'
      ? await listRoomNamespaces(client, application, from)
      : (
          await client.listMetadata({
            ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, labelSelector },
          })
        ).items;
  const parse = form === 'create' ? parseRoomNamespace : parseRoom;
  const found = items.map(item => ({ item, room: parse(item) }));
  return {
    rooms: found.flatMap(({ room }) => room ?? []).sort(byAge),
    broken: found.flatMap(({ item, room }) => (room === undefined ? [item] : [])),
  };
}

/** Also those without the label by which a fence knows them, but of the name of an instance: no sweep may pass them over. */
async function listRoomNamespaces(
  client: Pick<ClusterClient, 'list'>,
  application: string,
  from: string,
): Promise<KubernetesObject[]> {
  const labelSelector = `${APPLICATION}=${application}`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector });
  return items.filter(({ metadata }) => {
    const { [SPAWNED_FROM]: spawnedFrom, [FORMATION]: formation = '' } = textMap(metadata['labels'] ?? null);
    return spawnedFrom === undefined ? formation.startsWith(`${from}-`) : spawnedFrom === from;
  });
}

function byAge(one: Room, other: Room): number {
  const age = one.created.getTime() - other.created.getTime();
  return age === 0 ? (one.formation < other.formation ? -1 : 1) : age;
}

/** The room of an instance; undefined if there is none. @throws SlipwayError `room-broken`, `room-foreign` for one of another instance */
export async function readRoom(
  client: Pick<ClusterClient, 'get'>,
  owner: RecordOwner,
  form: SpawnBlock['form'] = 'shared',
): Promise<Room | undefined> {
  const [reference, parse] =
    form === 'create'
      ? [namespaceReference(owner.namespace), parseRoomNamespace]
      : [roomReference(owner), parseRoom];
  const live = await client.get(reference);
  if (live === undefined) return undefined;
  const room = parse(live);
  if (room === undefined) throw roomBroken(live);
  // What two formations would call alike is the namespace of whoever made it.
  if (room.formation !== owner.formation || room.application !== owner.application) throw roomForeign(room);
  return room;
}

/**
 * Takes room for an instance, or takes what there is of it on. It is the first thing that is written of one.
 * @param expiresAfter when it ends, by when it would have ended
 * @throws SlipwayError `room-foreign`, `room-broken`
 */
export async function takeRoom(
  client: ClusterClient,
  terms: Omit<RoomTerms, 'expires' | 'isEnding'>,
  expiresAfter: (before: Date | undefined) => Date,
): Promise<{ readonly room: Room; readonly isNew: boolean }> {
  const owner = instanceOwner(terms);
  for (;;) {
    const live = await readRoom(client, owner);
    if (live !== undefined && !isOfRepository(live, terms)) throw roomForeign(live);
    const metadata = roomMetadata({ ...terms, expires: expiresAfter(live?.expires) });
    try {
      return { room: await writeRoom(client, metadata, live), isNew: live === undefined };
    } catch (error) {
      if (!isOvertaken(error, live !== undefined)) throw error;
    }
  }
}

/** By its number, where both are known, since a repository may be renamed; else by its name. */
export function isOfRepository(
  room: Pick<RoomTerms, 'repository' | 'repositoryId'>,
  { repository, repositoryId }: Pick<RoomTerms, 'repository' | 'repositoryId'>,
): boolean {
  if (room.repositoryId !== undefined && repositoryId !== undefined)
    return room.repositoryId === repositoryId;
  return room.repository.toLowerCase() === repository.toLowerCase();
}

async function writeRoom(
  client: ClusterClient,
  metadata: KubernetesObject['metadata'],
  live: Room | undefined,
): Promise<Room> {
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: {} };
  const written =
    live === undefined
      ? await client.create({ ...lease, metadata })
      : await client.update({ ...lease, metadata: { ...metadata, ...asRead(live.object) } });
  const room = parseRoom(written);
  if (room === undefined) throw roomBroken(written);
  return room;
}

/**
 * Waits until the server creates nothing in the second any more in which a room was created, so that whoever lists from then on sees
 * all that are not younger.
 */
export async function outlastSecond(signal: AbortSignal): Promise<void> {
  await sleep(1_000, undefined, { signal });
}

/** @throws SlipwayError `room-ended` if the room of a run is not as it took it, or another run has begun to remove the instance */
export async function assertOwnRoom(client: ClusterClient, room: Room): Promise<void> {
  const live = await readRoom(client, room, room.form);
  if (live === undefined || live.isEnding === true || uidIfAny(live.object) !== uidIfAny(room.object))
    throw roomEnded(room);
}

/**
 * Marks the Lease of a room as being removed, as it was when that was decided.
 * @returns the room with the mark; undefined if another run has taken it on since
 */
export async function beginEnding(client: ClusterClient, room: Room): Promise<Room | undefined> {
  const ending = { ...room, isEnding: true } as const;
  try {
    return await writeRoom(client, roomMetadata(ending), room);
  } catch (error) {
    if (isOvertaken(error, true)) return undefined;
    throw error;
  }
}

/** Gives a room back as it was read. @returns whether it is gone; another run may have taken it on since */
export async function leaveRoom(client: ClusterClient, room: Room): Promise<boolean> {
  const left = await unlessCode('cluster-conflict', async () => {
    await client.delete(roomReference(room), asRead(room.object));
    return true;
  });
  return left === true;
}
