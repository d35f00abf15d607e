import type { Repository } from '@slipway/render';
import { chooseOne } from '../formation/choose-one.ts';
import { readCheckout } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { spawningIn } from './spawning-targets.ts';

/** What a look at an application is about. */
export interface AskedFor<Choice extends FormationChoice> {
  /** The spawned formations whose instances are looked at. They are not released themselves. */
  readonly spawning: readonly FoundFormation[];
  /** The choice of what is released itself; undefined where only instances are asked for. */
  readonly others: Choice | undefined;
}

/**
 * Tells apart which instances and which other destinations are looked at: by default all, else those of the formation and the
 * destinations that are named. With a key it is one instance, which is a destination by itself.
 * @throws SlipwayError `destination-unclear` for a destination that a spawned formation does not have
 */
export async function askedFor<Choice extends FormationChoice>(
  given: Choice,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<AskedFor<Choice>> {
  const read = given.spawn === undefined ? await readCheckout(given, surroundings) : undefined;
  if (read === undefined || read.spawning.size === 0) return { spawning: [], others: given };
  const { formation, destinations } = given;
  const owner = surroundings.run.repository;
  const spawning = spawningIn(read, given, owner);
  if (read.spawning.has(formation)) {
    refuseUnknown(destinations, spawningIn(read, { formation, destinations: [] }, owner));
    return { spawning, others: undefined };
  }
  const declared = declaredIn(read);
  const ofOthers = destinations.filter(
    name => declared.has(name) || !spawning.some(({ identity }) => identity.destination === name),
  );
  const areAsked = destinations.length === 0 ? declared.size > 0 : ofOthers.length > 0;
  const others = areAsked || spawning.length === 0 ? { ...given, destinations: ofOthers } : undefined;
  return { spawning, others };
}

/** The names of all destinations of formations that are released themselves. */
function declaredIn({ formations }: Repository): ReadonlySet<string> {
  return new Set([...formations.values()].flatMap(({ spec }) => Object.keys(spec.destinations)));
}

/** @throws SlipwayError `destination-unclear` */
function refuseUnknown(names: readonly string[], all: readonly FoundFormation[]): void {
  const known = new Map(all.map(target => [target.identity.destination ?? '', target]));
  for (const name of names) chooseOne(known, [name], 'destination');
}
