import { quote, SlipwayError, type SpawnBlock } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { readCheckout } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/**
 * The formations of a checkout that are spawned, or the one that is named, at all of their destinations or at those that are named. They
 * are not released themselves: their instances are.
 * @throws SlipwayError `destination-unclear`
 */
export async function spawningTargets(
  choice: FormationChoice,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<FoundFormation[]> {
  const repository = await readCheckout(choice, surroundings);
  const found = repository === undefined ? [] : spawningIn(repository, choice, surroundings.run.repository);
  if (found.length > 0) return found;
  throw nothingSpawned(choice, [...(repository?.spawning.keys() ?? [])]);
}

/** The same of files that were read. */
export function spawningIn(
  repository: Repository,
  { formation: named, destinations: wanted }: Pick<FormationChoice, 'formation' | 'destinations'>,
  owner: string,
): FoundFormation[] {
  const application = repository.application.metadata.name;
  const chosen = [...repository.spawning].filter(([name]) => named === '' || name === named);
  return chosen.flatMap(([name, { formation }]) =>
    Object.entries(formation.spec.destinations)
      .filter(([destination]) => wanted.length === 0 || wanted.includes(destination))
      .map(([destination, declared]) => ({
        identity: {
          application,
          formation: name,
          destination,
          namespace: declared.namespace,
          repository: owner,
        },
        checkout: { repository, formation, destination: declared },
      })),
  );
}

/** Where the instances of a formation are: in one namespace, or each in its own. */
export function formOf({ checkout }: Pick<FoundFormation, 'checkout'>): SpawnBlock['form'] {
  return checkout?.formation.spec.spawn?.form ?? 'shared';
}

function nothingSpawned(
  { formation, destinations }: FormationChoice,
  known: readonly string[],
): SlipwayError<DeliveryErrorCode> {
  const where = destinations.length === 0 ? '' : ` at ${destinations.map(quote).join(', ')}`;
  return new SlipwayError({
    code: 'destination-unclear',
    message: `there is no spawned formation${formation === '' ? '' : ` ${quote(formation)}`}${where}, so there is nothing to sweep`,
    remedy:
      known.length === 0
        ? 'add spec.spawn to a formation, or remove the step'
        : `set formation to one of ${known.map(quote).join(', ')}`,
  });
}
