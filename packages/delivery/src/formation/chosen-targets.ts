import { type Formation, quote, SlipwayError } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { chooseOne } from './choose-one.ts';
import { readCheckout } from './find-formation.ts';
import type { FoundFormation } from './found-formation.ts';
import { plainIdentity } from './plain-identity.ts';
import { withInstance } from './with-instance.ts';

export interface ChosenTargets {
  readonly application: string;
  /** Absent for plain manifests. */
  readonly repository?: Repository | undefined;
  /** In the order of the files. */
  readonly targets: readonly FoundFormation[];
}

/**
 * Every formation at every destination of a checkout, or those of the formation and the destinations that are named. Without a checkout
 * it is the one that plain manifests were released as.
 * @throws SlipwayError `destination-unclear` for a name that the checkout does not have, and where there is no destination to look at: that
 *   nothing was looked at must not close an issue
 */
export async function chosenTargets(
  given: FormationChoice,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<ChosenTargets> {
  const read = await readCheckout(given, surroundings);
  if (read === undefined) {
    const identity = plainIdentity(given, surroundings.run.repository);
    return { application: identity.application, targets: [{ identity }] };
  }
  const [repository, choice] = withInstance(read, given);
  const { formations } = repository;
  const chosen =
    choice.formation === ''
      ? [...formations.values()]
      : [chooseOne(formations, [choice.formation], 'formation').value];
  const application = repository.application.metadata.name;
  const all = chosen.flatMap(formation => targetsOf(repository, formation, surroundings.run.repository));
  const named = new Set(choice.destinations);
  const known = new Map(all.map(target => [target.identity.destination ?? '', target]));
  for (const name of named) chooseOne(known, [name], 'destination');
  const targets = all.filter(({ identity }) => named.size === 0 || named.has(identity.destination ?? ''));
  if (targets.length === 0) throw nothingToLookAt(application);
  return { application, repository, targets };
}

function nothingToLookAt(application: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'destination-unclear',
    message: `no formation of ${quote(application)} has destinations, so there is nothing to look at`,
    remedy: 'add destinations to a formation, or name the application that has some',
  });
}

function targetsOf(repository: Repository, formation: Formation, owner: string): FoundFormation[] {
  return Object.entries(formation.spec.destinations).map(([name, destination]) => ({
    identity: {
      application: repository.application.metadata.name,
      formation: formation.metadata.name,
      destination: name,
      namespace: destination.namespace,
      repository: owner,
    },
    checkout: { repository, formation, destination },
  }));
}
