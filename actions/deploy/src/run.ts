import { withoutGrowth } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { applyManifests } from './apply-manifests.ts';
import { destroy } from './destroy.ts';
import type { Inputs } from './inputs.ts';
import { listRecorded } from './list-recorded.ts';
import { planAgainst } from './plan-against.ts';
import { rollBackTo } from './roll-back-to.ts';

export { check } from './check.ts';
export { type Inputs, readInputs } from './inputs.ts';
export { post } from './post.ts';

/** Deploys, plans, goes back, removes or lists, as the mode says. */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  await withoutGrowth(() => runMode(inputs, runner));
}

async function runMode(inputs: Inputs, runner: Runner): Promise<void> {
  switch (inputs.mode) {
    case 'rollback':
      return await rollBackTo(inputs, runner);
    case 'destroy':
      return await destroy(inputs, runner);
    case 'releases':
      return await listRecorded(inputs, runner);
    case 'plan':
      return inputs.against === '' ? await applyManifests(inputs, runner) : await planAgainst(inputs, runner);
    case 'apply':
      return await applyManifests(inputs, runner);
  }
}
