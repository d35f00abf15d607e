import type { ClusterClient } from '@slipway/cluster';
import { type RecordedObject, type Release, SlipwayError } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';
import { listReleases, type RecordOwner, type ReleaseEntry, readRelease } from './records.ts';

/**
 * Whether a release wrote what serves when none is in steps: every release does, but for one in steps that was not committed. That one
 * has only added copies beside it.
 */
export function wroteStable({ steps, verdict }: Pick<Release, 'steps' | 'verdict'>): boolean {
  if (steps === undefined) return true;
  // One that was undone to its end has given stable back what it had, even if that was after its commit had begun.
  const isTakenBack = steps.undo !== undefined && (verdict === 'rolled-back' || verdict === 'superseded');
  return typeof steps.times['commit-began'] === 'string' && !isTakenBack;
}

/** The release that serves, and that the next one is compared with. @param records the newest first */
export function liveRelease<Known extends Pick<Release, 'steps' | 'verdict'>>(
  records: readonly Known[],
): Known | undefined {
  return records.find(wroteStable);
}

/**
 * What the next release is compared with, and follows: the live release. What newer ones left in the cluster, which were undone before
 * their commit, is pending in it. Where no kept release is live, it is the newest.
 * @param earlier the kept releases, the newest first; of those before `newest` only as many are read as it takes
 * @throws SlipwayError as `readRelease` does
 */
export async function readLive(
  client: ClusterClient,
  newest: Release,
  earlier: readonly ReleaseEntry[],
): Promise<Release> {
  const records = [newest];
  for (const { number } of earlier) {
    if (liveRelease(records) !== undefined) break;
    if (number < newest.number) records.push(await readRelease(client, newest, number));
  }
  const live = liveRelease(records);
  if (live === undefined || live === newest) return newest;
  return withLeftovers(live, records.slice(0, -1));
}

/** The live release of a formation; undefined before the first one. @throws SlipwayError as `readRelease` does */
export async function readLiveNow(client: ClusterClient, owner: RecordOwner): Promise<Release | undefined> {
  const [latest, ...earlier] = await listReleases(client, owner);
  if (latest === undefined) return undefined;
  return await readLive(client, await readRelease(client, owner, latest.number), earlier);
}

/**
 * The highest number of a release that does not take the place of this one: of those after it that have only added copies beside it, or
 * its own. A release in steps that begins its commit is its successor.
 */
export async function newestBeside(
  client: ClusterClient,
  release: RecordOwner & Pick<Release, 'number'>,
): Promise<number> {
  const later = (await listReleases(client, release)).filter(({ number }) => number > release.number);
  let beside = release.number;
  for (const { number } of later.reverse()) {
    if (await takesPlace(client, { ...release, number })) break;
    beside = number;
  }
  return beside;
}

/** A record that cannot be read may be of a release that does. */
async function takesPlace(
  client: ClusterClient,
  release: RecordOwner & Pick<Release, 'number'>,
): Promise<boolean> {
  try {
    return wroteStable(await readRelease(client, release, release.number));
  } catch (error) {
    if (error instanceof SlipwayError && error.code.startsWith('record-')) return true;
    throw error;
  }
}

function withLeftovers(live: Release, undone: readonly Release[]): Release {
  const known = new Set([...live.objects, ...(live.pending ?? [])].map(objectKey));
  const left = undone
    .flatMap(({ objects, pending = [] }): RecordedObject[] => [...objects, ...pending])
    .filter(object => object.uid !== undefined && !known.has(objectKey(object)));
  const once = [...new Map(left.map(object => [objectKey(object), object])).values()];
  return once.length === 0 ? live : { ...live, pending: [...(live.pending ?? []), ...once] };
}
