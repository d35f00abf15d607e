import http from 'node:http';
import https from 'node:https';
import type { Writable } from 'node:stream';

/** Bytes, or what writes them, whose length the headers give. */
export type RequestBody = Uint8Array | ((outgoing: Writable) => Promise<void>);

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
}

/** An answer whose body was not read yet: read it, or the connection stays busy. */
export type HttpResponse = http.IncomingMessage;

export type SendRequest = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpOptions {
  /** Milliseconds without a byte in either direction until a request is given up. */
  readonly idleTimeout: number;
  readonly signal?: AbortSignal | undefined;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Connections that may be open to one host; registries count more than a few of them as abuse. */
const MAX_SOCKETS = 8;

/**
 * One request over `node:http` or `node:https` with connections kept alive. `fetch` is not used because it moves blobs at half
 * the speed for twice the memory.
 */
export function createHttp({ idleTimeout, signal, environment }: HttpOptions): SendRequest {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const proxyEnv = environment as NodeJS.ProcessEnv | undefined;
  const plain = new http.Agent({ ...options, ...(proxyEnv ? { proxyEnv } : {}) });
  const local = new http.Agent(options);
  const secure = new https.Agent({ ...options, ...(proxyEnv ? { proxyEnv } : {}) });
  return request => {
    const { hostname, protocol } = request.url;
    const agent = protocol === 'https:' ? secure : isLocal(hostname) ? local : plain;
    return sendOnce(request, { agent, idleTimeout, signal });
  };
}

function isLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** A server that sent or took nothing for the idle timeout. */
export class NoProgressError extends Error {
  readonly code = 'ETIMEDOUT';
}

interface SendOptions {
  readonly agent: http.Agent;
  readonly idleTimeout: number;
  readonly signal: AbortSignal | undefined;
}

function sendOnce(request: HttpRequest, { agent, idleTimeout, signal }: SendOptions): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const { method, url, headers, body } = request;
  const { request: start } = url.protocol === 'https:' ? https : http;
  const outgoing = start(url, { method, headers, agent, ...(signal ? { signal } : {}) });
  outgoing.once('response', resolve);
  // `on`: after an early answer the rest of the body may fail, and nothing else handles that error.
  outgoing.on('error', reject);
  outgoing.setTimeout(idleTimeout, () =>
    outgoing.destroy(new NoProgressError(`no progress in ${idleTimeout} ms`)),
  );
  if (typeof body === 'function') write(outgoing, body).catch(reject);
  else outgoing.end(body);
  return promise;
}

/** A body that cannot be written to its end must not look like a shorter one. */
async function write(
  outgoing: http.ClientRequest,
  body: (outgoing: Writable) => Promise<void>,
): Promise<void> {
  try {
    await body(outgoing);
    outgoing.end();
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}

/** The whole body, or undefined when it is longer than `limit` bytes. */
export async function readBody(response: HttpResponse, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
