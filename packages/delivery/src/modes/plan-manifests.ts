import { formatProblem, type Plan, type PlannedRelease, type Problem } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { planOf, type Right, rolesFor } from '@slipway/release';
import type { SignOffs } from '../guard/sign-offs.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { withAdoption } from './adoption.ts';
import { prepare, promotedPlan, withDelivery } from './prepare.ts';

export interface PlannedManifests {
  readonly plan: Plan;
  /** The newest release. */
  readonly latest: PlannedRelease;
  /** Roles that grant the rights which applying needs and the credentials lack. */
  readonly missingRoles: readonly KubernetesObject[];
  /** Rights that applying needs and the credentials lack. */
  readonly missing: readonly Right[];
  /** Changes that someone has to approve before they can be applied. */
  readonly signOffs: readonly Problem[];
  /** What keeps it from being applied now and will be over: a hold, a soak, the wave before. */
  readonly waits: readonly Problem[];
  /** What applying would be refused for. Missing rights are not among them: whoever may only look can have a plan. */
  readonly problems: readonly Problem[];
}

/**
 * Says what applying manifests would change, and what speaks against it. Nothing is written and no secret is opened.
 * @throws SlipwayError for what cannot be read, and what the cluster does not answer
 */
export async function planManifests(
  request: PlanManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
): Promise<PlannedManifests> {
  return await withDelivery(
    request,
    signOffs,
    surroundings,
    () => undefined,
    async delivery => {
      const prepared = await prepare(delivery, delivery.client, request, surroundings);
      const { latest, newest, missing, rights, problems } = prepared;
      const preparing = { delivery, client: delivery.client, request, surroundings };
      const plan = await withAdoption(planOf(prepared), prepared, preparing);
      return {
        latest: { number: latest, created: newest?.created },
        missing,
        missingRoles: rolesFor(missing, rights, delivery.desired.identity.namespace),
        ...judged(promotedPlan(plan, delivery.promotion), problems),
      };
    },
  );
}

/** A plan with what speaks against it, by what it means for whoever only plans. */
export function judged(
  plan: Plan,
  problems: readonly Problem[],
): Pick<PlannedManifests, 'plan' | 'signOffs' | 'waits' | 'problems'> {
  const waits = problems.filter(isWait);
  return {
    plan: { ...plan, ...(waits.length === 0 ? {} : { waits: waits.map(formatProblem) }) },
    signOffs: problems.filter(isSignOffMissing),
    waits,
    problems: problems.filter(
      problem => !isSignOffMissing(problem) && !isWait(problem) && problem.code !== 'rights-missing',
    ),
  };
}

/** What a plan that is made beforehand, such as one for a review, only has to say. */
const WAITS: readonly string[] = [
  ...['formation-held', 'hold-unreadable', 'stored-hold-unknown'],
  ...['not-soaked', 'wave-not-passed', 'wave-unknown'],
];

function isWait({ code }: Problem): boolean {
  return WAITS.includes(code);
}

function isSignOffMissing({ code }: Problem): boolean {
  return code === 'sign-off-missing';
}
