import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** Which bytes a piece of a blob is, or which are asked for. */
  readonly range: string | undefined;
}

/** Answers a request itself (true), or lets the registry do it. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface RegistryProxy {
  /** 127.0.0.1:PORT */
  readonly address: string;
  readonly seen: SeenRequest[];
  /** Asked in turn for each request. */
  readonly faults: Fault[];
  /** Changes the bytes of an answer's body. */
  corrupt: ((path: string, chunk: Buffer) => Buffer) | undefined;
  /** Headers that are added to every answer. */
  added: Record<string, string>;
  close(): Promise<void>;
}

/** A proxy before a registry that counts and disturbs. It keeps the Host header, so that the registry's addresses lead through it. */
export async function startProxy(registry: string): Promise<RegistryProxy> {
  const seen: SeenRequest[] = [];
  const faults: Fault[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const range = headers['content-range'] ?? headers.range;
    seen.push({ method, path: url, authorization: headers.authorization, range });
    if (faults.some(fault => fault(request, response))) return void request.resume();
    forward(registry, request, response, proxy);
  });
  // It would close a connection that a busy machine leaves unused for 5 s, and the client would count a cut.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const proxy: RegistryProxy = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    faults,
    corrupt: undefined,
    added: {},
    close() {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
  return proxy;
}

function forward(
  registry: string,
  request: IncomingMessage,
  response: ServerResponse,
  { corrupt = (_path, chunk) => chunk, added }: RegistryProxy,
): void {
  const { method = 'GET', url = '/', headers } = request;
  const outgoing = http.request(`http://${registry}${url}`, { method, headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...added });
    answer.on('data', (chunk: Buffer) => response.write(corrupt(url, chunk)));
    answer.on('end', () => response.end());
  });
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
}

/** A fault that happens the first `times` times that a request matches. */
export function atFirst(times: number, method: string, path: RegExp, answer: Fault): Fault {
  let left = times;
  return (request, response) => {
    if (left === 0 || request.method !== method || !path.test(request.url ?? '')) return false;
    left -= 1;
    return answer(request, response);
  };
}

export function answering(status: number, headers: Record<string, string> = {}, body = ''): Fault {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}

/** Cuts the connection without an answer. */
export const resetting: Fault = request => {
  request.socket.resetAndDestroy();
  return true;
};

/** Lets the registry answer, but not before so many milliseconds. */
export function slowly(milliseconds: number, registry: string): Fault {
  return (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    setTimeout(() => {
      const outgoing = http.request(`http://${registry}${url}`, { method, headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      outgoing.end();
    }, milliseconds);
    return true;
  };
}

/** Cuts the connection once so many bytes of the request have come. */
export function cutAfter(bytes: number): Fault {
  return request => {
    let come = 0;
    request.on('data', (chunk: Buffer) => {
      come += chunk.length;
      if (come >= bytes) request.socket.resetAndDestroy();
    });
    return true;
  };
}

/** Watches what comes in the bodies of matching requests, which the registry gets as always. */
export function receipt(bytes: number, method: string, path: RegExp) {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let come = 0;
  const watch: Fault = request => {
    if (request.method !== method || !path.test(request.url ?? '')) return false;
    request.on('data', (chunk: Buffer) => {
      come += chunk.length;
      if (come >= bytes) resolve();
    });
    return false;
  };
  /** `done` once so many bytes have come in all. */
  return { watch, done };
}
