import { type CheckResult, SlipwayError } from '@slipway/core';
import type { RolloutOptions } from '../rollout.ts';
import { oneLine } from '../text.ts';
import { failedCheck, type RunnableCheck } from './runnable-check.ts';

/** How long a check may take to clean up in the cluster, in milliseconds. */
const CLEANING_TIMEOUT = 5_000;

/** The checks of one rollout: all start together, once, and the first that fails decides. */
export class CheckRuns {
  readonly #options: Pick<RolloutOptions, 'checks' | 'clock' | 'onCheck'>;
  readonly #signal: AbortSignal;
  readonly #wake: () => void;
  readonly #results = new Map<string, CheckResult>();
  #running: Promise<unknown> | undefined;
  #defect: unknown;

  constructor(
    options: Pick<RolloutOptions, 'checks' | 'clock' | 'onCheck'>,
    signal: AbortSignal,
    wake: () => void,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#wake = wake;
  }

  /** @throws an error in a check's code, as opposed to a failed check */
  get state(): 'running' | 'passed' | 'failed' {
    if (this.#defect !== undefined && !this.#signal.aborted) throw this.#defect;
    const ended = [...this.#results.values()];
    if (ended.some(({ status }) => status === 'failed')) return 'failed';
    return ended.length === this.#checks.length ? 'passed' : 'running';
  }

  begin(settled: Date): void {
    this.#running ??= Promise.all(this.#checks.map(check => this.#run(check, settled)));
  }

  /** One result for each check; those that have not finished are `not-finished`. */
  results(): readonly CheckResult[] {
    const message = this.#running === undefined ? 'it was not started' : 'it had not finished';
    return this.#checks.map(
      ({ name }) => this.#results.get(name) ?? { name, status: 'not-finished', message, evidence: [] },
    );
  }

  /** Resolves, after the signal has aborted, when the checks have cleaned up. */
  async ended(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, CLEANING_TIMEOUT);
    await Promise.race([this.#running, late.promise]).finally(() => clearTimeout(timer));
  }

  get #checks(): readonly RunnableCheck[] {
    return this.#options.checks ?? [];
  }

  async #run(check: RunnableCheck, settled: Date): Promise<void> {
    const { name } = check;
    const { clock, onCheck } = this.#options;
    onCheck?.({ at: clock(), name, status: 'running', message: 'begins' });
    try {
      const result = { name, ...(await check.run(settled, this.#signal).catch(unexpected)) };
      if (this.#signal.aborted) return;
      this.#results.set(name, result);
      onCheck?.({ at: clock(), name, status: result.status, message: result.message });
      this.#wake();
    } catch (error) {
      this.#defect = error;
      this.#wake();
    }
  }
}

/** A check that the cluster refuses has failed. */
function unexpected(error: unknown) {
  if (!(error instanceof SlipwayError)) throw error;
  const [problem] = error.problems;
  return failedCheck(
    oneLine(problem?.message ?? error.code),
    problem?.remedy ?? 'look at the message of the cluster',
  );
}
