import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBuildSecrets, readRevision } from '@slipway/build';
import { type Clock, imageReference, type Snapshot } from '@slipway/core';
import type { Runner } from '@slipway/github';
import {
  formatSnapshot,
  openRegistryClient,
  type RegistryClient,
  type SnapshotHome,
} from '@slipway/registry';
import { type ApplicationFile, readApplication } from './application.ts';
import { makeDeploymentTag } from './deployment-tag.ts';
import { freeze } from './freeze.ts';
import type { Inputs } from './inputs.ts';
import { planServices } from './plan.ts';
import { type Formations, findPromotion } from './promote.ts';
import { freezeSummary, promotionSummary } from './summary.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** Makes a snapshot of the application, by building and retagging or by promoting one that passed. */
export async function run(inputs: Inputs, runner: Runner, clock: Clock = () => new Date()): Promise<void> {
  const file = await readApplication(runner.workspace, inputs.application);
  const { metadata, spec } = file.application;
  const home = { application: metadata.name, registry: inputs.registry ?? spec.registry };
  const session = { inputs, runner, clock, file, home, client: await openRegistry(inputs, runner) };
  const snapshot =
    inputs.promote === undefined ? await build(session) : await promote(inputs.promote, session);
  await hand(snapshot, runner);
}

interface Session {
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly file: ApplicationFile;
  readonly home: SnapshotHome;
  readonly client: RegistryClient;
}

function openRegistry({ plainHttpRegistries }: Inputs, runner: Runner): Promise<RegistryClient> {
  const { environment, logger, signal, exec } = runner;
  return openRegistryClient({ environment, logger, signal, exec, plainHttpRegistries });
}

async function build({ inputs, runner, clock, file, home, client }: Session): Promise<Snapshot> {
  const secrets = await readBuildSecrets(inputs.buildSecrets, runner.workspace);
  for (const secret of secrets.values()) runner.mask(secret.toString());
  const revision = await readRevision(runner.exec, file.directory);
  if (revision === undefined)
    runner.logger.info('The workspace is no Git repository: there is no git-revision');
  runner.setOutput('git-revision', revision ?? '');
  const plan = await planServices({ file, registry: home.registry, secrets, inputs, runner });
  const { runNumber, runAttempt } = runner.context;
  const deploymentTag =
    inputs.deploymentTag ?? makeDeploymentTag({ now: clock(), revision, runNumber, runAttempt });
  runner.setOutput('deployment-tag', deploymentTag);
  const { onExistingTag, builder } = inputs;
  const frozen = await freeze(plan, {
    ...{ client, home, deploymentTag, revision, onExistingTag, builder, secrets, runner, clock },
  });
  runner.addSummary(freezeSummary(frozen));
  return frozen.snapshot;
}

async function promote(what: string, { runner, home, client, inputs }: Session): Promise<Snapshot> {
  const formations = await readFormations(runner.workspace, inputs.application);
  const { snapshot, formation } = await findPromotion(what, { client, home, formations });
  runner.logger.info(`Promoting ${snapshot.deploymentTag}, which succeeded in ${formation}`);
  runner.setOutput('deployment-tag', snapshot.deploymentTag);
  runner.setOutput('git-revision', snapshot.gitRevision ?? '');
  runner.addSummary(promotionSummary(snapshot, formation));
  return snapshot;
}

/** Loaded only here: a build needs neither formations nor what reads them. */
async function readFormations(workspace: string, application: string): Promise<Formations> {
  const { readRepository } = await import('@slipway/render');
  const { formations } = await readRepository({ workspace, application });
  return new Map([...formations].map(([name, { spec }]) => [name, Object.keys(spec.destinations)]));
}

/** Leaves the snapshot where the next steps find it. */
async function hand(snapshot: Snapshot, runner: Runner): Promise<void> {
  const directory = join(runner.temporaryDirectory, 'slipway', snapshot.application);
  const path = join(directory, 'snapshot.json');
  await mkdir(directory, { recursive: true });
  await writeFile(path, formatSnapshot(snapshot));
  const images = Object.entries(snapshot.images).map(([service, image]) => [service, imageReference(image)]);
  runner.setOutput('snapshot', path);
  runner.setOutput('images', JSON.stringify(Object.fromEntries(images)));
  runner.logger.info(`Deployment tag ${snapshot.deploymentTag}`);
}
