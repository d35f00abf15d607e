/** What one of several keys gave. */
export type Outcome<Result> = { readonly value: Result } | { readonly error: unknown };

/**
 * Each key is asked for once. Those that are asked for at the same time are asked for together.
 * @param most how many at once
 */
export function askedTogether<Result>(
  most: number,
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Outcome<Result>>>,
): (key: string) => Promise<Result> {
  const known = new Map<string, PromiseWithResolvers<Result>>();
  let waiting: string[] = [];
  const askAll = (): void => {
    const keys = waiting;
    waiting = [];
    for (let index = 0; index < keys.length; index += most) void settle(keys.slice(index, index + most));
  };
  const settle = async (keys: readonly string[]): Promise<void> => {
    const outcomes = await ask(keys).catch((error: unknown) => new Map(keys.map(key => [key, { error }])));
    for (const key of keys) {
      const outcome = outcomes.get(key) ?? { error: new Error('nothing was answered') };
      if ('error' in outcome) known.get(key)?.reject(outcome.error);
      else known.get(key)?.resolve(outcome.value);
    }
  };
  return async key => {
    const asked = known.get(key);
    if (asked !== undefined) return await asked.promise;
    const pending = Promise.withResolvers<Result>();
    known.set(key, pending);
    if (waiting.push(key) === 1) setImmediate(askAll);
    return await pending.promise;
  };
}
