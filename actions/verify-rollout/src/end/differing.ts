import { openRegistry } from '@slipway/action-kit';
import { formatProblem, quote, type Release, SlipwayError, type Snapshot, type Verdict } from '@slipway/core';
import type { VerifyContext } from '../context.ts';

/**
 * How the destinations of a formation with waves differ once a release has failed at one of them, and how all of them are rolled back,
 * by the verdicts in the registry.
 * @returns undefined where nothing differs: the release is good, or no other destination has its snapshot
 */
export async function describeDiffering(
  { verdict, formation, destination = '' }: Verdict,
  { snapshot }: Release,
  { inputs, identity, runner }: VerifyContext,
): Promise<string | undefined> {
  const { deployedBefore } = identity;
  if (verdict === 'succeeded' || verdict === 'superseded') return undefined;
  if (snapshot === undefined || deployedBefore === undefined) return undefined;
  const tag = quote(snapshot.deploymentTag);
  try {
    const { verdictsOn } = await import('@slipway/registry');
    const client = await openRegistry(inputs, runner);
    const verdicts = await verdictsOn(client, snapshot, formation, deployedBefore);
    const having = deployedBefore.filter(name => verdicts.get(name)?.verdict === 'succeeded');
    if (having.length === 0) return undefined;
    const back = verdict === 'rolled-back' ? having : [...having, destination];
    return `The destinations of ${formation} differ: ${tag} succeeded at ${having.join(', ')}, and not at ${destination}; to go back everywhere, run deploy with "mode: rollback" for ${back.join(', ')}`;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return unknown(snapshot, formation, error);
  }
}

function unknown({ deploymentTag }: Snapshot, formation: string, error: SlipwayError): string {
  const why = error.problems.map(formatProblem).join('; ');
  return `It is not known at which other destinations of ${formation} ${quote(deploymentTag)} succeeded: ${why}`;
}
