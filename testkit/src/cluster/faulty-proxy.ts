import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readAccess } from './access.ts';

/** Handles a request instead of passing it on; returns whether it did. */
export type Fault = (incoming: IncomingMessage, response: ServerResponse) => boolean;

export interface FaultyProxy {
  /** A kubeconfig whose cluster is the proxy. */
  readonly kubeconfig: string;
  /** Used in order, each for the first request that it handles. */
  readonly faults: Fault[];
  /** Every request received, such as `GET /version`. */
  readonly seen: string[];
  close(): void;
}

/** A proxy before a real API server that passes requests on, except those that get a fault. */
export async function startFaultyProxy(kubeconfig: string): Promise<FaultyProxy> {
  const target = await readAccess(kubeconfig);
  const faults: Fault[] = [];
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url?.split('?')[0]}`);
    const [fault] = faults;
    if (fault?.(incoming, response) === true) {
      faults.shift();
      return;
    }
    const { method, headers, url } = incoming;
    const passed = request(`${target.server}${url}`, { ...target.tls, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    faults,
    seen,
    kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const answering =
  (status: number, body: object, headers: Record<string, string> = {}): Fault =>
  (incoming, response) => {
    incoming.resume();
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
    return true;
  };

/** Breaks the connection; with `after`, only once the request was read. */
export const resetting: Fault = (incoming, response) => {
  incoming.resume();
  incoming.on('end', () => response.destroy());
  return true;
};

export function kubeconfigFor(server: string, user: object = { token: 'a-token' }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'one', user }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
  });
}
