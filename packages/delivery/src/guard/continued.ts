import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
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
 * Whether every release after the one that a plan was made against is of the tree that was planned: runs that were cut off, one after
 * the other, and nothing of anyone else's in between. A record that is not kept, or cannot be read, may have been anything.
 */
export async function isContinued(
  client: ClusterClient,
  tree: Tree,
  plannedFrom: number,
  newest: Release,
): Promise<boolean> {
  if (newest.number <= plannedFrom || !isOfTree(tree, newest)) return false;
  try {
    for (let number = newest.number - 1; number > plannedFrom; number--)
      if (!isOfTree(tree, await readRelease(client, newest, number))) return false;
    return true;
  } catch (error) {
    if (error instanceof SlipwayError && error.code.startsWith('record-')) return false;
    throw error;
  }
}

/**
 * Whether no one has judged a release yet, other than that it succeeded. A run that is cancelled closes its record, and only the
 * registry tells that from a verdict of verify-rollout.
 * @param readKnown reads the newest release that the registry knows
 */
export async function isUnjudged(
  { verdict }: { readonly verdict?: Release['verdict'] | undefined },
  plannedFrom: number,
  readKnown: () => Promise<FoundLive>,
): Promise<boolean> {
  if (verdict === undefined || verdict === 'succeeded') return true;
  if (verdict !== 'failed' && verdict !== 'timed-out') return false;
  const known = await readKnown();
  if (known.state === 'none') return true;
  return known.release !== undefined && known.release <= plannedFrom;
}

/** What the log says of a release that is deployed once more. */
export function continuedSentence({ number, verdict, applied }: Release): string {
  const same = `Release ${number} of the same tree`;
  if (verdict === 'succeeded') return `${same} is live already; deploying it once more`;
  const is = applied === undefined ? 'was not written to the end' : 'is live';
  return `${same} ${is} and has no verdict yet; going on with it`;
}
