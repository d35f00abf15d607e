import { type Traced, type TracedMap, withEntries } from '../trace/traced.ts';

/** Returns the new value, or undefined to leave it as it is; `parent` is the map that contains it. */
export type Change = (value: Traced, parent: TracedMap | undefined) => Traced | undefined;

/**
 * The value with the parts at a path changed; if nothing is at the path it is returned as it is.
 * @param path map keys, and `*` for each item of a list
 */
export function changedAt(root: Traced, path: readonly string[], change: Change, parent?: TracedMap): Traced {
  const [step, ...rest] = path;
  if (step === undefined) return change(root, parent) ?? root;
  if (root.kind === 'list' && step === '*') {
    const items = root.items.map(item => changedAt(item, rest, change, parent));
    return items.every((item, index) => item === root.items[index]) ? root : { ...root, items };
  }
  const entry = root.kind === 'map' ? root.entries.get(step) : undefined;
  if (root.kind !== 'map' || entry === undefined) return root;
  const value = changedAt(entry.value, rest, change, root);
  return value === entry.value ? root : withEntries(root, new Map([[step, { ...entry, value }]]));
}
