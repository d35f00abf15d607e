/**
 * The order in which server-side apply merges a list: the applied items in their order, and those of others between the neighbours
 * that they have. It follows the server's own steps, since where an item of others ends up depends on them:
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/merge.go, visitListItems
 * @param live the keys of the live items, which may be repeated
 * @param applied the keys of the applied items
 */
export function mergedOrder(live: readonly string[], applied: readonly string[]): string[] {
  const [isLive, isApplied] = [new Set(live), new Set(applied)];
  const awaited = applied.filter(key => isLive.has(key));
  const [merged, order]: [Set<string>, string[]] = [new Set(), []];
  let [theirs, ours] = [0, 0];
  const take = (key: string): void => {
    order.push(key);
    merged.add(key);
    ours++;
    if (awaited[0] === key) awaited.shift();
  };
  while (theirs < live.length || ours < applied.length) {
    const [other, own] = [live[theirs], applied[ours]];
    const isShared = other !== undefined && isApplied.has(other);
    if (other !== undefined && other === own) {
      take(own);
      theirs++;
    } else if (isShared && own !== undefined && awaited[0] !== undefined && awaited[0] !== other) theirs++;
    else if (other !== undefined && !isShared) {
      order.push(other);
      theirs++;
    } else {
      if (other !== undefined && merged.has(other)) theirs++;
      if (own !== undefined) take(own);
    }
  }
  return order;
}
