import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { Limit } from './client.ts';
import { type HttpAnswer, type HttpRequest, NotSentError, type Transport } from './transport.ts';

/** Waits between attempts, in milliseconds; together they are longer than an API server takes to restart. */
const WAITS = [200, 400, 800, 1600, 3200, 5000, 5000, 5000] as const;
/** A cluster that never answered is not restarting: two attempts, so that the error comes within 15 s. */
const FIRST_WAITS = [500] as const;
const MAX_RETRY_AFTER = 30_000;
/** After this many milliseconds a request that gets 5xx, for example from a webhook that hangs, is not sent again. */
const PATIENCE = 30_000;

/** The result of one attempt. */
type Outcome = { readonly answer: HttpAnswer } | { readonly error: Error };

/**
 * Sends requests, and sends them again if that can help: after 429 (with the wait that the server asks for), 5xx, and broken
 * connections. A create whose answer was lost is not sent again, since the object may exist.
 */
export function retrying(
  transport: Transport,
  signal: AbortSignal,
): (request: HttpRequest, limit?: Limit) => Promise<HttpAnswer> {
  let answered = false;
  return async (request, limit = { signal, check: () => {}, unanswered: () => {} }) => {
    let renewed = false;
    const started = performance.now();
    for (let attempt = 0; ; attempt++) {
      limit.check();
      const outcome = await attemptOnce(transport, request, limit);
      if ('answer' in outcome) answered = true;
      if ('answer' in outcome && outcome.answer.status === 401 && !renewed) {
        renewed = true;
        transport.renew(outcome.answer);
        continue;
      }
      const waits = answered ? waitsFor(outcome, performance.now() - started) : FIRST_WAITS;
      const wait = waitAfter(outcome, request, waits[attempt]);
      if (wait === undefined) {
        if ('error' in outcome) throw outcome.error;
        return outcome.answer;
      }
      await sleep(wait, undefined, { signal: limit.signal }).catch(() => limit.signal.throwIfAborted());
    }
  };
}

/** A server that answers 429 or breaks the connection (it may be restarting) gets all attempts, however long they take. */
function waitsFor(outcome: Outcome, elapsed: number): readonly number[] {
  const isPatient = 'error' in outcome || outcome.answer.status === 429;
  return isPatient || elapsed < PATIENCE ? WAITS : [];
}

async function attemptOnce(transport: Transport, request: HttpRequest, limit: Limit): Promise<Outcome> {
  try {
    const answer = await transport.send({ signal: limit.signal, ...request });
    // What a server on the way says of a write says nothing about whether it has arrived.
    if (request.method !== 'GET' && isTemporary(answer)) limit.unanswered();
    return { answer };
  } catch (error) {
    // A credential plugin that fails will fail again, and nothing was sent.
    if (error instanceof SlipwayError) throw error;
    if (request.method !== 'GET' && !(error instanceof NotSentError)) limit.unanswered();
    limit.signal.throwIfAborted();
    request.signal?.throwIfAborted();
    if (!types.isNativeError(error)) throw error;
    return { error };
  }
}

function waitAfter(outcome: Outcome, request: HttpRequest, wait: number | undefined): number | undefined {
  if (wait === undefined) return undefined;
  if ('error' in outcome) return canSendAgain(outcome.error, request) ? wait : undefined;
  if (request.answeredOnce) return undefined;
  const { status, retryAfter } = outcome.answer;
  if (status === 429) return Math.min(MAX_RETRY_AFTER, Number(retryAfter ?? 0) * 1000 || wait);
  return request.method !== 'POST' && isTemporary(outcome.answer) ? wait : undefined;
}

/**
 * Whether an answer reports a temporary problem. The API server also answers 500 for an object that does not match its schema, so
 * with 500 only messages about etcd, other servers and timeouts count.
 */
function isTemporary({ status, text }: HttpAnswer): boolean {
  if (status === 500)
    // What etcd never stores is a definite answer.
    return (
      !/etcdserver: request is too large/.test(text) &&
      /etcdserver|leader changed|timed? ?out|deadline exceeded|connection (?:refused|reset)|EOF/i.test(text)
    );
  return status > 500;
}

function canSendAgain(error: Error, request: HttpRequest): boolean {
  if (isCertificateProblem(error)) return false;
  return error instanceof NotSentError || request.method !== 'POST';
}

/** Whether Node refused the server's certificate, so that trying again does not help. */
export function isCertificateProblem(error: unknown): boolean {
  const cause = error instanceof NotSentError ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return (
    typeof code === 'string' &&
    /^ERR_TLS_|CERT|UNABLE_TO_(?:VERIFY|GET)|^ERR_SSL|EPROTO|^HOSTNAME_MISMATCH/.test(code)
  );
}
