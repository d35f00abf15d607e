import { ensurePart } from './build.ts';
import type { BuildContext } from './go.ts';
import { type PartName, partOf, SHARING } from './parts.ts';

/** Two at once: while one part is linked, which takes one core, another is compiled. */
const BUILDS_AT_ONCE = 2;

/** The folders with the programs of the built parts. */
export type Programs = ReadonlyMap<PartName, string>;

/**
 * Builds the missing ones of the named parts, in the given order, but those that share packages one after the other: what the first has
 * compiled is in Go's cache for the next, and two at once would both compile it. @returns the folder of each
 */
export async function ensureParts(
  names: readonly PartName[],
  kubernetes: string | undefined,
  context: BuildContext,
): Promise<Programs> {
  const folders = new Map<PartName, string>();
  const numbered = names.map((name, index) => ({ name, prefix: `[${index + 1}/${names.length}] ` }));
  const shares = ({ name }: { readonly name: PartName }) => SHARING.includes(name);
  const queues = [numbered.filter(shares), ...numbered.filter(part => !shares(part)).map(part => [part])];
  // The first failure stops the other builds, as the testbed cannot start without the part.
  const stop = new AbortController();
  const signal = context.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, context.signal]);
  const work = async () => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const { name, prefix } of queue)
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
