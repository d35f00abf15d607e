import type { ClusterClient } from '@slipway/cluster';
import { isPlannedRelease, type PlannedRelease, type Release, SlipwayError } from '@slipway/core';
import { readRelease } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import type { FoundLive } from '../live/read-live.ts';

/** What is to be deployed, as far as a record tells it from anything else. */
export type Tree = Pick<DesiredState, 'digest' | 'snapshot'>;

/** Whether a release is of the same tree, and did not come about by undoing another one. */
export function isOfTree(
  { digest, snapshot }: Tree,
  release: Pick<Release, 'digest' | 'deploymentTag' | 'restores' | 'rollbackOf'>,
): boolean {
  return (
    digest !== undefined &&
    release.digest === digest &&
    release.deploymentTag === snapshot?.deploymentTag &&
    release.restores === undefined &&
    release.rollbackOf === undefined
  );
}

/**
 * The releases after the one that a plan was made against, if every one is of the tree that was planned: runs that were cut off, one
 * after the other, and nothing of anyone else's in between. A record that is not kept, or cannot be read, may have been anything.
 * @returns the newest first; undefined if there is anything else, or the planned release is another one by now
 */
export async function continuedSince(
  client: ClusterClient,
  tree: Tree,
  plannedFrom: PlannedRelease,
  newest: Release,
): Promise<readonly Release[] | undefined> {
  if (newest.number <= plannedFrom.number) return undefined;
  try {
    if (!(await isStillRecorded(client, plannedFrom, newest))) return undefined;
    const since: Release[] = [];
    for (let { number } = newest; number > plannedFrom.number; number--) {
      const release = number === newest.number ? newest : await readRelease(client, newest, number);
      if (!isOfTree(tree, release)) return undefined;
      since.push(release);
    }
    return since;
  } catch (error) {
    if (error instanceof SlipwayError && error.code.startsWith('record-')) return undefined;
    throw error;
  }
}

/** Numbers begin again once a formation was removed, and then reach the one of an old plan. */
async function isStillRecorded(
  client: ClusterClient,
  planned: PlannedRelease,
  owner: Release,
): Promise<boolean> {
  if (planned.number === 0 || planned.created === undefined) return true;
  return isPlannedRelease(planned, await readRelease(client, owner, planned.number));
}

/**
 * Whether no one has judged any of these releases yet, other than that it succeeded. A run that is cancelled closes its record, and only
 * the registry tells that from a verdict of verify-rollout; the next deploy closes one that was left open as failed or superseded. Once
 * one has succeeded, the tree is judged good, whatever runs before it came to.
 * @param since the newest first
 * @param plannedFrom the number of the release before them
 * @param readKnown reads the newest release that the registry knows
 */
export async function areUnjudged(
  since: readonly { readonly verdict?: Release['verdict'] | undefined }[],
  plannedFrom: number,
  readKnown: () => Promise<FoundLive>,
): Promise<boolean> {
  const good = since.findIndex(({ verdict }) => verdict === 'succeeded');
  const [newest, ...earlier] = good === -1 ? since : since.slice(0, good);
  const verdicts = [
    newest?.verdict,
    ...earlier.map(({ verdict }) => (verdict === 'superseded' ? undefined : verdict)),
  ];
  const doubtful = verdicts.filter(verdict => verdict !== undefined);
  if (doubtful.length === 0) return true;
  if (!doubtful.every(verdict => verdict === 'failed' || verdict === 'timed-out')) return false;
  const known = await readKnown();
  if (known.state === 'none') return true;
  return known.release !== undefined && known.release <= plannedFrom;
}

/** What the log says of a release that is deployed once more. */
export function continuedSentence({ number, verdict, applied, steps }: Release): string {
  const same = `Release ${number} of the same tree`;
  if (verdict === 'succeeded') return `${same} is live already; deploying it once more`;
  const written = applied === undefined ? 'was not written to the end' : 'is live';
  const is = steps?.phase === undefined ? written : 'is open';
  return `${same} ${is} and has no verdict yet; going on with it`;
}
