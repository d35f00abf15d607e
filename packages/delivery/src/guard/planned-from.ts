import { type Problem, quote, type Release } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** The newest release, and what of it says how to go on. */
export interface Newest {
  /** 0 for none. */
  readonly number: number;
  /** Its record, if it can be read. */
  readonly release?: Pick<Release, 'deploymentTag' | 'restores' | 'verdict'> | undefined;
}

/**
 * What was approved is what is deployed only while nothing else was deployed in between.
 * @param plannedFrom the newest release when the plan was made, 0 for none, and where the registry did not tell
 * @param deploymentTag of what is to be deployed
 */
export function planOutdated(
  plannedFrom: number,
  newest: Newest,
  deploymentTag: string | undefined,
): Problem<DeliveryErrorCode> {
  return {
    code: 'plan-outdated',
    message: `the plan that was approved is from ${named(plannedFrom)}, but ${nowThere(newest)} by now`,
    remedy: newest.number === 0 ? PLAN_WITH_CLUSTER : wayOut(plannedFrom, newest, deploymentTag),
  };
}

/** The releases of another formation or destination have numbers of their own, which may be the same. */
export function plannedElsewhere(
  plannedTarget: string | undefined,
  { formation, destination = '' }: Pick<ReleaseIdentity, 'formation' | 'destination'>,
): readonly Problem<DeliveryErrorCode>[] {
  const own = `${formation}/${destination}`;
  if (plannedTarget === undefined || plannedTarget === own) return [];
  return [
    {
      code: 'plan-elsewhere',
      message: `the plan that was approved is of ${quote(plannedTarget)}, but this would be deployed to ${quote(own)}`,
      remedy:
        'give the inputs "formation" and "destination", and the "planned-from" of a plan of that destination',
    },
  ];
}

const PLAN_AGAIN = 'plan again, and have that approved';

/** The registry still knows what a lost cluster had, so that another plan without the cluster would say the same. */
const PLAN_WITH_CLUSTER =
  'find out whether this is another cluster; to deploy to it, plan with its kubeconfig, and have that approved';

function named(release: number): string {
  return release === 0 ? 'when no release was known' : `when release ${release} was the newest`;
}

function nowThere({ number, release }: Newest): string {
  if (number === 0) return 'there is no release';
  const open = release !== undefined && release.verdict === undefined ? ' and has no verdict' : '';
  return `release ${number} is the newest${open}`;
}

/** Whoever plans without the cluster knows a release by its verdict, and would not get past one that has none. */
function wayOut(plannedFrom: number, { number, release }: Newest, deploymentTag: string | undefined): string {
  const tag = release?.deploymentTag;
  const known = `${PLAN_AGAIN}; a plan without the cluster knows a release once verify-rollout has its verdict`;
  if (release === undefined || tag === undefined || release.restores !== undefined) return known;
  const job = `run the job of release ${number} again`;
  // The same snapshot in another tree would be refused once more.
  const again = tag === deploymentTag ? job : `deploy ${quote(tag)} once more or ${job}`;
  return release.verdict === undefined
    ? `${again}, which ends with a verdict, or roll back; then ${PLAN_AGAIN}`
    : `${PLAN_AGAIN}; if that is from ${named(plannedFrom)} too, the registry has no verdict on release ${number}: ${again}, or roll back`;
}
