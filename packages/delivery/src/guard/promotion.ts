import { type Problem, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { RegistryClient } from '@slipway/registry';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/**
 * Whether the snapshot may be deployed here: with a record key, whether it was signed; and whether it succeeded in the formation
 * that this one is promoted from, by the verdicts in the registry.
 * @returns the refusals
 */
export async function promotionProblems(
  desired: DesiredState,
  signed: boolean,
  { openRegistry }: Pick<DeliverySurroundings, 'openRegistry'>,
): Promise<readonly Problem[]> {
  const { snapshot } = desired;
  const earlier = promotedFrom(desired);
  if (snapshot === undefined || (earlier === undefined && !signed)) return [];
  try {
    const registry = await openRegistry();
    if (earlier !== undefined) return await lackingProblems(registry, snapshot, earlier);
    const { findSame } = await import('@slipway/registry');
    await findSame(registry, snapshot);
    return [];
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}

interface EarlierFormation {
  readonly formation: string;
  readonly destinations: readonly string[];
}

/** Where a snapshot must have succeeded before it is deployed here. */
function promotedFrom({ checkout }: DesiredState): EarlierFormation | undefined {
  const formation = checkout?.formation.spec['promoted-from'];
  if (formation === undefined) return undefined;
  const { destinations = {} } = checkout?.repository.formations.get(formation)?.spec ?? {};
  return { formation, destinations: Object.keys(destinations) };
}

async function lackingProblems(
  registry: RegistryClient,
  snapshot: Snapshot,
  { formation, destinations }: EarlierFormation,
): Promise<readonly Problem[]> {
  const { deploymentTag } = snapshot;
  if (destinations.length === 0) return [notPromoted(deploymentTag, formation, [formation])];
  const { destinationsNotPassed } = await import('@slipway/registry');
  const lacking = await destinationsNotPassed(registry, snapshot, formation, destinations);
  const targets = lacking.map(destination => `${formation}/${destination}`);
  return targets.length === 0 ? [] : [notPromoted(deploymentTag, formation, targets)];
}

function notPromoted(tag: string, from: string, targets: readonly string[]): Problem<DeliveryErrorCode> {
  return {
    code: 'not-promoted',
    message: `the snapshot ${quote(tag)} has not succeeded at ${targets.join(', ')}`,
    remedy: `deploy it to ${quote(from)} and verify it there first`,
  };
}
