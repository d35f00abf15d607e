import { isPlannedRelease, type Plan, type PlannedRelease } from '@slipway/core';
import { changesBeyondPlan } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import type { ManifestsChoice } from '../request.ts';
import { planSince } from './plan-since.ts';
import type { LiveSurroundings } from './render-live.ts';

export type Beyond = NonNullable<Plan['beyond']>;

/** The plan that was approved, or why it cannot be made again. */
export type ApprovedPlan = { readonly plan: Plan } | { readonly why: string };

/**
 * Makes the plan again that was made without the cluster before the approval. Nothing is handed on from one job to the other, so that
 * nothing of it can be lost or forged.
 * @param plannedFrom the release that it was made against
 */
export async function approvedPlan(
  desired: DesiredState,
  plannedFrom: PlannedRelease,
  choice: Pick<ManifestsChoice, 'application' | 'registry'>,
  surroundings: LiveSurroundings,
): Promise<ApprovedPlan> {
  const { checkout, ...others } = desired;
  if (checkout === undefined) return { why: 'the registry knows nothing of plain manifests' };
  const { plan, live } = await planSince({ ...others, checkout }, choice, surroundings);
  if (live.state === 'unknown') return { why: live.why };
  const known = live.state === 'none' ? { number: 0 } : { number: live.release, created: live.created };
  if (!isPlannedRelease(plannedFrom, known))
    return {
      why: `the newest release that the registry knows is ${named(known)}, and the plan was made against ${named(plannedFrom)}`,
    };
  return plan.unknown === undefined ? { plan } : { why: plan.unknown };
}

function named({ number, created }: PlannedRelease): string {
  if (number === 0) return 'none';
  return created === undefined ? `release ${number}` : `release ${number} of ${created}`;
}

/** What a release does beside what was approved, by the plan that was made with the cluster. */
export function beyondApproved(plan: Plan, approved: ApprovedPlan, plannedFrom: number): Beyond {
  if ('why' in approved) return { plannedFrom, unknown: approved.why, changes: [] };
  return { plannedFrom, changes: changesBeyondPlan(plan.changes, approved.plan.changes) };
}
