import type { ClusterClient } from '@slipway/cluster';
import { isPlannedRelease, once, type Plan, type PlannedRelease, type Problem } from '@slipway/core';
import { type PreparedRelease, planOf } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { approvedPlan, beyondApproved } from '../live/approved-plan.ts';
import { readKnown } from '../live/read-live.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { areUnjudged, continuedSentence, continuedSince } from './continued.ts';
import { isStillPlanned, lostSentence } from './lost-cluster.ts';
import { plannedElsewhere, planOutdated } from './planned-from.ts';
import { strictPlanProblems } from './strict-plan.ts';

/** What was approved before, beside what would be deployed now. */
export interface Approved {
  /** Shows a plan beside the one that was approved, if one was: that is made again once. */
  beside(plan: Plan): Promise<Plan>;
  /** The refusals of what was not approved. */
  problems(client: ClusterClient, found: PreparedRelease): Promise<readonly Problem[]>;
}

type ApprovedRequest = Pick<
  ApplyManifestsRequest,
  'plannedFrom' | 'plannedTarget' | 'strictPlan' | 'application' | 'registry'
>;

export function approvedBefore(
  desired: DesiredState,
  request: ApprovedRequest,
  surroundings: DeliverySurroundings,
): Approved {
  const { plannedFrom } = request;
  if (plannedFrom === undefined) return { beside: async plan => plan, problems: async () => [] };
  const approved = once(() => approvedPlan(desired, plannedFrom, request, surroundings));
  const beyond = async (plan: Plan): Promise<NonNullable<Plan['beyond']>> =>
    beyondApproved(plan, await approved(), plannedFrom.number);
  // It is compared again under the lock, and said once.
  let said = '';
  let isThere = false;
  return {
    beside: async plan => ({ ...plan, beyond: await beyond(plan) }),
    async problems(client, found) {
      const elsewhere = plannedElsewhere(request.plannedTarget, desired.identity);
      if (elsewhere.length > 0) return elsewhere;
      const { latest: number, newest: release } = found;
      const isSame = isPlannedRelease(plannedFrom, { number, created: release?.created });
      isThere ||= isSame || number > plannedFrom.number;
      if (!isSame) {
        const context = { desired, plannedFrom, isThere, request, surroundings };
        const accepted = await acceptedDespite(client, found, context);
        const newest = { number, release };
        if (accepted === undefined)
          return [planOutdated({ plannedFrom, ...request }, newest, desired.snapshot?.deploymentTag)];
        const { level, sentence } = accepted;
        if (sentence !== said) surroundings.logger[level](sentence);
        said = sentence;
      }
      return request.strictPlan ? strictPlanProblems(await beyond(planOf(found))) : [];
    },
  };
}

interface Comparison {
  readonly desired: DesiredState;
  readonly plannedFrom: PlannedRelease;
  /** Whether this run has seen the planned release, which then was removed and not lost. */
  readonly isThere: boolean;
  readonly request: ApprovedRequest;
  readonly surroundings: DeliverySurroundings;
}

interface Accepted {
  readonly level: 'info' | 'warning';
  readonly sentence: string;
}

/** Why a plan holds although another release is the newest than the one that it was made from; undefined if it does not. */
async function acceptedDespite(
  client: ClusterClient,
  { latest, newest, missing }: PreparedRelease,
  { desired, plannedFrom, isThere, request, surroundings }: Comparison,
): Promise<Accepted | undefined> {
  const { checkout, identity } = desired;
  if (checkout === undefined) return undefined;
  const known = once(() => readKnown({ ...desired, checkout }, request, surroundings));
  // Without the right to read records none is seen.
  const mayBeLost = !isThere && missing.length === 0 && !request.strictPlan;
  const isLost = mayBeLost && isStillPlanned(await known(), plannedFrom);
  if (isLost && latest === 0)
    return { level: 'warning', sentence: lostSentence(plannedFrom.number, identity) };
  if (newest === undefined) return undefined;
  // The releases of a cluster that begins again count from 1.
  const since = await continuedSince(client, desired, isLost ? { number: 0 } : plannedFrom, newest);
  if (since === undefined || !(await areUnjudged(since, plannedFrom.number, known))) return undefined;
  return { level: 'info', sentence: continuedSentence(newest) };
}
