import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Release, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { unfinishedReason } from '@slipway/release';
import type { VerifyContext } from '../context.ts';
import { planWatch, type WatchPlan } from './watch-plan.ts';

/** How a release is to be verified: as its record and the inputs say. @throws SlipwayError as `planWatch` does */
export function planRelease(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
): Promise<WatchPlan> {
  const { application, formation, namespace, destination = '', deploymentTag = '' } = release;
  const isUnfinished = unfinishedReason(release) !== undefined;
  const verified = {
    objects: release.objects,
    manifests: release.manifests as unknown as readonly KubernetesObject[],
    // A release that was not written completely has failed, with or without its checks.
    verify: isUnfinished ? { ...release.verify, checks: [] } : release.verify,
    released: new Date(release.created),
    words: { application, formation, namespace, destination, tag: deploymentTag },
  };
  const { inputs } = context;
  return planWatch(
    client,
    verified,
    isUnfinished ? { ...context, inputs: { ...inputs, checks: '' } } : context,
  );
}

/**
 * How a release that was put back is verified: with the failed one's times and its own rules and checks. A check that does not
 * fit it is not a reason to call the rollback failed, and one that compares with the release before would compare with the failed one.
 */
export async function planRestored(
  client: ClusterClient,
  restored: Release,
  plan: WatchPlan,
  context: VerifyContext,
): Promise<WatchPlan> {
  const checks = (restored.verify?.checks ?? []).filter(({ prometheus }) => prometheus === undefined);
  const verify = { ...restored.verify, checks };
  const { inputs, runner } = context;
  try {
    const own = await planRelease(
      client,
      { ...restored, verify },
      { ...context, inputs: { ...inputs, checks: '' } },
    );
    return { ...plan, rules: own.rules, checks: own.checks };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    runner.logger.warning(`The release that is put back is verified without its checks: ${why}`);
    return { ...plan, checks: [] };
  }
}
