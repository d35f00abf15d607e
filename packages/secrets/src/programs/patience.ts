import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a program gives, if it ends in time; one that waits for a network may never end by itself.
 * @param patience milliseconds
 * @throws what `late` makes
 */
export async function withPatience<Result>(
  running: Promise<Result>,
  patience: number,
  late: () => Error,
): Promise<Result> {
  const waiting = new AbortController();
  const giveUp = sleep(patience, undefined, { signal: waiting.signal, ref: false }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([running, giveUp]);
  } finally {
    waiting.abort();
    giveUp.catch(() => {});
    running.catch(() => {});
  }
}
