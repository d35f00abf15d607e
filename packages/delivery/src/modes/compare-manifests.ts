import { resolve } from 'node:path';
import { formatProblem, type Plan } from '@slipway/core';
import { planTrees, type ReleaseObject } from '@slipway/release';
import { isRenderedTree, type ManifestObject, readManifests, readRenderedTree } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import { readDesiredState } from '../desired/read-desired-state.ts';
import { chooseDestination } from '../desired/read-tree.ts';
import type { CompareManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** Says how manifests differ from others, such as those of the base branch, without a cluster. */
export async function compareManifests(
  request: CompareManifestsRequest,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'logger' | 'run'>,
): Promise<Plan> {
  const desired = await readDesiredState(request, surroundings);
  const before = await readBefore(desired, request.against, surroundings);
  const { identity, objects, snapshot } = desired;
  return planTrees({
    identity,
    deploymentTag: snapshot?.deploymentTag,
    before: before.map(releaseObject),
    after: objects.map(releaseObject),
  });
}

/** The same destination of another rendered tree, or other plain manifests. */
async function readBefore(
  { identity, checkout }: DesiredState,
  against: string,
  { workspace, logger }: Pick<DeliverySurroundings, 'workspace' | 'logger'>,
): Promise<readonly ManifestObject[]> {
  const path = resolve(workspace, against);
  if (checkout !== undefined && (await isRenderedTree(path))) {
    const { formation, destination } = identity;
    const destinations = destination === undefined ? [] : [destination];
    return chooseDestination(await readRenderedTree(path), { formation, destinations }).objects;
  }
  const { objects, warnings } = await readManifests([against], workspace);
  for (const warning of warnings) logger.warning(formatProblem(warning));
  return objects;
}

function releaseObject({ object }: ManifestObject): ReleaseObject {
  return { object };
}
