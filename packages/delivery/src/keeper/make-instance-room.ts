import type { ClusterClient } from '@slipway/cluster';
import { defined, isPullNumber, parseDuration, quote, SlipwayError, throwIfAny } from '@slipway/core';
import { isTerminating, uidIfAny } from '@slipway/kubernetes';
import {
  isExpired,
  listRooms,
  namespaceReference,
  namespaceStays,
  outlastSecond,
  type Room,
  type Rooms,
  type RoomTerms,
  readOwnNamespace,
  roomBinding,
  serverProblems,
  serverTime,
  stillThere,
  takeRoomNamespace,
} from '@slipway/release';
import type { Spawned } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { findFormation } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { spawnedOf } from '../formation/with-instance.ts';
import { endInstance } from '../instances/end-instance.ts';
import { clusterOf } from '../modes/with-formation.ts';
import type { RoomRequest } from '../request.ts';
import { lookAtPull, unwelcome } from '../spawned/look-at-pull.ts';
import { makeRoom } from '../spawned/make-room.ts';
import type { SpawnedBy } from '../spawned/pulls.ts';
import { rankOf } from '../spawned/rank.ts';
import { repositoryUnknown } from '../spawned/spawn-errors.ts';
import type { NoInstance } from '../spawned/spawn-guards.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { furnish } from './furnish.ts';
import { proveFence, proveMarks } from './prove-fence.ts';

type Terms = Omit<RoomTerms, 'expires' | 'isEnding'>;

/** What a room is made with, once it is known for whom it is. */
interface Making {
  readonly client: ClusterClient;
  readonly terms: Terms;
  readonly instance: string;
  readonly block: Spawned['block'];
  readonly by: SpawnedBy;
  readonly lockTimeout: number;
  readonly surroundings: DeliverySurroundings;
}

/**
 * Makes the namespace of an instance with its fence, or prolongs what there is of it, once its own fence is proven. Whatever fails on the
 * way leaves nothing that is given to the tenant.
 * @throws SlipwayError `spawn-form`, `fence-missing`, `fence-unknown`, `room-…`, `namespace-stays`, `spawn-of-fork`, `spawn-closed`
 */
export async function makeInstanceRoom(
  request: RoomRequest,
  by: SpawnedBy,
  surroundings: DeliverySurroundings,
): Promise<Room | NoInstance> {
  const found = await findFormation(request, surroundings);
  const instance = spawnedOf(found);
  if (instance?.block.form !== 'create') throw otherForm(request.formation || found.identity.formation);
  await refuseHead(request, surroundings);
  const pull = isPullNumber(instance.key) ? Number(instance.key) : undefined;
  const seen = pull === undefined ? undefined : await lookAtPull(pull, by);
  const none = unwelcome(seen);
  if (none !== undefined) return none;
  const repositoryId = seen?.repositoryId ?? (await by.pulls.repositoryId());
  const terms = termsOf(found, instance, { pull, repositoryId }, surroundings);
  const client = await surroundings.openCluster(clusterOf(found));
  try {
    throwIfAny(serverProblems(client, { server: found.checkout?.destination.cluster?.server }));
    return await makeIn({
      ...{ client, terms, instance: found.identity.formation, block: instance.block },
      ...{ by, lockTimeout: request.lockTimeout, surroundings },
    });
  } finally {
    client.close();
  }
}

async function makeIn(making: Making): Promise<Room | NoInstance> {
  const { client, terms, instance, block, by, lockTimeout, surroundings } = making;
  const { clock, signal } = surroundings;
  const ends = await endOf(making);
  await proveFence(client, { ...terms, expires: ends }, block);
  const live = await withoutEnding(await readOwnNamespace(client, terms), making);
  if (live !== undefined && by.isPushOfBot && isExpired(live, await serverTime(client, surroundings.clock)))
    return { why: 'expired', expires: live.expires };
  const isGiven = live !== undefined && (await isGivenToTenant(making));
  const listed = await listRooms(client, terms, 'create');
  const atMost = block['at-most'];
  if (!isGiven && rankOf(instance, listed) >= atMost) {
    const others = othersOf(listed, instance);
    if (
      !(await makeRoom({ ...listed, rooms: others }, atMost, {
        client,
        pulls: by.pulls,
        lockTimeout,
        surroundings,
      }))
    )
      return await giveWay(live, othersOf(await listRooms(client, terms, 'create'), instance), making);
  }
  const { room, isNew } = await asAgreed(
    terms,
    takeRoomNamespace(client, terms, before => (before !== undefined && by.isPushOfBot ? before : ends)),
  );
  if (!isGiven) {
    // The younger of several that took room at the same time give way; they are known once no more can come of the same second.
    if (isNew) await outlastSecond(signal);
    const taken = await listRooms(client, terms, 'create');
    if (rankOf(instance, taken) >= atMost) return await giveWay(room, othersOf(taken, instance), making);
  }
  await proveMarksOf(room, isNew, making);
  await furnish(client, terms.namespace, block, { timeout: lockTimeout, clock, signal });
  return room;
}

