import { type ChosenPack, parsePack } from '@slipway/core';
import type { InputReader } from '@slipway/github';

const NONE = 'none';

/** The packs of the input `packs`; none for `none`, undefined if the input is empty. */
export function readPacks(reader: InputReader): readonly ChosenPack[] | undefined {
  const written = reader.list('packs');
  if (written.length === 0) return undefined;
  if (!written.includes(NONE))
    return written.flatMap(text => reader.parse('packs', () => parsePack(text)) ?? []);
  if (written.length > 1) reader.problem('packs', 'names packs beside none', 'remove "none", or the packs');
  return [];
}
