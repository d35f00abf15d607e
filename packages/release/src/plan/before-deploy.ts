import type { ClusterClient } from '@slipway/cluster';
import { canonicalJson, type Problem, type Release } from '@slipway/core';
import { type Before, beforeNewer, MOST_SUPERSEDED } from '@slipway/steps';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { isInSteps } from '../records/in-steps.ts';
import { wroteStable } from '../records/live-release.ts';
import { type ReleaseEntry, readRelease } from '../records/records.ts';
import type { ReleaseRequest } from '../request.ts';
import type { PreparedObject } from './compared.ts';

/** What a deploy does first about a release in steps that is open; undefined where none is. */
export type BeforeDeploy = Before & { readonly release: number };

export interface DeployFacts {
  readonly newest: Release | undefined;
  /** How many releases in a row before it were superseded without a commit. */
  readonly superseded: number;
  readonly request: Pick<ReleaseRequest, 'restores' | 'continues' | 'strategy' | 'seals' | 'reason'>;
  readonly objects: readonly Pick<PreparedObject, 'object'>[];
}

export function beforeDeploy({
  newest,
  superseded,
  request,
  objects,
}: DeployFacts): BeforeDeploy | undefined {
  const { restores, continues, strategy, seals, reason } = request;
  if (newest?.steps === undefined || !isInSteps(newest)) return undefined;
  if (restores !== undefined || continues === newest.number) return undefined;
  const { number: release } = newest;
  const isSame =
    canonicalJson(newest.manifests as never) ===
      canonicalJson(objects.map(({ object }) => object) as never) &&
    canonicalJson(newest.seals as never) === canonicalJson(seals as never);
  const isWithoutSteps = strategy === undefined && reason !== '';
  return { ...beforeNewer(newest.steps, { isSame, isWithoutSteps, superseded, release }), release };
}

/** Why a deploy is refused while a release in steps is open. */
export function openProblems(before: BeforeDeploy | undefined): readonly Problem<ReleaseErrorCode>[] {
  if (before?.do !== 'refuse') return [];
  const { why, remedy } = before;
  return [{ code: 'release-in-steps', message: `${why}, so that nothing is deployed`, remedy }];
}

/**
 * How many releases in a row before the newest were superseded without a commit: no more are read than it takes to refuse the next.
 * @param earlier all kept releases before the newest, the newest first
 */
export async function supersededBefore(
  client: ClusterClient,
  newest: Release,
  earlier: readonly ReleaseEntry[],
): Promise<number> {
  let count = 0;
  for (const { number, verdict } of earlier) {
    if (verdict !== 'superseded' || count >= MOST_SUPERSEDED) break;
    const release = await readRelease(client, newest, number);
    if (wroteStable(release)) break;
    count += 1;
  }
  return count;
}