/** What the policy compares is in a ConfigMap that this login may not read, so it is said what has to be in it. */
async function asAgreed<Result>(terms: Terms, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (
      !(error instanceof SlipwayError) ||
      error.code !== 'cluster-refused' ||
      !/AdmissionPolicy/.test(error.message)
    )
      throw error;
    const { application, from, key, namespace, server, repositoryId } = terms;
    const expected = Object.entries({
      application,
      formation: from,
      'name-prefix': namespace.slice(0, namespace.length - key.length),
      server: server ?? '',
      'repository-id': String(repositoryId),
    });
    const lines = expected.map(([name, value]) => `${name}: ${quote(value)}`).join(', ');
    throw new SlipwayError(
      {
        code: error.code,
        message: error.message,
        remedy: `let an administrator compare the ConfigMap of this formation, of examples/roles/spawner.yaml, with what this run asks by: ${lines}`,
      },
      { cause: error },
    );
  }
}

async function endOf({ client, block, surroundings }: Making): Promise<Date> {
  const now = await serverTime(client, surroundings.clock);
  return new Date(now.getTime() + (parseDuration(block.expires) ?? 0));
}

/** A namespace whose marks could be removed is not kept, if this run made it. */
async function proveMarksOf(room: Room, isNew: boolean, making: Making): Promise<void> {
  try {
    await proveMarks(making.client, room);
  } catch (error) {
    if (isNew) await remove(room, making);
    throw error;
  }
}

/** What is left of an instance that was being removed goes first. @throws SlipwayError `namespace-stays` */
async function withoutEnding(
  live: Room | undefined,
  { client, lockTimeout, surroundings }: Making,
): Promise<Room | undefined> {
  if (live?.isEnding !== true) return live;
  const { clock, signal, logger } = surroundings;
  logger.info(`Waiting until the namespace ${live.namespace} is removed`);
  if (!isTerminating(live.object)) {
    const { problems } = await endInstance({ client, room: live, lockTimeout }, surroundings);
    throwIfAny(problems);
    return undefined;
  }
  const going = [{ ...namespaceReference(live.namespace), uid: uidIfAny(live.object) }];
  const stays = await stillThere(going, { client, clock, signal, timeout: lockTimeout });
  throwIfAny(stays.map(object => namespaceStays(object, live)));
  return undefined;
}

/** Whether a run has been at the end of it: what was given to the tenant keeps its room. */
async function isGivenToTenant({ client, terms, block }: Making): Promise<boolean> {
  const { apiVersion, kind, metadata } = roomBinding(terms.namespace, block);
  const reference = { apiVersion, kind, namespace: terms.namespace, name: metadata.name };
  return (await client.get(reference)) !== undefined;
}

function othersOf({ rooms }: Rooms, instance: string): readonly Room[] {
  return rooms.filter(({ formation }) => formation !== instance);
}

async function giveWay(own: Room | undefined, rooms: readonly Room[], making: Making): Promise<NoInstance> {
  if (own !== undefined) await remove(own, making);
  const { client, block, surroundings } = making;
  const at = await serverTime(client, surroundings.clock);
  return { why: 'no-room', atMost: block['at-most'], rooms, at };
}

async function remove(room: Room, { client, lockTimeout, surroundings }: Making): Promise<void> {
  throwIfAny((await endInstance({ client, room, lockTimeout }, surroundings)).problems);
}

function termsOf(
  { identity, checkout }: FoundFormation,
  { from, key, block }: Spawned,
  { pull, repositoryId }: { readonly pull: number | undefined; readonly repositoryId: number | undefined },
  { run }: DeliverySurroundings,
): Terms {
  const { application, namespace, destination = '', repository } = identity;
  if (repositoryId === undefined || run.server === undefined) throw repositoryUnknown(repository);
  return {
    ...{ application, from, key, namespace, destination, repository, repositoryId, server: run.server },
    environment: checkout?.destination.environment ?? from,
    ...defined({ pull, url: block.url?.replaceAll('${spawn}', key) }),
  };
}

/** What the author of a pull request wrote must not say what this login makes. @throws SlipwayError `room-of-head` */
async function refuseHead({ head }: RoomRequest, { commits }: DeliverySurroundings): Promise<void> {
  if (head === undefined || (await commits.head()) !== head.commit) return;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'room-of-head',
    message: `the checkout is the head of pull request ${head.pull}, and rooms are made by the files of its base`,
    remedy: 'check out no other ref in this job',
  });
}

function otherForm(formation: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'spawn-form',
    message: `the formation ${quote(formation)} has the form "shared", whose instances are in a namespace that exists, so there is no room to make`,
    remedy: 'leave the step out, or write form: create',
  });
}
