import { count, excerpt, type Release } from '@slipway/core';

/** Words of a record, and characters of each, that a message repeats. */
const MAX_WORDS = 10;
const MAX_WORD = 80;

/**
 * What a rollback does to secrets, in a sentence: it writes what the restored release kept, which may have been rotated or leaked since.
 * Whether it was is not known here, as no store is asked.
 * @returns undefined for a release without secrets
 */
export function restoredSecretsText({
  number,
  created,
  seals,
}: Pick<Release, 'number' | 'created' | 'seals'>): string | undefined {
  const words = [...new Set(seals.map(({ word }) => word))].sort();
  if (words.length === 0) return undefined;
  const shown = words.slice(0, MAX_WORDS).map(word => excerpt(word, MAX_WORD));
  const more = words.length > MAX_WORDS ? ` and ${words.length - MAX_WORDS} more` : '';
  const kept = words.length === 1 ? 'as it was' : 'as they were';
  return `Release ${number} brings back ${count(words.length, 'secret')} ${kept} when it was deployed, ${excerpt(created, MAX_WORD)}: ${shown.join(', ')}${more}. What was rotated since then has its old value again, until the next deployment reads it from its store`;
}
