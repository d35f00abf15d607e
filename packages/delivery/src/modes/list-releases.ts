import type { ClusterClient } from '@slipway/cluster';
import { type PlannedChange, type Release, SlipwayError } from '@slipway/core';
import {
  compareReleases,
  findUnreadable,
  type HoldState,
  listReleases,
  type ReleaseEntry,
  readHold,
  readRelease,
} from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { ListReleasesRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { numberOf } from './find-release.ts';
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

/** Lists the kept releases, and compares two of them if asked. */
export async function listKeptReleases(
  request: ListReleasesRequest,
  surroundings: DeliverySurroundings,
): Promise<ListedReleases> {
  const found = await findReleased(request, surroundings);
  const { identity } = found;
  return await withFormation(found, surroundings, async client => {
    const releases = await listReleases(client, identity);
    const unreadable = await findUnreadable(client, identity, releases);
    const hold = await readHold(
      client,
      identity,
      surroundings.clock(),
      await newestOf(client, identity, releases, unreadable),
    );
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
    readRelease(client, owner, (await numberOf(client, owner, name)) ?? newest?.number ?? 1);
  const [before, after] = await Promise.all([read(from), read(to)]);
  return { from: before.number, to: after.number, changes: compareReleases(before, after) };
}

function asSlipwayError(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  throw error;
}
