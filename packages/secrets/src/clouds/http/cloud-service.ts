import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonObject, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../../error-codes.ts';
import { AnswerTooLong, agentFor, exchange, type HttpRequest } from '../../http/exchange.ts';
import { parseBody } from '../../http/json-body.ts';

export interface CloudRequest extends Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  /** As messages call who is asked. */
  readonly service: string;
}

export interface CloudAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** Empty where there is no JSON object in it. */
  readonly body: JsonObject;
}

/** @throws SlipwayError `cloud-unreachable`, `cloud-answer-invalid` */
export type SendToCloud = (request: CloudRequest) => Promise<CloudAnswer>;

/** When a request is sent again, as a cloud's own clients do. */
export interface RetryRule {
  /** Milliseconds before each further attempt, of which a random part is waited. */
  readonly pauses: readonly number[];
  readonly isTransient: (answer: CloudAnswer) => boolean;
}

export interface CloudConnection {
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Milliseconds for one request, from its first byte to the last of its answer. */
const REQUEST_TIMEOUT = 10_000;
/** Twenty secrets of 64 KiB as base64 are the longest answer. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Milliseconds that a service may ask for between two attempts. */
const LONGEST_PAUSE = 20_000;

/** Sends requests to the services of one cloud. Certificates are those that the runner trusts. */
export function connectCloud(connection: CloudConnection, rule: RetryRule): SendToCloud {
  const { signal, wait = pauseFor } = connection;
  const send = sender(connection);
  return async request => {
    for (let attempt = 0; ; attempt++) {
      const pause = rule.pauses[attempt];
      const tried = await send(request).catch((error: unknown) => {
        signal.throwIfAborted();
        if (pause !== undefined && isBroken(error)) return undefined;
        throw failed(request, error);
      });
      if (tried !== undefined && (pause === undefined || !rule.isTransient(tried)))
        return checked(tried, request);
      await wait(askedPause(tried) ?? (pause ?? 0) * Math.random(), signal);
    }
  };
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

function sender({ environment, signal }: CloudConnection): SendToCloud {
  const agents = new Map<string, http.Agent>();
  return async ({ method, url, headers, body }) => {
    const agent = agents.get(url.origin) ?? agentFor({ address: url, certificateAuthority: '', environment });
    agents.set(url.origin, agent);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT)]);
    const answer = await exchange({
      method,
      url,
      headers,
      body,
      agent,
      signal: deadline,
      most: MAX_ANSWER_BYTES,
    });
    return { ...answer, body: parseBody(answer.text) };
  };
}

/** A connection that broke, also in the middle of an answer. */
function isBroken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE';
}

/** Retry-After in seconds: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function askedPause(answer: CloudAnswer | undefined): number | undefined {
  const seconds = Number(answer?.headers['retry-after'] ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : Math.min(seconds * 1_000, LONGEST_PAUSE);
}

function checked(answer: CloudAnswer, { service }: CloudRequest): CloudAnswer {
  if (answer.status < 300 || answer.status >= 400) return answer;
  throw cloudError(
    'cloud-answer-invalid',
    `${service} answered with a redirect, which is not followed with a credential`,
    'check what is between the runner and the cloud, such as a proxy',
  );
}

function failed({ service, url }: CloudRequest, cause: unknown): Error {
  if (cause instanceof AnswerTooLong)
    return cloudError(
      'cloud-answer-invalid',
      `${service} answered with more than 8 MiB`,
      'check what is between the runner and the cloud, such as a proxy',
    );
  const { name, code = name } = cause as NodeJS.ErrnoException;
  const why = name === 'TimeoutError' || code === 'ABORT_ERR' ? 'no answer in time' : code;
  return cloudError(
    'cloud-unreachable',
    `${service} at ${url.origin} does not answer (${why})`,
    'check the network of the runner and its proxy, and run the job again',
  );
}

export function cloudError(
  code: SecretsErrorCode,
  message: string,
  remedy: string,
): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}
