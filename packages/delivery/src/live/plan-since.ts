import { defined, type Plan, quote, type Removal, type Snapshot } from '@slipway/core';
import { planTrees } from '@slipway/release';
import type { ManifestObject } from '@slipway/render';
import { DEFAULT_APPLICATION } from '../formation/find-formation.ts';
import type { ManifestsChoice } from '../request.ts';
import { type FoundLive, type LiveRelease, readKnown } from './read-live.ts';
import { type DesiredTree, type LiveSurroundings, notReproduced, renderLive } from './render-live.ts';

/** A plan, and the release that it was made against. */
export interface PlanSince {
  readonly plan: Plan;
  readonly live: FoundLive;
}

/**
 * Says how a rendered tree differs from what is live, without the cluster: the newest release that the registry knows is rendered
 * again beside it. Nothing is taken for unchanged that is not known.
 */
export async function planSince(
  desired: DesiredTree,
  choice: Pick<ManifestsChoice, 'application' | 'registry'>,
  surroundings: LiveSurroundings,
): Promise<PlanSince> {
  const live = await readKnown(desired, choice, surroundings);
  if (live.state === 'none') return { live, plan: firstPlan(desired, live.removal) };
  if (live.state === 'unknown') return { live, plan: unknownPlan(desired, live.why) };
  const application = choice.application || DEFAULT_APPLICATION;
  const again = await renderLive(live, desired, application, surroundings);
  if ('why' in again) return { live, plan: unknownPlan(desired, again.why) };
  const { rendering, isSame } = again;
  const plan = compared(desired, rendering.objects);
  return {
    live,
    plan: {
      ...plan,
      limits: [...limitsOf(live), ...notReproduced(live, again, desired), ...beside(desired, plan)],
      against: againstOf(live, isSame),
      images: changedImages(live.snapshot, desired.snapshot),
    },
  };
}

function compared({ identity, snapshot, objects }: DesiredTree, before: readonly ManifestObject[]): Plan {
  const released = ({ object }: ManifestObject) => ({ object });
  const deploymentTag = snapshot?.deploymentTag;
  return planTrees({
    ...{ identity, deploymentTag },
    before: before.map(released),
    after: objects.map(released),
  });
}

function firstPlan(desired: DesiredTree, removal: Removal | undefined): Plan {
  const plan = compared(desired, []);
  return { ...plan, limits: [firstLimit(removal), ...beside(desired, plan)] };
}

/** Why a plan shows what a first release creates. */
export function firstLimit(removal: Pick<Removal, 'at' | 'by'> | undefined): string {
  const none =
    removal === undefined
      ? 'the registry has no verdict on a release there'
      : `${quote(removal.by)} removed what was there at ${removal.at}, and the registry has no verdict on a release since`;
  return `${none}, so this is what the first release creates; whether there is one that was not verified is not known`;
}

function unknownPlan(desired: DesiredTree, why: string): Plan {
  const plan = compared({ ...desired, objects: [] }, []);
  return { ...plan, unknown: why, limits: beside(desired, plan) };
}

/** What no comparison of trees can know. */
function beside({ seals }: DesiredTree, { limits = [] }: Pick<Plan, 'limits'>): string[] {
  return [
    ...limits,
    "what the server's defaults make of it, and what policies and sign-offs say of it, the job that deploys finds out",
    ...(seals.length === 0 ? [] : ['whether a secret has another value by now is not known']),
  ];
}

function limitsOf({ release, verdict, verified, isRollback }: LiveRelease): string[] {
  return [
    `a release that was deployed after ${verified} and has no verdict yet is not known`,
    ...(verdict === 'succeeded'
      ? []
      : [`release ${release} ended as ${verdict}, so what of it is in the cluster is not known`]),
    ...(isRollback
      ? [
          `release ${release} is a rollback, which left Jobs and CustomResourceDefinitions as they were: how they change is not known`,
        ]
      : []),
  ];
}

function againstOf(live: LiveRelease, reproduced: boolean): NonNullable<Plan['against']> {
  const { release, verdict, verified, snapshot, revision: configRevision } = live;
  return { release, verdict, verified, reproduced, deploymentTag: snapshot.deploymentTag, configRevision };
}

function changedImages(before: Snapshot, after: Snapshot | undefined): NonNullable<Plan['images']> {
  if (after === undefined) return [];
  const services = [...new Set([...Object.keys(before.images), ...Object.keys(after.images)])];
  return services.flatMap(service => {
    const [old, next] = [before.images[service]?.digest, after.images[service]?.digest];
    return old === next ? [] : [{ service, ...defined({ before: old, after: next }) }];
  });
}
