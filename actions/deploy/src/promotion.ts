import { type Problem, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Source } from './source.ts';

/**
 * Whether the snapshot succeeded where the formation wants it to have succeeded first, by the verdicts in the registry.
 * @returns the refusals
 */
export async function promotionProblems(
  { snapshot, checkout }: Source,
  inputs: Inputs,
  runner: Runner,
): Promise<readonly Problem[]> {
  const from = checkout?.formation.spec['promoted-from'];
  if (from === undefined || snapshot === undefined || checkout === undefined) return [];
  const destinations = Object.keys(checkout.repository.formations.get(from)?.spec.destinations ?? {});
  if (destinations.length === 0) return [notPromoted(snapshot.deploymentTag, from, [from])];
  const { destinationsNotPassed, openRegistryClient } = await import('@slipway/registry');
  const { environment, exec, logger, signal } = runner;
  try {
    const { plainHttpRegistries, recordKeys } = inputs;
    const registry = await openRegistryClient({
      environment,
      exec,
      plainHttpRegistries,
      recordKeys,
      logger,
      signal,
    });
    const lacking = await destinationsNotPassed(registry, snapshot, from, destinations);
    return lacking.length === 0 ? [] : [notPromoted(snapshot.deploymentTag, from, lacking)];
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}

function notPromoted(tag: string, from: string, lacking: readonly string[]): Problem<DeployErrorCode> {
  return {
    code: 'not-promoted',
    message: `the snapshot ${quote(tag)} has not succeeded at ${lacking.map(name => `${from}/${name}`).join(', ')}`,
    remedy: `deploy it to ${quote(from)} and verify it there first`,
  };
}
