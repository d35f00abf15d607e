import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkClusterAccess, hasKubeconfig } from '@slipway/action-kit';
import { findFormation, findReleased, isOfOneDestination } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { isRenderedTree } from '@slipway/render';
import type { Inputs } from './inputs/inputs.ts';
import { withSpawn } from './spawned/with-spawn.ts';
import { surroundingsOf } from './surroundings.ts';

/**
 * Finds what can be known before anything is built or rendered: which destination is meant, and that a kubeconfig for it exists.
 * @throws SlipwayError as `run` would
 */
export async function preflight(given: Inputs, runner: Runner): Promise<void> {
  const inputs = withSpawn(given, runner);
  if (inputs.mode === 'compare' || inputs.mode === 'status') return;
  if (inputs.mode === 'sweep' || inputs.mode === 'recover-plan') return;
  // What has many clusters shows as well that one of them cannot be reached.
  if (inputs.mode === 'releases' && !isOfOneDestination(inputs.request)) return;
  const context = await contextOf(inputs, runner);
  if (inputs.mode === 'plan' && !hasKubeconfig(inputs.cluster, runner)) {
    // What is not rendered yet may be a tree, whose plan needs no cluster.
    if (!(await arePlain(inputs.request.manifests, runner.workspace))) return;
  }
  await checkClusterAccess(inputs.cluster, { context }, runner);
}

/** The context that the formation names; plain manifests have no formation. */
async function contextOf(
  inputs: Exclude<Inputs, { mode: 'compare' | 'status' | 'sweep' | 'recover-plan' }>,
  runner: Runner,
): Promise<string> {
  const surroundings = surroundingsOf(inputs, runner);
  if (inputs.mode !== 'apply' && inputs.mode !== 'plan')
    return (await findReleased(inputs.request, surroundings)).checkout?.destination.context ?? '';
  if (await arePlain(inputs.request.manifests, runner.workspace)) return '';
  return (await findFormation(inputs.request, surroundings)).checkout?.destination.context ?? '';
}

/** Whether manifests exist already and are not a rendered tree; those of an earlier step are not there yet. */
async function arePlain(manifests: readonly string[], workspace: string): Promise<boolean> {
  const paths = manifests.map(path => resolve(workspace, path));
  if (!paths.some(path => existsSync(path))) return false;
  const [path = '', ...others] = paths;
  return others.length > 0 || !(await isRenderedTree(path));
}
