import { type ChosenPack, formatPack } from '@slipway/core';
import { type PolicySet, readPolicySet } from '../policies/policy-set.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { readPacks } from './pack-files.ts';

const OPENED = new Map<string, readonly PolicySet[]>();

/**
 * The compiled policies of packs; a run that checks several destinations compiles them once.
 * @throws SlipwayError `unknown-pack`
 */
export function openPacks(
  chosen: readonly ChosenPack[],
  catalog: Catalog,
  minor: number,
): readonly PolicySet[] {
  const key = `${minor} ${[...new Set(chosen.map(formatPack))].sort().join(', ')}`;
  const known = OPENED.get(key);
  if (known !== undefined) return known;
  const sets = readPacks(chosen, minor).map(pack =>
    readPolicySet({ documents: pack.documents, pack }, catalog),
  );
  OPENED.set(key, sets);
  return sets;
}
