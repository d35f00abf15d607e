import { defined, type PlannedRelease, type Problem } from '@slipway/core';
import { holdRefusals, snapshotProblems } from '@slipway/release';
import { readDesiredState } from '../desired/read-desired-state.ts';
import { olderConfigProblems } from '../guard/older-config.ts';
import { passedBeforeProblems } from '../guard/passed-before.ts';
import { judgePromotion, type PromotionVerdict } from '../guard/promotion.ts';
import { checkSeals } from '../guard/seals.ts';
import type { SignedSince, SignOffs } from '../guard/sign-offs.ts';
import { readStored } from '../guard/stored-hold.ts';
import { planSince } from '../live/plan-since.ts';
import type { FoundLive } from '../live/read-live.ts';
import type { DesiredTree } from '../live/render-live.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { judged, type PlannedManifests, planManifests } from './plan-manifests.ts';
import { eachOnce, nothingDesired, promotedPlan } from './prepare.ts';

/**
 * Says what applying a rendered tree would change, without its cluster: beside the newest release that the registry knows. What the
 * registry and the checkout can refuse is refused; the rest is for the job that has the cluster. Of plain manifests the registry knows
 * nothing, so their plan needs the cluster all the same.
 * @throws SlipwayError for what cannot be read
 */
export async function planReleased(
  request: PlanManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
): Promise<PlannedManifests> {
  const { checkout, ...desired } = await readDesiredState(request, surroundings);
  if (checkout === undefined) return await planManifests(request, signOffs, surroundings);
  const tree: DesiredTree = { ...desired, checkout };
  checkSeals(tree);
  const [promotion, before, { plan, live }] = await Promise.all([
    judgePromotion(tree, request, surroundings),
    passedBeforeProblems(tree, surroundings),
    planSince(tree, request, surroundings),
  ]);
  const problems = [
    ...nothingDesired(tree, { leaving: [] }),
    ...(await holdProblems(tree, surroundings)),
    ...eachOnce([...promotion.refusals, ...before]),
    ...(await sinceLive(tree, live, promotion, { request, surroundings })),
    ...(await signOffs.settle(promotion.signOffs ?? [], { previous: sinceOf(live), promoted: undefined })),
  ];
  return {
    latest: newestOf(live),
    missing: [],
    missingRoles: [],
    ...judged(promotedPlan(plan, promotion), problems),
  };
}

async function holdProblems(
  tree: DesiredTree,
  surroundings: DeliverySurroundings,
): Promise<readonly Problem[]> {
  return holdRefusals(tree.identity, await readStored(tree, surroundings));
}

/** What would be taken back of the release that the registry knows. */
async function sinceLive(
  { snapshot, sharedRevisions }: DesiredTree,
  live: FoundLive,
  { promoted }: PromotionVerdict,
  context: { readonly request: PlanManifestsRequest; readonly surroundings: DeliverySurroundings },
): Promise<readonly Problem[]> {
  if (live.state !== 'known') return [];
  const { request, surroundings } = context;
  const { release: number, revision: configRevision } = live;
  const older = snapshotProblems({ snapshot, allowOlder: request.options.allowOlder }, live);
  if (promoted === undefined) return older;
  const { commits: history, logger } = surroundings;
  const previous = { number, configRevision, ...defined({ sharedRevisions: live.sharedRevisions }) };
  const query = { promoted, sharedRevisions, previous, request, history, logger };
  return [...older, ...(await olderConfigProblems(query))];
}

/** Where it is not known what is live, no approval from before counts. */
function sinceOf(live: FoundLive): SignedSince['previous'] {
  if (live.state === 'none') return undefined;
  return live.state === 'known' ? { verdict: live.verdict, configRevision: live.revision } : {};
}

/** None if the registry knows of none. */
function newestOf(live: FoundLive): PlannedRelease {
  if (live.state === 'none' || live.release === undefined) return { number: 0 };
  return { number: live.release, created: live.created };
}
