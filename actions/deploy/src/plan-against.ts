import { resolve } from 'node:path';
import { formatProblem } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { planTrees, type ReleaseObject } from '@slipway/release';
import { isRenderedTree, type ManifestObject, readManifests, readRenderedTree } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import { readSource } from './read-source.ts';
import { chooseDestination } from './read-tree.ts';
import { showPlan } from './show-plan.ts';
import type { Source } from './source.ts';

/** Says in what the manifests differ from others, such as those of the base branch, without any cluster. */
export async function planAgainst(inputs: Inputs, runner: Runner): Promise<void> {
  const source = await readSource(inputs, runner);
  const before = await readBefore(source, inputs, runner);
  const { identity, objects, snapshot } = source;
  const plan = planTrees({
    identity: { ...identity, repository: runner.context.repository },
    deploymentTag: snapshot?.deploymentTag,
    before: before.map(releaseObject),
    after: objects.map(releaseObject),
  });
  await showPlan(plan, runner);
}

/** The same destination of another rendered tree, or other plain manifests. */
async function readBefore(
  { identity, checkout }: Source,
  { against }: Inputs,
  { workspace, logger }: Runner,
): Promise<readonly ManifestObject[]> {
  const path = resolve(workspace, against);
  if (checkout !== undefined && (await isRenderedTree(path))) {
    const { formation, destination = '' } = identity;
    return chooseDestination(await readRenderedTree(path), { formation, destination }).objects;
  }
  const { objects, warnings } = await readManifests([against], workspace);
  for (const warning of warnings) logger.warning(formatProblem(warning));
  return objects;
}

function releaseObject({ object }: ManifestObject): ReleaseObject {
  return { object };
}
