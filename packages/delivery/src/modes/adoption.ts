import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Plan, SlipwayError } from '@slipway/core';
import { type PreparedRelease, planOf, prepareRelease } from '@slipway/release';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Delivery, releaseRequestOf } from './prepare.ts';

/** Where a release is prepared, and from what. */
export interface Preparing {
  readonly delivery: Delivery;
  readonly client: ClusterClient;
  readonly request: PlanManifestsRequest;
  readonly surroundings: DeliverySurroundings;
}

/**
 * The plan of a release, and with it what adopting would change where the release is refused because objects belong to others: whoever
 * has to decide whether to take them over sees it at once. Nothing is written and no secret is opened.
 */
export async function withAdoption(
  plan: Plan,
  refused: Pick<PreparedRelease, 'problems'>,
  preparing: Preparing,
): Promise<Plan> {
  const { options } = preparing.request;
  if (options.adopt || !refused.problems.some(({ code }) => code === 'object-foreign')) return plan;
  return { ...plan, adoption: await adoptionOf(refused, preparing) };
}

async function adoptionOf(
  { problems }: Pick<PreparedRelease, 'problems'>,
  { delivery, client, request, surroundings }: Preparing,
): Promise<NonNullable<Plan['adoption']>> {
  const adopting = { ...request, options: { ...request.options, adopt: true } };
  try {
    const prepared = await prepareRelease({
      client,
      request: releaseRequestOf(delivery, adopting, surroundings),
    });
    const { changes, notCompared } = planOf(prepared);
    const known = new Set(problems.map(formatProblem));
    const refusals = prepared.problems.map(formatProblem).filter(text => !known.has(text));
    return {
      changes,
      ...(notCompared === undefined ? {} : { notCompared }),
      ...(refusals.length === 0 ? {} : { refusals }),
    };
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return { changes: [], unknown: formatProblem(error.problems[0]) };
  }
}
