/** How long something was waited for, and its end. */
export interface ReadingTime {
  /** Ends when the time is used up. */
  readonly signal: AbortSignal;
  /** Counts the time until the work is done; that of several at once counts once. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Time that passes only while something is read. @param limit milliseconds @param now milliseconds, of a clock that is not set back */
export function readingTime(limit: number, now: () => number = () => performance.now()): ReadingTime {
  const end = new AbortController();
  let left = limit;
  let working = 0;
  let pause = (): void => {};
  const start = (): void => {
    const began = now();
    const timer = setTimeout(() => end.abort(), Math.max(0, left));
    pause = () => {
      clearTimeout(timer);
      left -= now() - began;
    };
  };
  return {
    signal: end.signal,
    async during(work) {
      working += 1;
      if (working === 1) start();
      try {
        return await work();
      } finally {
        working -= 1;
        if (working === 0) pause();
      }
    },
  };
}
