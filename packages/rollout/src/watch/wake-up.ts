/** A controller's writes come in bursts: one look at all that arrive within this many milliseconds is early enough. */
const GATHER = 50;

/** Timers overflow beyond this. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Lets a loop sleep until something has changed, a time has come, or the signal aborts. */
export class WakeUp {
  readonly #signal: AbortSignal;
  #changed = false;
  #resolve: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#resolve?.(), { once: true });
  }

  wake(): void {
    this.#changed = true;
    this.#resolve?.();
  }

  /** Resolves after `milliseconds` at the latest. */
  async next(milliseconds: number): Promise<void> {
    await this.#sleep(milliseconds, () => this.#changed);
    await this.#sleep(Math.min(GATHER, milliseconds), () => false);
    this.#changed = false;
  }

  async #sleep(milliseconds: number, isDone: () => boolean): Promise<void> {
    if (isDone() || this.#signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(0, Math.min(milliseconds, LONGEST_WAIT)));
    this.#resolve = () => {
      if (isDone() || this.#signal.aborted) resolve();
    };
    await promise;
    clearTimeout(timer);
    this.#resolve = undefined;
  }
}
