import { type BuildSecrets, readBuildSecrets } from '@slipway/build';
import type { Snapshot } from '@slipway/core';
import { completeHistory, type Git } from '@slipway/git';
import { isForFork } from '@slipway/github';
import { findBuilderFor } from './build/build-services.ts';
import { listExports, prepareExports } from './build/exports.ts';
import { prepareImages } from './build/prepare-images.ts';
import { rehearse } from './build/rehearse.ts';
import { freezeAndTell } from './freeze-and-tell.ts';
import { mayPush } from './may-push.ts';
import { makePart } from './parts/make-part.ts';
import { selectForPart } from './parts/part-selection.ts';
import { exportsFolder, type Plan, planServices } from './plan/plan.ts';
import { refuseSecretsForFork } from './plan/refuse-secrets-for-fork.ts';
import { selectServices } from './plan/selection.ts';
import { readRevision } from './revision.ts';
import type { Session } from './session.ts';
import { createForesight, readPassedSnapshots } from './snapshots/reuse.ts';
import { exportsSummary, rehearsalSummary } from './tell/summary.ts';

/** Builds and retags everything; undefined where nothing may be pushed, and for a part: there is nothing to deploy then. */
export async function makeSnapshot(session: Session): Promise<Snapshot | undefined> {
  const { inputs, runner, file, home, released, instance } = session;
  const { git, revision } = await readRevision(session);
  if (git !== undefined && revision !== undefined) await fetchHistory(git, session);
  const selection = await (inputs.part === undefined ? selectServices(session) : selectForPart(session));
  refuseSecretsForFork(selection.services, session);
  const secrets = await readSecrets(session);
  const registries = { registry: home.registry, released: released.registry };
  const plan = await planServices({ file, selection, ...registries, secrets, inputs, runner, git });
  const exported = exportsFolder(home.application, runner);
  await prepareExports(exported, plan.builds, runner);
  const work = { ...session, plan, secrets: secrets ?? new Map(), revision };
  const isPushed = mayPush(inputs.push, runner.context, instance);
  const snapshot = isPushed ? await push(work) : await buildOnly(work);
  runner.addSummary(exportsSummary(await listExports(exported)));
  return snapshot;
}

/** Times and labels of an image come from the commit that last touched its sources. */
async function fetchHistory(git: Git, { runner, file }: Session): Promise<void> {
  const builds = Object.values(file.application.spec.services).some(service => service.build !== undefined);
  if (!builds || (await completeHistory(git))) return;
  runner.logger.info(
    'The clone is shallow and its history cannot be fetched: images carry no commit; set fetch-depth: 0',
  );
}

async function push(work: Work): Promise<Snapshot | undefined> {
  const { part } = work.inputs;
  if (part === undefined) return await buildAndPush(work);
  await makePart(part, work);
  return undefined;
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
  const { inputs, runner } = work;
  const passed = readPassedSnapshots(work);
  // Awaited once images are at hand: what is unexpected must not count as unhandled until then.
  passed.catch(() => {});
  const foresee = createForesight(work, passed);
  const { plainHttpRegistries } = inputs;
  const making = {
    services: [...plan.builds, ...plan.retags, ...plan.kept].map(({ service }) => service),
    async begin() {
      const builder = await findBuilderFor(plan, inputs.builder, runner);
      return () => prepareImages(plan, { ...work, plainHttpRegistries, builder, foresee });
    },
  };
  return await freezeAndTell(making, { ...work, passed });
}

async function buildOnly({ plan, ...work }: Work): Promise<undefined> {
  const { inputs, runner, home } = work;
  runner.logger.info('Images are built to see that they do, and nothing is pushed');
  const { builder, plainHttpRegistries } = inputs;
  const rehearsed = await rehearse(plan, { ...work, builder, plainHttpRegistries });
  runner.addSummary(rehearsalSummary(home.application, rehearsed));
}
