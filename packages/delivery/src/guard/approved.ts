import type { ClusterClient } from '@slipway/cluster';
import { once, type Plan, type Problem, type Release } from '@slipway/core';
import { type PreparedRelease, planOf } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { approvedPlan, beyondApproved } from '../live/approved-plan.ts';
import { readKnown } from '../live/read-live.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { continuedSentence, isContinued, isUnjudged } from './continued.ts';
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
    beyondApproved(plan, await approved(), plannedFrom);
  // It is compared again under the lock, and said once.
  let said = '';
  return {
    beside: async plan => ({ ...plan, beyond: await beyond(plan) }),
    async problems(client, found) {
      const elsewhere = plannedElsewhere(request.plannedTarget, desired.identity);
      if (elsewhere.length > 0) return elsewhere;
      if (found.latest !== plannedFrom) {
        const continued = await continuedRelease(client, found, {
          desired,
          plannedFrom,
          request,
          surroundings,
        });
        const newest = { number: found.latest, release: found.previous };
        if (continued === undefined)
          return [planOutdated(plannedFrom, newest, desired.snapshot?.deploymentTag)];
        const sentence = continuedSentence(continued);
        if (sentence !== said) surroundings.logger.info(sentence);
        said = sentence;
      }
      return request.strictPlan ? strictPlanProblems(await beyond(planOf(found))) : [];
    },
  };
}

interface Continuation {
  readonly desired: DesiredState;
  readonly plannedFrom: number;
  readonly request: ApprovedRequest;
  readonly surroundings: DeliverySurroundings;
}

/** The newest release, if it is what the approved plan was to become and waits for its verdict. */
async function continuedRelease(
  client: ClusterClient,
  { previous }: PreparedRelease,
  { desired, plannedFrom, request, surroundings }: Continuation,
): Promise<Release | undefined> {
  const { checkout } = desired;
  if (checkout === undefined || previous === undefined) return undefined;
  if (!(await isContinued(client, desired, plannedFrom, previous))) return undefined;
  const known = () => readKnown({ ...desired, checkout }, request, surroundings);
  return (await isUnjudged(previous, plannedFrom, known)) ? previous : undefined;
}
