import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, imageReference, type Snapshot } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { formatSnapshot } from '@slipway/registry';
import { readPromotable } from './files/formations.ts';
import type { Inputs } from './inputs.ts';
import { joinSnapshot } from './join-snapshot.ts';
import { makeSnapshot } from './make-snapshot.ts';
import { openSession, type Session } from './session.ts';
import { copyBetweenRegistries } from './snapshots/copy-between-registries.ts';
import { findPromotion } from './snapshots/promotion.ts';
import { promotionSummary } from './tell/summary.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** Makes a snapshot of the application, by building and retagging, by joining what other jobs built, or by promoting one that passed. */
export async function run(inputs: Inputs, runner: Runner, clock: Clock = () => new Date()): Promise<void> {
  const session = await openSession(inputs, runner, clock);
  const snapshot = await takeSnapshot(session);
  if (snapshot !== undefined) await publishSnapshot(snapshot, runner);
}

async function takeSnapshot(session: Session): Promise<Snapshot | undefined> {
  const { promote: what, mode } = session.inputs;
  if (what !== undefined) return await promote(what, session);
  return mode === 'join' ? await joinSnapshot(session) : await makeSnapshot(session);
}

async function promote(what: string, session: Session): Promise<Snapshot> {
  const { runner, home, client, inputs } = session;
  const formations = await readPromotable(session);
  const registry = inputs.promoteRegistry ?? home.registry;
  const promotion = await findPromotion(what, { client, home: { ...home, registry }, formations });
  runner.logger.info(
    `Promoting ${promotion.snapshot.deploymentTag}, which succeeded in ${promotion.formation}`,
  );
  runner.setOutput('deployment-tag', promotion.snapshot.deploymentTag);
  runner.setOutput('git-revision', promotion.snapshot.gitRevision ?? '');
  const snapshot =
    registry === home.registry ? promotion.snapshot : await copyBetweenRegistries(promotion, session);
  runner.addSummary(promotionSummary(snapshot, promotion));
  return snapshot;
}

/** Leaves the snapshot where the next steps find it. */
async function publishSnapshot(snapshot: Snapshot, runner: Runner): Promise<void> {
  const directory = join(runner.temporaryDirectory, 'slipway', snapshot.application);
  const path = join(directory, 'snapshot.json');
  await mkdir(directory, { recursive: true });
  await writeFile(path, formatSnapshot(snapshot));
  const images = Object.entries(snapshot.images).map(([service, image]) => [service, imageReference(image)]);
  runner.setOutput('snapshot', path);
  runner.setOutput('images', JSON.stringify(Object.fromEntries(images)));
  for (const [service, image] of images) runner.logger.info(`${service}: ${image}`);
  runner.logger.info(`Deployment tag ${snapshot.deploymentTag}`);
}
