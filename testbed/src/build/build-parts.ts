import { ensurePart } from './build.ts';
import type { BuildContext } from './go.ts';
import { familyOf, type PartName, partOf } from './parts.ts';

/** Two at once: while one part is linked, which takes one core, another is compiled. */
const BUILDS_AT_ONCE = 2;

/** The folders with the programs of the built parts. */
export type Programs = ReadonlyMap<PartName, string>;

/**
 * Builds the missing ones of the named parts, in the given order, but those of a family one after the other: what the first has compiled
 * is in Go's cache for the next, and two at once would both compile it. @returns the folder of each
 */
export async function ensureParts(
  names: readonly PartName[],
  kubernetes: string | undefined,
  context: BuildContext,
): Promise<Programs> {
  const folders = new Map<PartName, string>();
  const numbered = names.map((name, index) => ({ name, prefix: `[${index + 1}/${names.length}] ` }));
  const families = [...Map.groupBy(numbered, ({ name }) => familyOf(name) ?? name).values()];
  // The first failure stops the other builds, as the testbed cannot start without the part.
  const stop = new AbortController();
  const signal = context.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, context.signal]);
  const work = async () => {
    for (let family = families.shift(); family !== undefined; family = families.shift()) {
      for (const { name, prefix } of family)
        folders.set(name, await ensurePart(partOf(name, kubernetes), { ...context, signal, prefix }));
    }
  };
  try {
    await Promise.all(Array.from({ length: BUILDS_AT_ONCE }, work));
  } catch (error) {
    stop.abort();
    throw error;
  }
  return folders;
}
