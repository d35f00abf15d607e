import type http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type JsonObject, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { AnswerTooLong, agentFor, exchange, safeAddress } from '../http/exchange.ts';
import { parseBody } from '../http/json-body.ts';
import { unexpectedAnswer, unreachable } from './vault-errors.ts';

export interface VaultServer {
  /** `https://host:port`; plain HTTP only for this machine. */
  readonly address: URL;
  /** The namespace in Vault Enterprise or OpenBao; empty for the root. */
  readonly namespace: string;
  /** PEM, besides the certificate authorities that Node trusts; empty for none. */
  readonly certificateAuthority: string;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface VaultCall {
  readonly method: 'GET' | 'POST';
  /** Below /v1, decoded. */
  readonly path: readonly string[];
  readonly token?: string;
  readonly body?: JsonObject;
  /** Instead of the run's: for what has to be done though the run was cancelled. */
  readonly signal?: AbortSignal;
}

export interface VaultAnswer {
  readonly status: number;
  readonly text: string;
  /** Empty where there is no JSON object in it. */
  readonly body: JsonObject;
}

export type CallVault = (call: VaultCall) => Promise<VaultAnswer>;

/** Milliseconds for one request, from its first byte to the last of its answer. */
const REQUEST_TIMEOUT = 5_000;
/** Milliseconds before a request is sent again. */
const PAUSES = [250, 1_000];
/** A secret of Vault has at most 1 MiB unless it is told otherwise: https://developer.hashicorp.com/vault/docs/internals/limits */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Limits of rate, a standby that lags behind, a load balancer without a server: https://developer.hashicorp.com/vault/api-docs#http-status-codes */
const WORTH_A_SECOND_TRY = [412, 429, 500, 502, 504];

/**
 * @param address what the input says
 * @throws SlipwayError `vault-address-invalid`
 */
export function parseVaultAddress(address: string): URL {
  const url = safeAddress(address);
  if (url !== undefined) return url;
  throw new SlipwayError<SecretsErrorCode>({
    code: 'vault-address-invalid',
    message: 'input "vault-address" must be an https:// URL (http:// only on localhost)',
    remedy: 'write https://host:port',
  });
}

/**
 * The one way to Vault's HTTP API. Redirects are answers like others and never followed, so that no token travels.
 * The call rejects with a SlipwayError `vault-unreachable`.
 */
export function connectVault(server: VaultServer): CallVault {
  const agent = agentFor(server);
  return async call => {
    const signal = call.signal ?? server.signal;
    for (let attempt = 0; ; attempt++) {
      const pause = PAUSES[attempt];
      try {
        const answer = await send({ ...call, signal }, server, agent);
        if (pause === undefined || !WORTH_A_SECOND_TRY.includes(answer.status)) return answer;
      } catch (error) {
        if (error instanceof SlipwayError) throw error;
        signal.throwIfAborted();
        if (pause === undefined || (error as NodeJS.ErrnoException).code !== 'ECONNRESET')
          throw unreachable(server.address, error);
      }
      await wait(pause, undefined, { signal });
    }
  };
}

async function send(
  call: VaultCall & { readonly signal: AbortSignal },
  { address, namespace }: VaultServer,
  agent: http.Agent,
): Promise<VaultAnswer> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  try {
    const { status, text } = await exchange({
      method: call.method,
      url: urlOf(address, call.path),
      agent,
      body,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(REQUEST_TIMEOUT)]),
      most: MAX_ANSWER_BYTES,
      headers: {
        // Asked for by agents in front of Vault: https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent#require_request_header
        'X-Vault-Request': 'true',
        ...(namespace === '' ? {} : { 'X-Vault-Namespace': namespace }),
        ...(call.token === undefined ? {} : { 'X-Vault-Token': call.token }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
    });
    return { status, text, body: parseBody(text) };
  } catch (error) {
    if (!(error instanceof AnswerTooLong)) throw error;
    throw unexpectedAnswer(error.status, 'a request, and with more than 4 MiB');
  }
}

function urlOf(address: URL, path: readonly string[]): URL {
  const base = address.pathname.replace(/\/+$/, '');
  return new URL(`${base}/v1/${path.map(encodeURIComponent).join('/')}`, address);
}
