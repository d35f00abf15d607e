import { checkClusterAccess } from '@slipway/action-kit';
import { findFormation, findReleased } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs/inputs.ts';
import { surroundingsOf } from './surroundings.ts';

/**
 * Finds what can be known before anything is built or rendered: which destination is meant, and that a kubeconfig for it exists.
 * @throws SlipwayError as `run` would
 */
export async function preflight(inputs: Inputs, runner: Runner): Promise<void> {
  if (inputs.mode === 'compare') return;
  const find = inputs.mode === 'apply' || inputs.mode === 'plan' ? findFormation : findReleased;
  const { checkout } = await find(inputs.request, surroundingsOf(inputs, runner));
  await checkClusterAccess(inputs.cluster, { context: checkout?.destination.context ?? '' }, runner);
}
