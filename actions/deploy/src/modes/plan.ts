import { hasKubeconfig } from '@slipway/action-kit';
import { formatPlannedRelease, formatProblem } from '@slipway/core';
import { compareManifests, planManifests, planReleased } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { throwProblems } from '@slipway/release';
import { openSignOffs } from '../approvals.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { readStrategy } from '../inputs/strategy.ts';
import { surroundingsOf } from '../surroundings.ts';
import { showPlanAlone, showPreviousRelease, showRoles } from '../tell/show-plan.ts';

/** Shows what applying would change, then fails for what it would be refused for. */
export async function planAndShow(inputs: InputsFor<'plan'>, runner: Runner): Promise<void> {
  const { token } = inputs;
  const request = { ...inputs.request, ...(await readStrategy(inputs.strategy, runner)) };
  const signOffs = openSignOffs({ token, application: request.application }, runner);
  const plan = hasKubeconfig(inputs.cluster, runner) ? planManifests : planReleased;
  const planned = await plan(request, signOffs, surroundingsOf(inputs, runner));
  await showPlanAlone(planned.plan, runner);
  showPreviousRelease(planned.latest.number, runner);
  runner.setOutput('planned-from', formatPlannedRelease(planned.latest));
  showRoles(planned.missingRoles, runner);
  for (const problem of planned.signOffs)
    runner.logger.warning(`To be signed off: ${formatProblem(problem)}`);
  for (const problem of planned.waits) runner.logger.warning(`Not yet: ${formatProblem(problem)}`);
  throwProblems(planned);
}

/** Shows how manifests differ from others, without a cluster. */
export async function compareAndShow(inputs: InputsFor<'compare'>, runner: Runner): Promise<void> {
  await showPlanAlone(await compareManifests(inputs.request, surroundingsOf(inputs, runner)), runner);
}
