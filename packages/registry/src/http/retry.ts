import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration, type Logger } from '@slipway/core';
import { retryAfterOf } from './answers.ts';

/** How often something is tried that may only be busy or interrupted. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly firstDelay: number;
  /** Longest wait in milliseconds, whatever `Retry-After` says. */
  readonly longestDelay: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 4, firstDelay: 300, longestDelay: 60_000 };

/** Milliseconds; a person who looks at the log wonders what it waits for. */
const SAID_FROM = 5000;

const RETRYABLE_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const RETRYABLE_ERRORS = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** An answer, as far as it decides on another attempt. */
interface Outcome {
  readonly status: number;
  readonly headers: { readonly 'retry-after'?: string | undefined };
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  /** What is being tried, for the log. */
  readonly what: string;
}

/** Repeats `attempt` on answers and errors that pass; the last one's answer or error is the result. */
export async function withRetries<Result extends Outcome>(
  attempt: () => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { policy, logger, signal, what } = options;
  for (let number = 1; ; number++) {
    const outcome = await attempt().catch((error: unknown) => ({ error }));
    const last = number >= policy.attempts || signal?.aborted === true;
    if ('error' in outcome) {
      if (last || !isPassing(outcome.error)) throw outcome.error;
    } else if (last || !RETRYABLE_STATUSES.has(outcome.status)) return outcome;
    if (!('error' in outcome) && isHopeless(outcome, number, policy)) return outcome;
    const wait = waitBefore(number, outcome, policy);
    const said = `${what}: ${describe(outcome)}; trying again in ${formatDuration(wait)}`;
    if (wait < SAID_FROM) logger.debug(said);
    else logger.info(said);
    await delay(wait, undefined, signal ? { signal } : {});
  }
}

/** Whether an error of a connection may not come again. */
export function isPassing(error: unknown): boolean {
  return RETRYABLE_ERRORS.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Whether the registry says that all further attempts come too early. */
function isHopeless({ headers }: Outcome, number: number, policy: RetryPolicy): boolean {
  return retryAfterOf(headers['retry-after']) > policy.longestDelay * (policy.attempts - number);
}

function waitBefore(number: number, outcome: Outcome | { error: unknown }, policy: RetryPolicy): number {
  const backoff = policy.firstDelay * 2 ** (number - 1) * (1 + Math.random() / 4);
  const asked = 'headers' in outcome ? retryAfterOf(outcome.headers['retry-after']) : 0;
  return Math.round(Math.min(Math.max(backoff, asked), policy.longestDelay));
}

function describe(outcome: Outcome | { error: unknown }): string {
  return 'error' in outcome
    ? String((outcome.error as NodeJS.ErrnoException).code)
    : `HTTP ${outcome.status}`;
}
