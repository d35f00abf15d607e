import type { ClusterClient } from '@slipway/cluster';
import {
  inParallel,
  LONGEST_HOURS,
  type Problem,
  quote,
  SlipwayError,
  spawningOf,
  textMap,
  throwIfAny,
} from '@slipway/core';
import { APPLICATION, describeObject, FORMATION, VERDICT } from '@slipway/kubernetes';
import {
  claimsOfFormation,
  type Destroyed,
  isExpired,
  listRooms,
  type Room,
  type Rooms,
  roomBroken,
  serverProblems,
  serverTime,
} from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { endInstance } from '../instances/end-instance.ts';
import { claimsIn } from '../instances/end-namespace.ts';
import { clusterOf } from '../modes/with-formation.ts';
import type { SweepRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type JudgedRoom, judgeRooms } from './ended-rooms.ts';
import { asKeeper } from './keeper-needed.ts';
import type { Pulls } from './pulls.ts';
import { mostRemoved } from './room-verdict.ts';
import { formOf, spawningTargets } from './spawning-targets.ts';

/** What became of an instance, and why. */
export interface SweptInstance {
  readonly room: Room;
  readonly outcome: 'removed' | 'kept' | 'failed';
  readonly why: string;
  readonly destroyed?: Destroyed;
  /** The volumes that end with it, for one that ends within a day. */
  readonly volumes?: readonly string[];
}

export interface Swept {
  readonly instances: readonly SweptInstance[];
  /** Everything that went wrong; what could be removed is removed all the same. */
  readonly problems: readonly Problem[];
  /** The server's time; the run's own where the server did not say it. */
  readonly at: Date;
}

/** Most of the time they wait for objects to be gone. */
const CONCURRENCY = 16;

/**
 * Removes the instances that are over, at every destination of the formations that are spawned, or of the one that is named. What keeps one
 * of them from being swept, such as `sweep-too-many` before anything of it is removed, is among its problems, and the others are swept.
 * @throws SlipwayError for what is wrong with files and names
 */
export async function sweepInstances(
  request: SweepRequest,
  pulls: Pulls,
  surroundings: DeliverySurroundings,
): Promise<readonly Swept[]> {
  const targets = await spawningTargets(request, surroundings);
  const swept: Swept[] = [];
  for (const target of targets) swept.push(await sweepOrSay(target, request, pulls, surroundings));
  return swept;
}

async function sweepOrSay(
  target: FoundFormation,
  request: SweepRequest,
  pulls: Pulls,
  surroundings: DeliverySurroundings,
): Promise<Swept> {
  try {
    return await sweepAt(target, request, pulls, surroundings);
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return { instances: [], problems: error.problems, at: surroundings.clock() };
  }
}

async function sweepAt(
  target: FoundFormation,
  request: SweepRequest,
  pulls: Pulls,
  surroundings: DeliverySurroundings,
): Promise<Swept> {
  const { application, formation: from, namespace } = target.identity;
  const client = await surroundings.openCluster(clusterOf(target));
  try {
    throwIfAny(serverProblems(client, { server: target.checkout?.destination.cluster?.server }));
    const form = formOf(target);
    const listing = listRooms(client, { application, from, namespace }, form);
    const rooms = await (form === 'create' ? asKeeper(listing) : listing);
    const at = await serverTime(client, surroundings.clock);
    const judged = await judgeRooms(rooms.rooms, { now: at, pulls, run: surroundings.run });
    refuseTooMany(judged, `${application}/${from}`, request.confirm);
    const instances = await inParallel(
      judged,
      one => settle(one, { client, lockTimeout: request.lockTimeout, now: at }, surroundings),
      CONCURRENCY,
    );
    const problems = [
      ...instances.flatMap(({ problems }) => problems),
      ...instances.flatMap(({ instance }) => endless(instance, at)),
      // What has a namespace of its own is gone with it, so that nothing is left without marks.
      ...(form === 'create' ? brokenProblems(rooms) : await strays(client, target, rooms)),
    ];
    return { instances: instances.map(({ instance }) => instance), problems, at };
  } finally {
    client.close();
  }
}

/** @throws SlipwayError `sweep-too-many`, with the list */
function refuseTooMany(judged: readonly JudgedRoom[], name: string, confirm: string): void {
  const over = judged.filter(({ isOver }) => isOver);
  const most = mostRemoved(judged.length);
  if (over.length <= most || confirm === name) return;
  const list = over.map(({ room, why }) => `${room.formation} (${why})`).join(', ');
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'sweep-too-many',
    message: `the sweep would remove ${over.length} of ${judged.length} instances of ${quote(name)}, and by itself it removes ${most} at most: ${list}`,
    remedy: `check that they are over, and set confirm to ${quote(name)}`,
  });
}

interface Settled {
  readonly instance: SweptInstance;
  readonly problems: readonly Problem[];
}

