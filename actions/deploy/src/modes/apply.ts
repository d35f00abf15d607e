import { count, type Release } from '@slipway/core';
import { type ApplyListener, applyManifests, type DesiredState } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { openSignOffs } from '../approvals.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { readStrategy } from '../inputs/strategy.ts';
import { noteRelease } from '../post.ts';
import { surroundingsOf } from '../surroundings.ts';
import { isRecorded, type Known, type Shown, showDeployment } from '../tell/show-deployment.ts';
import { showPlan, showPreviousRelease, showRoles } from '../tell/show-plan.ts';
import { showSteps } from '../tell/show-steps.ts';

/** Brings manifests to a cluster as a release. */
export async function applyAndShow(inputs: InputsFor<'apply'>, runner: Runner): Promise<void> {
  const { token } = inputs;
  const request = { ...inputs.request, ...(await readStrategy(inputs.strategy, runner)) };
  const signOffs = openSignOffs({ token, application: request.application }, runner);
  const shown = await showDeployment(runner, known =>
    applyManifests(request, signOffs, surroundingsOf(inputs, runner), listenTo(known, inputs, runner)),
  );
  showRelease(shown, runner);
}

/** Adds what happens on the way to what is known, and shows it. */
export function listenTo(
  known: Known,
  { cluster }: Pick<InputsFor<'apply'>, 'cluster'>,
  runner: Runner,
): ApplyListener {
  return {
    async onPlan({ plan, latest, missingRoles }) {
      known.plan = plan;
      await showPlan(plan, runner);
      showPreviousRelease(latest, runner);
      showRoles(missingRoles, runner);
    },
    onRecorded(recorded, { identity, checkout }: DesiredState) {
      known.release = recorded;
      const { number } = recorded;
      noteRelease(identity, number, cluster.context || (checkout?.destination.context ?? ''), runner);
      runner.setOutput('release', String(number));
    },
    onJobLogs(logs) {
      known.logs = [...known.logs, ...logs];
    },
  };
}

/** What was written of a release; nothing, if it is the same as the open one. */
export function showRelease(
  shown: Shown<Release>,
  runner: Pick<Runner, 'setOutput' | 'logger' | 'annotate' | 'addSummary'>,
): void {
  const { release, known } = shown;
  const { application, formation, number, objects } = release;
  // What is the same as the open release writes no record, and verify-rollout goes on with that one.
  runner.setOutput('release', String(number));
  if (isRecorded(known)) {
    const written = objects.filter(object => object.written).length;
    runner.logger.info(
      `Release ${number} of ${application}/${formation}: ${written} of ${count(objects.length, 'object')} written`,
    );
  }
  showSteps(shown, runner);
}
