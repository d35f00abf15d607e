import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Problem, type Release } from '@slipway/core';
import { describeObject, isJob, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { contentOf, hasCompleted, isSuspended } from '../objects/jobs.ts';

/**
 * Why a release cannot be restored: a rollback runs no Job, so what never ran to its end would be missing from a release that is then
 * said to have succeeded. A release that did succeed can be restored, whether its Jobs still exist or not.
 * @param newest has every Job that has run by now
 */
export async function unfinishedProblems(
  client: ClusterClient,
  target: Release,
  newest: Release,
): Promise<readonly Problem<ReleaseErrorCode>[]> {
  if (target.verdict === 'succeeded') return [];
  if (target.applied === undefined)
    return [unfinished(target, 'ended before all of its objects were written')];
  const ran = { ...newest.jobs, ...target.jobs };
  const jobs = (target.manifests as unknown as KubernetesObject[]).filter(isJob);
  const open = jobs.filter(job => !isSuspended(job) && !Object.hasOwn(ran, contentOf(job) ?? ''));
  const completed = await inParallel(open, async job => {
    const live = await client.get(referenceTo(job));
    return live !== undefined && contentOf(live) === contentOf(job) && hasCompleted(live);
  });
  const left = open.filter((_job, index) => completed[index] !== true);
  return left.map(job =>
    unfinished(target, `needs ${describeObject(referenceTo(job))}, which never completed`),
  );
}

function unfinished({ number }: Release, why: string): Problem<ReleaseErrorCode> {
  return {
    code: 'release-unfinished',
    message: `release ${number} cannot be restored: it ${why}`,
    remedy:
      'deploy its snapshot or manifests again, which runs what is missing, or name a release that succeeded',
  };
}
