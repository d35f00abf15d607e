import type { Plan, Problem } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { planOf, rolesFor } from '@slipway/release';
import type { SignOffs } from '../guard/sign-offs.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { prepare, withDelivery } from './prepare.ts';

export interface PlannedManifests {
  readonly plan: Plan;
  /** The newest release; 0 without one. */
  readonly latest: number;
  /** Roles that grant the rights which applying needs and the credentials lack. */
  readonly missingRoles: readonly KubernetesObject[];
  /** Changes that someone has to approve before they can be applied. */
  readonly signOffs: readonly Problem[];
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
      const { latest, missing, rights, problems } = prepared;
      return {
        plan: planOf(prepared),
        latest,
        missingRoles: rolesFor(missing, rights, delivery.desired.identity.namespace),
        signOffs: problems.filter(isSignOffMissing),
        problems: problems.filter(problem => !isSignOffMissing(problem) && problem.code !== 'rights-missing'),
      };
    },
  );
}

function isSignOffMissing({ code }: Problem): boolean {
  return code === 'sign-off-missing';
}
