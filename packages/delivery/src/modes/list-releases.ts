import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type PlannedChange, type Release, SlipwayError } from '@slipway/core';
import {
  compareReleases,
  findUnreadable,
  type HoldState,
  listReleases,
  type ReleaseEntry,
  readHold,
  readRelease,
} from '@slipway/release';
import { chosenTargets } from '../formation/chosen-targets.ts';
import { findReleased, refuseTakenOut } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { countedHold } from '../guard/stored-hold.ts';
import type { ListReleasesRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { readNamed } from './named-release.ts';
import { withFormation } from './with-formation.ts';

export interface ListedReleases {
  readonly identity: FoundFormation['identity'];
  /** The newest first. */
  readonly releases: readonly ReleaseEntry[];
  /** Why the record of a release cannot be read, by its number. */
  readonly unreadable: ReadonlyMap<number, SlipwayError>;
  readonly hold: HoldState;
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
  await refuseTakenOut(request, surroundings);
  const { targets } = await chosenTargets(request, surroundings);
  const list = async (target: FoundFormation): Promise<ListedReleases | UnlistedReleases> =>
    await listAt(target, request, surroundings).catch(error => {
      surroundings.signal.throwIfAborted();
      return { identity: target.identity, error: asSlipwayError(error) };
    });
  return await inParallel(targets, list, CONCURRENCY);
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
    return { identity, releases, unreadable, hold, comparison };
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
