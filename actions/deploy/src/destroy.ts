import { quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { describeObject } from '@slipway/kubernetes';
import { destroyFormation } from '@slipway/release';
import { connect } from './connect.ts';
import { findDeployed } from './deployed.ts';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { destroySummary } from './summary.ts';

/** Removes a formation from its cluster, and nothing else. */
export async function destroy(inputs: Inputs, runner: Runner): Promise<void> {
  const { identity, checkout } = await findDeployed(inputs, runner);
  const name = `${identity.application}/${identity.formation}`;
  if (inputs.confirm !== name) throw confirmationMissing(name);
  const client = await connect(inputs, { identity, checkout }, runner);
  try {
    const { context, signal, logger } = runner;
    const destroyed = await destroyFormation({
      client,
      identity,
      allow: checkout && (checkout.formation.spec.allow ?? {}),
      holder: context.runUrl || 'slipway',
      timeout: inputs.lockTimeout,
      clock: () => new Date(),
      signal,
      logger,
    });
    runner.setOutput('changes', String(destroyed.removed.length));
    for (const object of destroyed.left) logger.warning(`${describeObject(object)} stays`);
    logger.info(
      `${name} is gone from namespace ${identity.namespace}: ${destroyed.removed.length} objects removed`,
    );
    runner.addSummary(destroySummary(name, destroyed));
  } finally {
    client.close();
  }
}

function confirmationMissing(name: string): SlipwayError<DeployErrorCode> {
  return new SlipwayError({
    code: 'confirmation-missing',
    message: `removing ${quote(name)} has not been confirmed`,
    remedy: `set confirm to ${quote(name)}`,
  });
}
