import { type PolicySet, readPolicySet } from '../policies/policy-set.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { readPacks } from './pack-files.ts';

const OPENED = new Map<string, readonly PolicySet[]>();

/**
 * The compiled policies of packs; a run that checks several destinations compiles them once.
 * @throws SlipwayError `unknown-pack`
 */
export function openPacks(names: readonly string[], catalog: Catalog, minor: number): readonly PolicySet[] {
  const key = `${minor} ${[...new Set(names)].sort().join(' ')}`;
  const known = OPENED.get(key);
  if (known !== undefined) return known;
  const sets = readPacks(names, minor).map(({ name, documents }) =>
    readPolicySet({ documents, pack: name }, catalog),
  );
  OPENED.set(key, sets);
  return sets;
}
