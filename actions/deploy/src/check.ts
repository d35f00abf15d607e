import type { Runner } from '@slipway/github';
import { checkAccess } from './connect.ts';
import { findDeployed } from './deployed.ts';
import type { Inputs } from './inputs.ts';

/**
 * What can be told before anything was built or rendered: which destination is meant, and that there is a kubeconfig for it.
 * @throws SlipwayError as `run` would
 */
export async function check(inputs: Inputs, runner: Runner): Promise<void> {
  if (inputs.mode === 'plan' && inputs.against !== '') return;
  await checkAccess(inputs, await findDeployed(inputs, runner), runner);
}
