import { realpath } from 'node:fs/promises';
import { type BuildSecrets, readBuildSecrets } from '@slipway/build';
import type { Snapshot } from '@slipway/core';
import { completeHistory, type Git, headCommit, openCheckout } from '@slipway/git';
import { isForFork } from '@slipway/github';
import { listExports, prepareExports } from './build/exports.ts';
import { freeze } from './build/freeze.ts';
import { rehearse } from './build/rehearse.ts';
import { mayPush } from './may-push.ts';
import { makeDeploymentTag } from './plan/deployment-tag.ts';
import { exportsFolder, type Plan, planServices } from './plan/plan.ts';
import { refuseSecretsForFork } from './plan/refuse-secrets-for-fork.ts';
import { selectServices } from './plan/selection.ts';
import type { Session } from './session.ts';
import { createForesight, readPassedSnapshots } from './snapshots/reuse.ts';
import { readChanges } from './tell/changes.ts';
import { exportsSummary, freezeSummary, rehearsalSummary } from './tell/summary.ts';

/** Builds and retags everything; undefined where nothing may be pushed, hence nothing can be deployed. */
export async function makeSnapshot(session: Session): Promise<Snapshot | undefined> {
  const { inputs, runner, file, home, released, instance } = session;
  const git = await openGitOf(session);
  const revision = git && (await headCommit(git));
  if (revision === undefined)
    runner.logger.info('The workspace is not a Git repository, so there is no git-revision');
  runner.setOutput('git-revision', revision ?? '');
  if (git !== undefined && revision !== undefined) await fetchHistory(git, session);
  const selection = await selectServices(session);
  refuseSecretsForFork(selection.services, session);
  const secrets = await readSecrets(session);
  const registries = { registry: home.registry, released: released.registry };
  const plan = await planServices({ file, selection, ...registries, secrets, inputs, runner, git });
  const exported = exportsFolder(home.application, runner);
  await prepareExports(exported, plan.builds, runner);
  const work = { ...session, plan, secrets: secrets ?? new Map(), revision };
  const isPushed = mayPush(inputs.push, runner.context, instance);
  const snapshot = isPushed ? await buildAndPush(work) : await buildOnly(work);
  runner.addSummary(exportsSummary(await listExports(exported)));
  return snapshot;
}

/** Git for the checkout that slipway.yaml is in, wherever a link to its folder leads. */
async function openGitOf({ runner, file }: Session): Promise<Git | undefined> {
  const [directory, workspace] = await Promise.all([realpath(file.directory), realpath(runner.workspace)]);
  return openCheckout(directory, { ...runner, workspace });
}

/** Times and labels of an image come from the commit that last touched its sources. */
async function fetchHistory(git: Git, { runner, file }: Session): Promise<void> {
  const builds = Object.values(file.application.spec.services).some(service => service.build !== undefined);
  if (!builds || (await completeHistory(git))) return;
  runner.logger.info(
    'The clone is shallow and its history cannot be fetched: images carry no commit; set fetch-depth: 0',
  );
}

interface Work extends Session {
  readonly plan: Plan;
  readonly secrets: BuildSecrets;
  readonly revision: string | undefined;
}

/** Undefined for a fork: a stranger's Dockerfile could send them anywhere. */
async function readSecrets({ inputs, runner }: Session): Promise<BuildSecrets | undefined> {
  if (isForFork(runner.context)) {
    runner.logger.info('The pull request is from a fork, so builds get no build secrets and no SSH keys');
    return undefined;
  }
  const secrets = await readBuildSecrets(inputs.buildSecrets, runner.workspace);
  for (const secret of secrets.values()) runner.mask(secret.toString());
  return secrets;
}

async function buildAndPush({ plan, ...work }: Work): Promise<Snapshot> {
  const { inputs, runner, clock, client, revision, instance } = work;
  const { runNumber, runAttempt } = runner.context;
  const deploymentTag =
    inputs.deploymentTag ??
    makeDeploymentTag({ now: clock(), revision, runNumber, runAttempt, key: instance?.key });
  runner.setOutput('deployment-tag', deploymentTag);
  const { onExistingTag, builder, plainHttpRegistries } = inputs;
  const passed = readPassedSnapshots(work);
  // Awaited once images are at hand: what is unexpected must not count as unhandled until then.
  passed.catch(() => {});
  const foresee = createForesight(work, passed);
  const chosen = { deploymentTag, onExistingTag, builder, plainHttpRegistries };
  const frozen = await freeze(plan, { ...work, ...chosen, foresee });
  const [previous] = await passed;
  const changes = await readChanges(frozen.images, previous, client, runner.logger);
  runner.addSummary(freezeSummary(frozen, changes, previous?.deploymentTag));
  return frozen.snapshot;
}

async function buildOnly({ plan, ...work }: Work): Promise<undefined> {
  const { inputs, runner, home } = work;
  runner.logger.info('Images are built to see that they do, and nothing is pushed');
  const { builder, plainHttpRegistries } = inputs;
  const rehearsed = await rehearse(plan, { ...work, builder, plainHttpRegistries });
  runner.addSummary(rehearsalSummary(home.application, rehearsed));
}
