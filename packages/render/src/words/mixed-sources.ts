import { type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Repository } from '../repository/repository.ts';
import { type Addressed, formatAddress } from '../values/address.ts';
import type { Target, WordTable } from '../values/address-table.ts';
import type { UsedWords } from './used-words.ts';

/**
 * Values beside a secret of an instance that come from another formation: a password of its own for the database of staging is a
 * mistake, and often one that works.
 */
export function mixedSources(
  repository: Repository,
  target: Target,
  used: UsedWords,
): Problem<RenderErrorCode>[] {
  const spawned = repository.spawned?.get(target.formation);
  if (spawned === undefined) return [];
  const own = new Set([target.formation, spawned.from]);
  const values = leaves(repository.values.for(target), used.config);
  return leaves(repository.secrets.for(target), used.secret).flatMap(([secretWord, secret]) =>
    values
      .filter(([word, { segments }]) => isBeside(word, secretWord) && !own.has(segments[1] ?? ''))
      .map(([word, value]) => mixed(secret, value, `*.${spawned.from}.${word}`)),
  );
}

/** The entries of words that have one, among those that are written and those that are used. */
function leaves<Content>(
  table: WordTable<Content>,
  used: ReadonlySet<string>,
): [word: string, entry: Addressed<Content>][] {
  return [...new Set([...table.words(), ...used])].flatMap(word => {
    const found = table.lookup(word.split('.'));
    return found.kind === 'leaf' ? [[word, found.entry]] : [];
  });
}

/** Whether two words have the same parent; a word without one is beside no other. */
function isBeside(word: string, other: string): boolean {
  const parent = other.slice(0, other.lastIndexOf('.') + 1);
  return parent !== '' && word.slice(0, word.lastIndexOf('.') + 1) === parent;
}

function mixed(
  secret: Addressed<unknown>,
  value: Addressed<unknown>,
  address: string,
): Problem<RenderErrorCode> {
  const { segments: [, from] = [] } = secret;
  return {
    code: 'spawn-mixed',
    at: value.at,
    message: `an instance of ${quote(from ?? '')} would use the value ${quote(formatAddress(value))} with its own secret ${quote(formatAddress(secret))}`,
    remedy: `add the value ${quote(address)}, or rename one of them`,
  };
}
