import { count } from '@slipway/core';
import { applyManifests, type DesiredState } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { openSignOffs } from '../approvals.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { noteRelease } from '../post.ts';
import { surroundingsOf } from '../surroundings.ts';
import { showDeployment } from '../tell/show-deployment.ts';
import { showPlan, showPreviousRelease, showRoles } from '../tell/show-plan.ts';

/** Brings manifests to a cluster as a release. */
export async function applyAndShow(inputs: InputsFor<'apply'>, runner: Runner): Promise<void> {
  const { request, cluster, token } = inputs;
  const signOffs = openSignOffs({ token, application: request.application }, runner);
  const release = await showDeployment(runner, known =>
    applyManifests(request, signOffs, surroundingsOf(inputs, runner), {
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
    }),
  );
  const { application, formation, number, objects } = release;
  const written = objects.filter(object => object.written).length;
  runner.logger.info(
    `Release ${number} of ${application}/${formation}: ${written} of ${count(objects.length, 'object')} written`,
  );
}
