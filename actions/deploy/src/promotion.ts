import { type Problem, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { RegistryClient } from '@slipway/registry';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Source } from './source.ts';

/**
 * Whether the snapshot may come here: with a record-key, whether it is one that was signed; and whether it succeeded where the
 * formation wants it to have succeeded first, by the verdicts in the registry.
 * @returns the refusals
 */
export async function promotionProblems(
  source: Source,
  inputs: Inputs,
  runner: Runner,
): Promise<readonly Problem[]> {
  const { snapshot } = source;
  const first = comesFrom(source);
  if (snapshot === undefined || (first === undefined && inputs.recordKeys === undefined)) return [];
  const { findSame, openRegistryClient } = await import('@slipway/registry');
  const { environment, exec, logger, signal } = runner;
  const { plainHttpRegistries, recordKeys } = inputs;
  const options = { environment, exec, plainHttpRegistries, recordKeys, logger, signal };
  try {
    const registry = await openRegistryClient(options);
    if (first !== undefined) return await lackingProblems(registry, snapshot, first);
    await findSame(registry, snapshot);
    return [];
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}

interface Before {
  readonly formation: string;
  readonly destinations: readonly string[];
}

/** Where a snapshot has to have succeeded before it comes here. */
function comesFrom({ checkout }: Source): Before | undefined {
  const formation = checkout?.formation.spec['promoted-from'];
  if (formation === undefined) return undefined;
  const { destinations = {} } = checkout?.repository.formations.get(formation)?.spec ?? {};
  return { formation, destinations: Object.keys(destinations) };
}

async function lackingProblems(
  registry: RegistryClient,
  snapshot: Snapshot,
  { formation, destinations }: Before,
): Promise<readonly Problem[]> {
  const { deploymentTag } = snapshot;
  if (destinations.length === 0) return [notPromoted(deploymentTag, formation, [formation])];
  const { destinationsNotPassed } = await import('@slipway/registry');
  const lacking = await destinationsNotPassed(registry, snapshot, formation, destinations);
  const places = lacking.map(destination => `${formation}/${destination}`);
  return places.length === 0 ? [] : [notPromoted(deploymentTag, formation, places)];
}

function notPromoted(tag: string, from: string, places: readonly string[]): Problem<DeployErrorCode> {
  return {
    code: 'not-promoted',
    message: `the snapshot ${quote(tag)} has not succeeded at ${places.join(', ')}`,
    remedy: `deploy it to ${quote(from)} and verify it there first`,
  };
}
