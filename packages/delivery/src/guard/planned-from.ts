import { type PlannedRelease, type Problem, quote, type Release } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** The newest release, and what of it says how to go on. */
export interface Newest {
  /** 0 for none. */
  readonly number: number;
  /** Its record, if it can be read. */
  readonly release?: Pick<Release, 'deploymentTag' | 'restores' | 'verdict' | 'created'> | undefined;
}

/** What was approved. */
export interface ApprovedFrom {
  /** The newest release when the plan was made; 0 also where the registry did not tell. */
  readonly plannedFrom: PlannedRelease;
  readonly strictPlan: boolean;
}

/**
 * What was approved is what is deployed only while nothing else was deployed in between.
 * @param deploymentTag of what is to be deployed
 */
export function planOutdated(
  { plannedFrom, strictPlan }: ApprovedFrom,
  newest: Newest,
  deploymentTag: string | undefined,
): Problem<DeliveryErrorCode> {
  if (plannedFrom.number > 0 && plannedFrom.number === newest.number)
    return numberedAgain(plannedFrom, newest);
  return {
    code: 'plan-outdated',
    message: `the plan that was approved is from ${named(plannedFrom.number)}, but ${nowThere(newest)} by now`,
    remedy: newest.number === 0 ? withoutRelease(strictPlan) : wayOut(newest, deploymentTag),
  };
}

/** The number is the same, and the release is not. */
function numberedAgain(planned: PlannedRelease, { number, release }: Newest): Problem<DeliveryErrorCode> {
  return {
    code: 'plan-outdated',
    message: `the plan that was approved is from release ${number} of ${planned.created}, which was removed since: the newest is release ${number} of ${release?.created} by now`,
    remedy: PLAN_AGAIN,
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

/** The plan without the cluster would be the same for a lost cluster, and that is never all that happens in a new one. */
function withoutRelease(strictPlan: boolean): string {
  return strictPlan
    ? 'find out whether this is another cluster; to deploy to it, deploy without "strict-plan"'
    : `find out whether this is another cluster, or what was there was removed; to deploy to it, ${PLAN_AGAIN}`;
}

function named(release: number): string {
  return release === 0
    ? 'when there was no release or the registry did not tell'
    : `when release ${release} was the newest`;
}

function nowThere({ number, release }: Newest): string {
  if (number === 0) return 'there is no release';
  const open = release !== undefined && release.verdict === undefined ? ' and has no verdict' : '';
  return `release ${number} is the newest${open}`;
}

/** Whoever plans without the cluster knows a release by its verdict, and would not get past one that has none. */
function wayOut({ number, release }: Newest, deploymentTag: string | undefined): string {
  const tag = release?.deploymentTag;
  const known = `${PLAN_AGAIN}; a plan without the cluster knows a release once verify-rollout has its verdict`;
  if (release?.restores !== undefined)
    return `${known}: if that is refused as well, verify release ${number}, which is a rollback, or roll back again and verify that`;
  if (release === undefined || tag === undefined) return known;
  const job = `run the job of release ${number} again`;
  // The same snapshot in another tree would be refused once more.
  const again = tag === deploymentTag ? job : `deploy ${quote(tag)} once more or ${job}`;
  return release.verdict === undefined
    ? `${again}, which ends with a verdict, or roll back; then ${PLAN_AGAIN}`
    : `${PLAN_AGAIN}; if that is refused as well, the registry has no verdict on release ${number}: ${again}, or roll back`;
}
