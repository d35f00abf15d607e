import { formatPosition, type Position, quote, type SecretReference, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Repository } from '../repository/repository.ts';
import { formatAddress } from '../values/address.ts';
import type { Target } from '../values/address-table.ts';

export interface FoundSecretReference {
  readonly reference: SecretReference;
  readonly address: string;
  readonly at: Position;
}

/**
 * The reference to the value of a sealed word, by the config of this checkout.
 * @param word without `secret.` in front
 * @throws SlipwayError `word-unvalued`, `address-tie`
 */
export function findSecretReference(
  repository: Repository,
  target: Target,
  word: string,
): FoundSecretReference {
  const found = repository.secrets.for(target).lookup(word.split('.'));
  if (found.kind === 'leaf')
    return { reference: found.entry.content, address: formatAddress(found.entry), at: found.entry.at };
  if (found.kind === 'tie')
    throw tie(
      word,
      found.entries.map(entry => `${quote(formatAddress(entry))} (${formatPosition(entry.at)})`),
    );
  throw new SlipwayError<RenderErrorCode>({
    code: 'word-unvalued',
    message: `the secret ${quote(word)} has no reference for ${target.destination}.${target.formation}`,
    remedy: `add the address ${quote(`${target.destination}.${target.formation}.${word}`)} under spec.secrets of a config file`,
  });
}

function tie(word: string, [a, b]: readonly string[]): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({
    code: 'address-tie',
    message: `the secret ${quote(word)} is matched equally well by ${a} and ${b}`,
    remedy: 'make one of them more specific',
  });
}
