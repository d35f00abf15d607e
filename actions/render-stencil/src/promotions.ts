import { openRegistry } from '@slipway/action-kit';
import type { Snapshot } from '@slipway/core';
import { type CheckoutHistory, type Heads, readableCommits } from '@slipway/git';
import type { Runner } from '@slipway/github';
import { filesBelow, type PassedVerdict, type Promotions } from '@slipway/render';
import type { Inputs } from './inputs.ts';

/** What the registry says of what passed, and the commits of the checkout that has slipway.yaml. */
export function openPromotions(
  inputs: Inputs,
  history: CheckoutHistory,
  heads: Heads,
  runner: Runner,
): Promotions {
  return {
    ...readableCommits(history, filesBelow(runner.workspace), runner.workspace),
    verdictsOn: (...query) => readVerdicts(inputs, runner, ...query),
    isContained: commit => history.isContained(commit),
    readRevision: heads.revision,
  };
}

/** The registry client is loaded only where something is promoted. */
async function readVerdicts(
  inputs: Inputs,
  runner: Runner,
  snapshot: Snapshot,
  formation: string,
  destinations: readonly string[],
): Promise<ReadonlyMap<string, PassedVerdict>> {
  const { findSnapshot, verdictsOn } = await import('@slipway/registry');
  const client = await openRegistry(inputs, runner);
  // What was never pushed, as in a build without a registry, has not passed anywhere.
  if ((await findSnapshot(client, snapshot, snapshot.deploymentTag)) === undefined) return new Map();
  return await verdictsOn(client, snapshot, formation, destinations);
}
