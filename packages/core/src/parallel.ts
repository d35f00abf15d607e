/** Requests that one run has under way at one server: more only wait in the server's own queues. */
const CONCURRENCY = 16;

/**
 * Runs `work` on every item, at most `concurrency` at a time, started in the order of the items. After a failure no new one is
 * started, and those under way finish first.
 * @returns the results in the order of the items
 * @throws whatever `work` threw first
 */
export async function inParallel<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  concurrency = CONCURRENCY,
): Promise<Result[]> {
  const queue = [...items].entries();
  const results: Result[] = [];
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failure !== undefined) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
