import type { ClusterClient } from '@slipway/cluster';
import type { RecordedObject, Release } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';
import { type ReleaseEntry, readRelease } from './records.ts';

/**
 * Whether a release wrote what serves when none is in steps: every release does, but for one in steps that was not committed. That one
 * has only added copies beside it.
 */
export function wroteStable({ steps }: Pick<Release, 'steps'>): boolean {
  return steps === undefined || typeof steps.times?.['commit-began'] === 'string';
}

/** The release that serves, and that the next one is compared with. @param records the newest first */
export function liveRelease<Known extends Pick<Release, 'steps'>>(
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

function withLeftovers(live: Release, undone: readonly Release[]): Release {
  const known = new Set([...live.objects, ...(live.pending ?? [])].map(objectKey));
  const left = undone
    .flatMap(({ objects, pending = [] }): RecordedObject[] => [...objects, ...pending])
    .filter(object => object.uid !== undefined && !known.has(objectKey(object)));
  const once = [...new Map(left.map(object => [objectKey(object), object])).values()];
  return once.length === 0 ? live : { ...live, pending: [...(live.pending ?? []), ...once] };
}
