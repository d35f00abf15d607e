import { isPullNumber, parseDuration } from '@slipway/core';
import {
  assertOwnRoom,
  leaveRoom,
  listReleases,
  listRooms,
  outlastSecond,
  type Room,
  type RoomTerms,
  serverTime,
  takeRoom,
} from '@slipway/release';
import type { Spawned } from '@slipway/render';
import { spawnedOf } from '../formation/with-instance.ts';
import type { Guards } from '../modes/apply-manifests.ts';
import type { Delivery } from '../modes/prepare.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { awaitRoom } from './await-room.ts';
import { fenceProblems, spawnRights } from './fence.ts';
import { lookAtPull, type SeenPull, unwelcome } from './look-at-pull.ts';
import { makeRoom } from './make-room.ts';
import type { SpawnedBy } from './pulls.ts';
import { rankOf } from './rank.ts';
import { notOpen, repositoryUnknown } from './spawn-errors.ts';
import { termsOf } from './spawn-terms.ts';

/** Why there is no instance, which is not an error. */
export type NoInstance =
  | { readonly why: 'draft' | 'bot' }
  /** A push of a program does not prolong what has ended already. */
  | { readonly why: 'expired'; readonly expires: Date }
  | {
      readonly why: 'no-room';
      readonly atMost: number;
      /** Who has the room. */
      readonly rooms: readonly Room[];
      /** The server's time, by which they began and end. */
      readonly at: Date;
    }
  | {
      readonly why: 'no-room';
      /** The pull request on which another run says so, and who has the room. */
      readonly saidOn: number;
    };

export interface GuardOptions {
  readonly delivery: Delivery;
  readonly request: Pick<ApplyManifestsRequest, 'lockTimeout'>;
  readonly by: SpawnedBy;
  readonly surroundings: DeliverySurroundings;
}

/** What decides about a release of an instance besides its manifests: its pull request, its namespace, and whether there is room. */
export function spawnGuards(options: GuardOptions): Guards<NoInstance> {
  const { delivery, request, by, surroundings } = options;
  const { desired, client } = delivery;
  const instance = spawnedOf(desired);
  if (instance === undefined) throw new TypeError('the release is not of an instance');
  const pull = isPullNumber(instance.key) ? Number(instance.key) : undefined;
  const { block } = instance;
  const { namespace } = desired.identity;
  let seen: SeenPull | undefined;
  let room: Room | undefined;
  return {
    rights: spawnRights(namespace),
    async admit() {
      seen = pull === undefined ? undefined : await lookAtPull(pull, by);
      const none = unwelcome(seen);
      if (none !== undefined || block.form === 'shared') return none;
      const repositoryId = seen?.repositoryId ?? (await by.pulls.repositoryId());
      if (repositoryId === undefined) throw repositoryUnknown(desired.identity.repository);
      const terms = { ...termsOf(desired, instance, seen, surroundings), repositoryId };
      const { application, formation } = desired.identity;
      const saysNoRoom = async (): Promise<boolean> =>
        pull !== undefined && (await by.saysNoRoom({ application, formation, pull }));
      const found = await awaitRoom(
        client,
        { terms, timeout: request.lockTimeout, saysNoRoom },
        surroundings,
      );
      if (found === 'no-room') return { why: 'no-room', saidOn: Number(pull) };
      room = found;
      return undefined;
    },
    problems: () => fenceProblems(client, namespace, block),
    async enter() {
      if (block.form === 'create') return undefined;
      const entered = await enter(options, instance, termsOf(desired, instance, seen, surroundings));
      if ('why' in entered) return entered;
      room = entered;
      return undefined;
    },
    async beforeRecord(locked) {
      if (room !== undefined) await assertOwnRoom(locked, room);
    },
    async beforeLastStage() {
      if (pull === undefined) return;
      const now = await by.pulls.look(pull);
      if (now.state === 'closed') throw notOpen(pull);
      if (now.state === 'unknown')
        surroundings.logger.warning(
          `Whether pull request ${pull} is still open is not known: ${now.why}; if it is closed, the next sweep removes what this run deploys`,
        );
    },
  };
}

type Terms = Omit<RoomTerms, 'expires' | 'isEnding'>;

/** Takes room, and gives it back where there is none. One that was released in it already keeps it. */
async function enter(
  { delivery: { desired, client }, request, by, surroundings }: GuardOptions,
  { block }: Spawned,
  terms: Terms,
): Promise<Room | NoInstance> {
  const { identity } = desired;
  const atMost = block['at-most'];
  const listed = await listRooms(client, terms);
  // Records without a room are left of an instance whose Lease someone deleted, and others may have its room by now.
  const hasRoom = listed.rooms.some(({ formation }) => formation === identity.formation);
  const isReleased = hasRoom && (await listReleases(client, identity)).length > 0;
  const { lockTimeout } = request;
  const making = { client, pulls: by.pulls, lockTimeout, surroundings };
  const now = () => serverTime(client, surroundings.clock);
  const othersNow = async (): Promise<Room[]> =>
    (await listRooms(client, terms)).rooms.filter(({ formation }) => formation !== identity.formation);
  if (!isReleased && rankOf(identity.formation, listed) >= atMost) {
    const others = listed.rooms.filter(({ formation }) => formation !== identity.formation);
    if (!(await makeRoom({ ...listed, rooms: others }, atMost, making)))
      return { why: 'no-room', atMost, rooms: await othersNow(), at: await now() };
  }
  const ends = (await now()).getTime() + (parseDuration(block.expires) ?? 0);
  const { room, isNew } = await takeRoom(client, terms, before =>
    before !== undefined && by.isPushOfBot ? before : new Date(ends),
  );
  if (isReleased) return room;
  // The younger of several that took room at the same time give way; they are known once no more can come of the same second.
  if (isNew) await outlastSecond(surroundings.signal);
  const taken = await listRooms(client, terms);
  if (rankOf(room.formation, taken) < atMost) return room;
  await leaveRoom(client, room);
  const others = taken.rooms.filter(({ formation }) => formation !== room.formation);
  return { why: 'no-room', atMost, rooms: others, at: await now() };
}