/** One that fails does not keep the others from being removed. */
async function settle(
  { room, isOver, why }: JudgedRoom,
  options: { readonly client: ClusterClient; readonly lockTimeout: number; readonly now: Date },
  surroundings: DeliverySurroundings,
): Promise<Settled> {
  try {
    if (!isOver)
      return { instance: { room, outcome: 'kept', why, ...(await lastDay(room, options)) }, problems: [] };
    const destroyed = await endInstance({ ...options, room }, surroundings);
    const problems = leftProblems(room, destroyed);
    const outcome = problems.length === 0 ? 'removed' : 'failed';
    return { instance: { room, outcome, why, destroyed }, problems };
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    if (error.code === 'spawn-renewed')
      return { instance: { room, outcome: 'kept', why: error.message }, problems: [] };
    // What someone keeps on purpose did not fail, until it would have ended anyway.
    if (error.code === 'formation-held' && !isExpired(room, options.now))
      return { instance: { room, outcome: 'kept', why: `${why}, and ${error.message}` }, problems: [] };
    return { instance: { room, outcome: 'failed', why }, problems: error.problems.map(named(room)) };
  }
}

/** An hour is for clocks that differ. */
const LONGEST = (LONGEST_HOURS + 1) * 3_600_000;

/** One whose Lease says that it stays longer than any: no deploy writes that, and it would keep its room until someone looks. */
function endless({ room, outcome }: SweptInstance, at: Date): Problem[] {
  if (outcome !== 'kept' || room.expires.getTime() - at.getTime() <= LONGEST) return [];
  return [
    {
      code: 'spawn-endless',
      message: `the Lease of the instance ${quote(room.formation)} says that it stays until ${room.expires.toISOString()}, and no instance stays longer than ${LONGEST_HOURS}h`,
      remedy:
        'find out who changed it, and deploy the instance again, which sets its end, or remove it with "mode: destroy"',
    },
  ];
}

/** How long before its end it is said what is lost with an instance. */
const SAID_BEFORE = 24 * 3_600_000;

async function lastDay(
  room: Room,
  { client, now }: { readonly client: ClusterClient; readonly now: Date },
): Promise<Pick<SweptInstance, 'volumes'>> {
  const left = room.expires.getTime() - now.getTime();
  if (left > SAID_BEFORE) return {};
  const isWhole = room.form === 'create';
  return {
    volumes: isWhole ? await claimsIn(client, room.namespace) : await claimsOfFormation(client, room),
  };
}

/** Which instance a problem is of. */
function named({ application, formation }: Room): (problem: Problem) => Problem {
  return problem => ({ ...problem, message: `${application}/${formation}: ${problem.message}` });
}

/** What keeps an instance from being gone: each object that is left, with its finalizers where those keep it. */
export function leftProblems(room: Room, { left, problems }: Destroyed): readonly Problem[] {
  if (left.length === 0) return [];
  if (problems.length > 0) return problems.map(named(room));
  return left.map(object => ({
    code: 'spawn-left',
    message: `${describeObject(object)} of the instance ${quote(room.formation)} was not deleted, for the reason in the log, so that the instance keeps its room`,
    remedy: 'delete it by hand if no one needs it; the next sweep removes the rest',
  }));
}

/** What the marks of instances do not lead to: it is named, and never removed. */
async function strays(
  client: ClusterClient,
  { identity }: FoundFormation,
  { rooms, broken }: Rooms,
): Promise<Problem[]> {
  const { application, formation: from, namespace } = identity;
  const labelSelector = `${APPLICATION}=${application},${VERDICT}`;
  const { items } = await client.listMetadata({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector });
  const recorded = new Set(items.map(({ metadata }) => textMap(metadata['labels'] ?? null)[FORMATION] ?? ''));
  const known = new Set([
    ...rooms.map(({ formation }) => formation),
    ...broken.map(({ metadata }) => textMap(metadata['labels'] ?? null)[FORMATION] ?? ''),
  ]);
  const strays = [...recorded].filter(name => spawningOf(name, [from]) !== undefined && !known.has(name));
  // Those that were begun since the rooms were listed have one by now.
  const { rooms: later } =
    strays.length === 0 ? { rooms } : await listRooms(client, { application, from, namespace });
  return [
    ...brokenProblems({ broken }),
    ...strays
      .filter(name => !later.some(({ formation }) => formation === name))
      .map(name => roomMissing(name, from, identity)),
  ];
}

function brokenProblems({ broken }: Pick<Rooms, 'broken'>): Problem[] {
  return broken.flatMap(object => roomBroken(object).problems);
}

function roomMissing(
  name: string,
  from: string,
  { application, namespace }: FoundFormation['identity'],
): Problem<DeliveryErrorCode> {
  return {
    code: 'spawn-room-missing',
    message: `the instance ${quote(name)} in namespace ${quote(namespace)} has releases, and no Lease says for whom it is or until when`,
    remedy: `find out who deleted the Lease, and remove the instance by hand: mode: destroy, formation: ${from}, spawn: ${name.slice(from.length + 1)}, confirm: ${application}/${name}`,
  };
}
