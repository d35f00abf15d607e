import { type Formation, type Problem, quote, SlipwayError, throwIfAny } from '@slipway/core';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { chooseOne } from './choose-one.ts';
import { readCheckout } from './find-formation.ts';

/**
 * Checks that one job may work on all of the named destinations: they are of one formation and one wave, and have the same environment
 * of GitHub's or none, as a job has one at most.
 * @throws SlipwayError `destinations-mixed`, `destination-unclear`, and what broken files throw
 */
export async function refuseMixture(
  choice: FormationChoice,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<void> {
  const repository = await readCheckout(choice, surroundings);
  if (repository === undefined)
    throw new SlipwayError(
      mixed(
        'several destinations are named, and there is no slipway.yaml that says what they are',
        'check the repository out, or run a step for each',
      ),
    );
  const { formation: named, destinations } = choice;
  const formation = chooseOne(repository.formations, named === '' ? [] : [named], 'formation').value;
  const known = new Map(Object.entries(formation.spec.destinations));
  for (const name of destinations) chooseOne(known, [name], 'destination');
  throwIfAny([...environmentProblems(formation, destinations), ...waveProblems(formation, destinations)]);
}

function environmentProblems(
  { metadata, spec }: Formation,
  names: readonly string[],
): Problem<DeliveryErrorCode>[] {
  const groups = Map.groupBy(names, name => spec.destinations[name]?.environment);
  if (groups.size < 2) return [];
  const listed = [...groups].map(([environment, of]) =>
    environment === undefined ? `none (${of.join(', ')})` : `${quote(environment)} (${of.join(', ')})`,
  );
  return [
    mixed(
      `destinations of formation ${quote(metadata.name)} have different environments: ${listed.join(', ')}`,
      'run a job for each environment, as a job has one at most',
    ),
  ];
}

function waveProblems({ metadata, spec }: Formation, names: readonly string[]): Problem<DeliveryErrorCode>[] {
  const { waves = [] } = spec;
  const groups = Map.groupBy(names, name => waves.findIndex(wave => wave.includes(name)));
  if (groups.size < 2) return [];
  const listed = [...groups].map(([index, of]) => `${index + 1} (${of.join(', ')})`);
  return [
    mixed(
      `destinations of formation ${quote(metadata.name)} are of different waves: ${listed.join(', ')}`,
      'run a job for each wave, a later one after those before it',
    ),
  ];
}

function mixed(message: string, remedy: string): Problem<DeliveryErrorCode> {
  return { code: 'destinations-mixed', message, remedy };
}
