import { didYouMean, type Formation, quote, SlipwayError } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FormationChoice } from '../request.ts';
import type { FoundFormation } from './found-formation.ts';

/**
 * What is named and is not in this checkout: it may have been released before it was taken out. Only its namespace leads to it, since
 * the files do not have it any more.
 * @returns undefined if what is named is declared
 * @throws SlipwayError `destination-unclear` without a namespace
 */
export function findRemoved(
  { application, formations }: Repository,
  choice: FormationChoice,
  repository: string,
): FoundFormation | undefined {
  const { destinations, namespace } = choice;
  const [destination, ...others] = destinations;
  const formation = choice.formation || onlyOne(formations);
  if (formation === undefined || others.length > 0) return undefined;
  const declared = formations.get(formation);
  const removed = declared === undefined ? 'formation' : removedFrom(declared, destination);
  if (removed === undefined) return undefined;
  if (namespace === '') throw namespaceMissing(removed, formation, destination, formations);
  return {
    identity: { application: application.metadata.name, formation, destination, namespace, repository },
    removed,
  };
}

function onlyOne(formations: ReadonlyMap<string, Formation>): string | undefined {
  const [only, ...others] = formations.keys();
  return others.length === 0 ? only : undefined;
}

function removedFrom({ spec }: Formation, destination: string | undefined): 'destination' | undefined {
  if (destination === undefined || Object.hasOwn(spec.destinations, destination)) return undefined;
  return 'destination';
}

function namespaceMissing(
  removed: 'formation' | 'destination',
  formation: string,
  destination: string | undefined,
  formations: ReadonlyMap<string, Formation>,
): SlipwayError<DeliveryErrorCode> {
  const [named, where, known] =
    removed === 'formation'
      ? [formation, '', [...formations.keys()]]
      : [
          destination ?? '',
          ` in formation ${quote(formation)}`,
          Object.keys(formations.get(formation)?.spec.destinations ?? {}),
        ];
  const declared = known.length === 0 ? '' : `set ${removed} to one of ${known.map(quote).join(', ')}; `;
  const guess = didYouMean(named, known);
  return new SlipwayError({
    code: 'destination-unclear',
    message: `there is no ${removed} ${quote(named)}${where}`,
    remedy: `${guess === '' ? `${declared}if` : `${guess} If`} it was taken out of this checkout, also set namespace to the one that it had`,
  });
}
