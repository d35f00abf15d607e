import type { ClusterClient } from '@slipway/cluster';
import {
  defined,
  inParallel,
  type OpenRelease,
  openReleaseOf,
  type PlannedChange,
  type Release,
  SlipwayError,
} from '@slipway/core';
import {
  compareReleases,
  findUnreadable,
  type HoldState,
  listReleases,
  type ReleaseEntry,
  readHold,
  readRelease,
  roomBroken,
} from '@slipway/release';
import { chosenTargets } from '../formation/chosen-targets.ts';
import { findReleased, refuseTakenOut } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { countedHold } from '../guard/stored-hold.ts';
import { readNamed } from '../modes/named-release.ts';
import { withFormation } from '../modes/with-formation.ts';
import type { ListReleasesRequest } from '../request.ts';
import { askedFor } from '../spawned/instances-asked.ts';
import { withRooms } from '../spawned/with-rooms.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

export interface ListedReleases {
  readonly identity: FoundFormation['identity'];
  /** The newest first. */
  readonly releases: readonly ReleaseEntry[];
  /** Why the record of a release cannot be read, by its number. */
  readonly unreadable: ReadonlyMap<number, SlipwayError>;
  readonly hold: HoldState;
  /** The newest release, where it goes in steps and is open. */
  readonly open?: OpenRelease | undefined;
  /** Undefined if none was asked for; an error if a release to compare does not exist, so that the list is still shown. */
  readonly comparison?: ReleaseComparison | SlipwayError | undefined;
}

export interface ReleaseComparison {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly PlannedChange[];
}

/** A destination whose releases could not be listed. */
export interface UnlistedReleases {
  readonly identity: FoundFormation['identity'];
  readonly error: SlipwayError;
}

/** How many destinations are asked at a time. */
const CONCURRENCY = 8;

/** Whether what is asked for has a meaning at one destination only. */
export function isOfOneDestination({ from, to, namespace, context }: ListReleasesRequest): boolean {
  return [from, to, namespace, context].some(text => text !== '');
}

/**
 * Lists the kept releases of every destination of a checkout, or of those that are named. Where two releases are to be compared, or a
 * namespace or a context is named, it is one destination.
 * @throws SlipwayError `destination-unclear` if it is not clear which
 */
export async function listKeptReleases(
  request: ListReleasesRequest,
  surroundings: DeliverySurroundings,
): Promise<readonly (ListedReleases | UnlistedReleases)[]> {
  if (isOfOneDestination(request))
    return [await listAt(await findReleased(request, surroundings), request, surroundings)];
  const { spawning, others } = await askedFor(request, surroundings);
  const released = others === undefined ? [] : await targetsOf(others, surroundings);
  const seen = await inParallel(spawning, target => instancesOf(target, surroundings), CONCURRENCY);
  const targets = [...released, ...seen.flat()];
  const list = async (
    target: FoundFormation | UnlistedReleases,
  ): Promise<ListedReleases | UnlistedReleases> =>
    'error' in target
      ? target
      : await listAt(target, request, surroundings).catch(error => unlisted(target, error, surroundings));
  return await inParallel(targets, list, CONCURRENCY);
}

/** What is released itself. @throws SlipwayError `destination-unclear` */
async function targetsOf(
  request: ListReleasesRequest,
  surroundings: DeliverySurroundings,
): Promise<readonly FoundFormation[]> {
  await refuseTakenOut(request, surroundings);
  return (await chosenTargets(request, surroundings)).targets;
}

/** Each instance of a spawned formation that has a room; the formation itself, without releases, where there is none. */
async function instancesOf(
  target: FoundFormation,
  surroundings: DeliverySurroundings,
): Promise<readonly (FoundFormation | UnlistedReleases)[]> {
  try {
    const { rooms, broken } = await withRooms(target, surroundings, rooms => Promise.resolve(rooms));
    const problems = broken.flatMap(lease => roomBroken(lease).problems);
    const own = rooms.map(({ formation, namespace }) => ({
      ...target,
      identity: { ...target.identity, formation, namespace },
    }));
    const [first, ...others] = problems;
    return [
      ...own,
      ...(first === undefined
        ? []
        : [{ identity: target.identity, error: new SlipwayError([first, ...others]) }]),
      ...(own.length + problems.length === 0 ? [target] : []),
    ];
  } catch (error) {
    return [unlisted(target, error, surroundings)];
  }
}

function unlisted(
  { identity }: FoundFormation,
  error: unknown,
  { signal }: DeliverySurroundings,
): UnlistedReleases {
  signal.throwIfAborted();
  return { identity, error: asSlipwayError(error) };
}

async function listAt(
  found: FoundFormation,
  request: ListReleasesRequest,
  surroundings: DeliverySurroundings,
): Promise<ListedReleases> {
  const { identity } = found;
  return await withFormation(found, surroundings, async client => {
    const releases = await listReleases(client, identity);
    const unreadable = await findUnreadable(client, identity, releases);
    const newest = await newestOf(client, identity, releases, unreadable);
    const noted = await readHold(client, identity, surroundings.clock(), newest);
    const hold = await countedHold(found, releases[0]?.number ?? 0, noted, surroundings);
    const isCompared = request.from !== '' || request.to !== '';
    const comparison = isCompared
      ? await compare(client, identity, request, releases).catch(asSlipwayError)
      : undefined;
    const open = newest && openReleaseOf(newest);
    return { identity, releases, unreadable, hold, comparison, ...defined({ open }) };
  });
}

/** The newest record; undefined if it cannot be read, which the list says by itself. */
async function newestOf(
  client: ClusterClient,
  owner: FoundFormation['identity'],
  [newest]: readonly ReleaseEntry[],
  unreadable: ReadonlyMap<number, SlipwayError>,
): Promise<Release | undefined> {
  if (newest === undefined || unreadable.has(newest.number)) return undefined;
  return await readRelease(client, owner, newest.number);
}

async function compare(
  client: ClusterClient,
  owner: FoundFormation['identity'],
  { from, to }: ListReleasesRequest,
  [newest]: readonly ReleaseEntry[],
): Promise<ReleaseComparison> {
  const read = async (name: string) =>
    readRelease(client, owner, (await readNamed(client, owner, name))?.number ?? newest?.number ?? 1);
  const [before, after] = await Promise.all([read(from), read(to)]);
  return { from: before.number, to: after.number, changes: compareReleases(before, after) };
}

function asSlipwayError(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  throw error;
}
