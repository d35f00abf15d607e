import type { Formation } from '@slipway/core';
import type { Known, LastPassed, Unknown } from './last-passed.ts';
import type { ReviewedTarget, WaitingPromotion } from './reviewed.ts';

/** The formation that each formation is promoted from, for those that are. */
export function promotedFrom(formations: ReadonlyMap<string, Formation>): ReadonlyMap<string, string> {
  return new Map(
    [...formations].flatMap(([name, { spec }]) => {
      const from = spec['promoted-from'];
      return from === undefined ? [] : [[name, from] as const];
    }),
  );
}

interface FoundState {
  readonly target: ReviewedTarget;
  readonly found: Known | Unknown | undefined;
}

/**
 * The snapshot that would be promoted to a destination: the one that last passed at all destinations of the formation that it is
 * promoted from.
 * @returns undefined if the destination has it already, if those disagree, or if one of them is not known
 */
export function waitingPromotion(
  { name, formation = '' }: ReviewedTarget,
  states: readonly FoundState[],
  promotedFrom: ReadonlyMap<string, string>,
): WaitingPromotion | undefined {
  const from = promotedFrom.get(formation);
  const here = lastOf(states.find(({ target }) => target.name === name));
  const [there, ...others] = states.filter(({ target }) => target.formation === from).map(lastOf);
  if (from === undefined || here === undefined || there === undefined) return undefined;
  if (others.some(other => other?.deploymentTag !== there.deploymentTag)) return undefined;
  if (there.deploymentTag === here.deploymentTag) return undefined;
  const [created, createdHere] = [Date.parse(there.created), Date.parse(here.created)];
  if (Number.isNaN(created) || Number.isNaN(createdHere)) return undefined;
  return {
    ...{ from, deploymentTag: there.deploymentTag, isOlder: created < createdHere },
    services: otherImages(there, here),
  };
}

function lastOf(state: FoundState | undefined): LastPassed | undefined {
  const found = state?.found;
  return found === undefined || 'why' in found ? undefined : found.last;
}

function otherImages(there: LastPassed, here: LastPassed): readonly string[] {
  return [...there.images]
    .filter(([service, digest]) => here.images.get(service) !== digest)
    .map(([service]) => service)
    .sort();
}
