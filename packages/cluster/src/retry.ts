import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { SlipwayError } from '@slipway/core';
import { type HttpAnswer, type HttpRequest, NotSentError, type Transport } from './transport.ts';

/** Waits between attempts, in milliseconds: together longer than an API server takes to restart. */
const WAITS = [200, 400, 800, 1600, 3200, 5000, 5000, 5000] as const;
/** A cluster that never answered is not restarting: two attempts, so that the user hears of it within 15 s. */
const FIRST_WAITS = [500] as const;
const MAX_RETRY_AFTER = 30_000;
/** A 5xx that takes long each time, as from a webhook that hangs, is not asked for after this many milliseconds. */
const PATIENCE = 30_000;

/** What went wrong with one attempt, as far as it decides about another one. */
type Outcome = { readonly answer: HttpAnswer } | { readonly error: Error };

/**
 * The requests of one client, sent again where that can help: 429 (after as long as the server asks), 5xx, sockets that break.
 * A create whose answer was lost is not sent again, since the object may stand.
 */
export function retrying(
  transport: Transport,
  signal: AbortSignal,
): (request: HttpRequest) => Promise<HttpAnswer> {
  let answered = false;
  return async request => {
    let renewed = false;
    const started = performance.now();
    for (let attempt = 0; ; attempt++) {
      const outcome = await attemptOnce(transport, { signal, ...request });
      if ('answer' in outcome) answered = true;
      if ('answer' in outcome && outcome.answer.status === 401 && !renewed) {
        renewed = true;
        transport.renew();
        continue;
      }
      const waits = answered ? waitsFor(outcome, performance.now() - started) : FIRST_WAITS;
      const wait = waitAfter(outcome, request, waits[attempt]);
      if (wait === undefined) {
        if ('error' in outcome) throw outcome.error;
        return outcome.answer;
      }
      await sleep(wait, undefined, { signal });
    }
  };
}

/** A server that says when to come again will have us then, and one that broke the connection may be restarting. */
function waitsFor(outcome: Outcome, elapsed: number): readonly number[] {
  const isPatient = 'error' in outcome || outcome.answer.status === 429;
  return isPatient || elapsed < PATIENCE ? WAITS : [];
}

async function attemptOnce(transport: Transport, request: HttpRequest): Promise<Outcome> {
  try {
    return { answer: await transport.send(request) };
  } catch (error) {
    request.signal?.throwIfAborted();
    // What is wrong with a credential plugin does not pass.
    if (error instanceof SlipwayError || !types.isNativeError(error)) throw error;
    return { error };
  }
}

function waitAfter(outcome: Outcome, request: HttpRequest, wait: number | undefined): number | undefined {
  if (wait === undefined) return undefined;
  if ('error' in outcome) return canSendAgain(outcome.error, request) ? wait : undefined;
  if (request.answeredOnce) return undefined;
  const { status, retryAfter } = outcome.answer;
  if (status === 429) return Math.min(MAX_RETRY_AFTER, Number(retryAfter ?? 0) * 1000 || wait);
  return request.method !== 'POST' && isPassing(outcome.answer) ? wait : undefined;
}

/**
 * Whether an answer speaks of a trouble that passes. A 500 is also what the API server calls an object that does not fit its
 * schema, so there only what it says of etcd, of other servers and of time counts.
 */
function isPassing({ status, text }: HttpAnswer): boolean {
  if (status === 500)
    return /etcdserver|leader changed|timed? ?out|deadline exceeded|connection (?:refused|reset)|EOF/i.test(
      text,
    );
  return status > 500;
}

function canSendAgain(error: Error, request: HttpRequest): boolean {
  if (isCertificateProblem(error)) return false;
  return error instanceof NotSentError || request.method !== 'POST';
}

/** Whether Node refused the server's certificate, which no second attempt changes. */
export function isCertificateProblem(error: unknown): boolean {
  const cause = error instanceof NotSentError ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return (
    typeof code === 'string' &&
    /^ERR_TLS_|CERT|UNABLE_TO_(?:VERIFY|GET)|^ERR_SSL|EPROTO|^HOSTNAME_MISMATCH/.test(code)
  );
}
