import type { ListKey } from '@slipway/kubernetes';
import { type Traced, tracedAt } from '../trace/traced.ts';

/** The items of a list that an item of a patch may mean, by their indices in the list. */
export type Candidates =
  | { readonly kind: 'one'; readonly index: number }
  | { readonly kind: 'several'; readonly undecided: readonly string[] }
  /** `lacking` are the keys without which the item cannot become one of the list. */
  | { readonly kind: 'none'; readonly lacking: readonly string[] };

/**
 * Finds the item that an item of a patch changes. A key that the patch leaves out says nothing, so it may be left out where one item
 * has the others; where several have them, only the author knows which one is meant.
 */
export function candidatesFor(items: readonly Traced[], patch: Traced, keys: readonly ListKey[]): Candidates {
  const wanted = keys.flatMap(key => {
    const value = written(patch, key);
    return value === undefined ? [] : [{ key, value }];
  });
  const lacking = keys
    .filter(key => key.default === undefined && written(patch, key) === undefined)
    .map(({ name }) => name);
  if (wanted.length === 0) return { kind: 'none', lacking: keys.map(({ name }) => name) };
  const found = [...items.keys()].filter(index =>
    wanted.every(({ key, value }) => valueOfKey(items[index], key) === value),
  );
  const [index] = found;
  if (index === undefined) return { kind: 'none', lacking };
  if (found.length === 1) return { kind: 'one', index };
  const undecided = keys.filter(key => written(patch, key) === undefined).map(({ name }) => name);
  return { kind: 'several', undecided };
}

/** The value of a key as the API server reads it, its type included, since `80` and `"80"` are two keys. */
function valueOfKey(item: Traced | undefined, key: ListKey): string | undefined {
  return (item && written(item, key)) ?? (key.default === undefined ? undefined : identity(key.default));
}

function written(item: Traced, { name }: ListKey): string | undefined {
  const value = tracedAt(item, name);
  return value?.kind === 'scalar' && value.value !== null ? identity(value.value) : undefined;
}

function identity(value: unknown): string {
  return `${typeof value} ${value}`;
}
