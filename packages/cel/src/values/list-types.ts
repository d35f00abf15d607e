import type { Value } from './values.ts';

/** How the items of a list of a custom resource are identified. */
export type ListType = { readonly type: 'set' } | { readonly type: 'map'; readonly keys: readonly string[] };

/** Lists of a custom resource that its schema declares a set or a map; all others are compared and joined item by item. */
export const listsByType = new WeakMap<readonly Value[], ListType>();
