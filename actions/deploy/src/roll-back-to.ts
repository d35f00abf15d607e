import type { ClusterClient } from '@slipway/cluster';
import { isDeploymentTag, quote, type Release, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { listReleases, type RecordOwner, readRelease, undoRelease } from '@slipway/release';
import { connect } from './connect.ts';
import { type Deployed, findDeployed } from './deployed.ts';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { checkoutRules, readRules } from './policies.ts';
import { noteRelease } from './post.ts';
import { releaseSummary } from './summary.ts';

/** Puts an earlier release back, as a new one. */
export async function rollBackTo(inputs: Inputs, runner: Runner): Promise<void> {
  const deployed = await findDeployed(inputs, runner);
  const client = await connect(inputs, deployed, runner);
  try {
    const newest = await newestRelease(client, deployed.identity);
    runner.setOutput('previous-release', String(newest.number));
    const restored = await restore(client, newest, deployed, { inputs, runner });
    const { number, restores } = restored;
    runner.logger.info(
      `Release ${restores} is back as release ${number}; verify-rollout says whether it works`,
    );
    runner.addSummary(releaseSummary(restored));
  } finally {
    client.close();
  }
}

async function restore(
  client: ClusterClient,
  newest: Release,
  { identity, checkout }: Deployed,
  { inputs, runner }: { readonly inputs: Inputs; readonly runner: Runner },
): Promise<Release> {
  const { context, signal, logger } = runner;
  const isBare = checkout === undefined && inputs.policies.length + inputs.packs.length === 0;
  return await undoRelease({
    client,
    release: newest,
    to: await numberOf(client, identity, inputs.to),
    // Without a checkout the rules are those that held last.
    rules: isBare ? undefined : await readRules(checkoutRules(checkout), inputs, runner),
    onRecorded: ({ number }) => {
      noteRelease(identity, number, { inputs, checkout }, runner);
      runner.setOutput('release', String(number));
    },
    forceConflicts: inputs.forceConflicts || undefined,
    repository: identity.repository,
    actor: context.actor,
    run: context.runUrl,
    reason: inputs.reason || `rolled back by ${context.actor || 'somebody'}`,
    lockTimeout: inputs.lockTimeout,
    timeout: inputs.timeout,
    clock: () => new Date(),
    signal,
    logger,
  });
}

async function newestRelease(client: ClusterClient, owner: RecordOwner): Promise<Release> {
  const [newest] = await listReleases(client, owner);
  return await readRelease(client, owner, newest?.number ?? 1);
}

/**
 * The number of a release that is named by its number or its deployment tag; undefined for the previous one.
 * @throws SlipwayError `release-unknown`
 */
export async function numberOf(
  client: ClusterClient,
  owner: RecordOwner,
  name: string,
): Promise<number | undefined> {
  if (name === '') return undefined;
  if (/^\d{1,15}$/.test(name)) return Number(name);
  const releases = isDeploymentTag(name) ? await listReleases(client, owner) : [];
  const found = releases.find(({ deploymentTag }) => deploymentTag === name);
  if (found !== undefined) return found.number;
  throw new SlipwayError<DeployErrorCode>({
    code: 'release-unknown',
    message: `no kept release of ${owner.application}/${owner.formation} has the number or deployment tag ${quote(name)}`,
    remedy: 'list them with "mode: releases"',
  });
}
