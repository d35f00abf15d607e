import type { Snapshot } from '@slipway/core';
import { freeze, type ImageMaking } from './build/freeze.ts';
import { makeDeploymentTag } from './plan/deployment-tag.ts';
import type { Session } from './session.ts';
import { readChanges } from './tell/changes.ts';
import { freezeSummary } from './tell/summary.ts';

interface Work extends Session {
  readonly revision: string | undefined;
  /** What the summary compares with. */
  readonly passed: Promise<readonly Snapshot[]>;
}

/** Makes the snapshot under its deployment tag, and says in the summary what is in it. @throws SlipwayError as `freeze` does */
export async function freezeAndTell(making: ImageMaking, { passed, ...work }: Work): Promise<Snapshot> {
  const { inputs, runner, clock, client, revision, instance } = work;
  const { runNumber, runAttempt } = runner.context;
  const deploymentTag =
    inputs.deploymentTag ??
    makeDeploymentTag({ now: clock(), revision, runNumber, runAttempt, key: instance?.key });
  runner.setOutput('deployment-tag', deploymentTag);
  const frozen = await freeze(making, { ...work, deploymentTag, onExistingTag: inputs.onExistingTag });
  const [previous] = await passed;
  const changes = await readChanges(frozen.images, previous, client, runner.logger);
  runner.addSummary(freezeSummary(frozen, changes, previous?.deploymentTag));
  return frozen.snapshot;
}
