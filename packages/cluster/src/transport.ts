import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { defined } from '@slipway/core';
import { CONNECT_TIMEOUT } from './agents.ts';
import { cachedCredentials } from './cached-credentials.ts';
import { shownServer } from './kubeconfig/cluster.ts';
import type { LoadedKubeconfig } from './kubeconfig/load-kubeconfig.ts';
import type { Environment } from './kubeconfig/source.ts';

/** Milliseconds; longer than the 30 s that the API server waits for an admission webhook. */
export const ANSWER_TIMEOUT = 65_000;
/** Four times the size of a list of 10,000 large objects. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Includes the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** JSON by default. */
  readonly accept?: string;
  /** In addition to those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte after which the request fails. */
  readonly idleTimeout?: number;
  readonly signal?: AbortSignal;
  /** For requests that the API server forwards to a node: they are not sent again, whatever the answer is. */
  readonly answeredOnce?: true;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Sends requests to one API server, with one kubeconfig's authentication and TLS, over sockets that are kept open. */
export interface Transport {
  readonly server: string;
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the headers have arrived; the caller must read or destroy the body. */
  open(request: HttpRequest): Promise<IncomingMessage>;
  /** Has the credentials read again, unless others than those of the request that was refused are known already. */
  renew(refused: HttpAnswer | IncomingMessage): void;
  close(): void;
}

/** A request that never reached the server, so that it can be sent again, whatever its method. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

export function openTransport(
  load: () => Promise<LoadedKubeconfig>,
  first: LoadedKubeconfig,
  environment: Environment,
  now: () => number,
): Transport {
  const { server } = first.cluster;
  const address = new URL(server);
  const credentials = cachedCredentials(load, first, environment, now);
  const sentWith = new WeakMap<object, RequestOptions>();
  const open = async (request: HttpRequest): Promise<IncomingMessage> => {
    const options = await credentials.get();
    const response = await openRequest(address, options, request);
    sentWith.set(response, options);
    return response;
  };
  return {
    server: shownServer(server),
    open,
    async send(request) {
      const response = await open(request);
      const answer = {
        status: response.statusCode ?? 0,
        retryAfter: response.headers['retry-after'],
        text: await readText(response),
      };
      sentWith.set(answer, sentWith.get(response) ?? {});
      return answer;
    },
    renew: refused => credentials.renew(sentWith.get(refused) ?? {}),
    close: credentials.close,
  };
}

function openRequest(server: URL, options: RequestOptions, request: HttpRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const path = `${server.pathname.replace(/\/$/, '')}${request.path}`;
  const send = server.protocol === 'http:' ? requestHttp : requestHttps;
  let sent = false;
  const sending = send({
    ...options,
    // The agent for SOCKS tells by it which of its connections are free.
    protocol: server.protocol,
    hostname: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port,
    path,
    method: request.method,
    headers: { ...options.headers, ...headersOf(request) } as OutgoingHttpHeaders,
    ...defined({ signal: request.signal }),
  });
  sending.on('socket', socket => {
    if (!socket.connecting) {
      sent = true;
      return;
    }
    const timer = setTimeout(
      () => sending.destroy(new NotSentError(`no connection within ${CONNECT_TIMEOUT / 1000} s`)),
      CONNECT_TIMEOUT,
    );
    const connected = server.protocol === 'http:' ? 'connect' : 'secureConnect';
    socket.once(connected, () => {
      sent = true;
      clearTimeout(timer);
    });
    socket.once('close', () => clearTimeout(timer));
  });
  sending.setTimeout(request.idleTimeout ?? ANSWER_TIMEOUT, () =>
    sending.destroy(new Error(`no answer within ${(request.idleTimeout ?? ANSWER_TIMEOUT) / 1000} s`)),
  );
  sending.on('response', resolve);
  sending.on('error', error =>
    reject(sent || error instanceof NotSentError ? error : new NotSentError(error.message, { cause: error })),
  );
  sending.end(request.body);
  return promise;
}

function headersOf({ body, contentType, accept, headers }: HttpRequest): OutgoingHttpHeaders {
  const common = { Accept: accept ?? 'application/json', 'User-Agent': 'slipway', ...headers };
  return body === undefined
    ? common
    : {
        ...common,
        'Content-Type': contentType ?? 'application/json',
        'Content-Length': Buffer.byteLength(body),
      };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      response.destroy();
      throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
