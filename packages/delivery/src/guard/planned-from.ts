import type { Problem } from '@slipway/core';
import type { DeliveryErrorCode } from '../error-codes.ts';

/**
 * What was approved is what is deployed only while nothing else was deployed in between.
 * @param plannedFrom the newest release when the plan was made, 0 for none; undefined if that is not compared
 * @param latest the newest release now; 0 for none
 */
export function plannedFromProblems(
  plannedFrom: number | undefined,
  latest: number,
): readonly Problem<DeliveryErrorCode>[] {
  if (plannedFrom === undefined || plannedFrom === latest) return [];
  return [
    {
      code: 'plan-outdated',
      message: `the plan that was approved is from ${named(plannedFrom)}, but ${latest === 0 ? 'there is no release' : `release ${latest} is the newest`} by now`,
      remedy: latest === 0 ? PLAN_WITH_CLUSTER : PLAN_AGAIN,
    },
  ];
}

const PLAN_AGAIN =
  'plan again, and have that approved; a plan without the cluster knows a release once verify-rollout has its verdict';

/** The registry still knows what a lost cluster had, so that another plan without the cluster would say the same. */
const PLAN_WITH_CLUSTER =
  'find out whether this is another cluster; to deploy to it, plan with its kubeconfig, and have that approved';

function named(release: number): string {
  return release === 0 ? 'before the first release' : `when release ${release} was the newest`;
}
