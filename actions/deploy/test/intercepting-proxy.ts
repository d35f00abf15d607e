import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { kubeconfigFor, readAccess } from '@slipway/testkit/cluster';

/** A request on its way to the API server. */
export interface Passing {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** Changes something: no read, no dry run and no question about rights. */
  readonly isWrite: boolean;
}

/** What becomes of it: it goes on, its connection breaks, it arrives and its answer is lost, or this is its answer. */
export type Fate =
  | 'pass'
  | 'break'
  | 'lose'
  | { readonly status: number; readonly message: string; readonly headers?: Record<string, string> };

export interface InterceptingProxy {
  readonly server: string;
  /** Content of a kubeconfig that leads through it. */
  readonly kubeconfig: string;
  close(): void;
}

/** A proxy before a real API server that asks for each request what to do with it. */
export async function interceptingProxy(
  kubeconfig: string,
  decide: (passing: Passing) => Fate | Promise<Fate>,
): Promise<InterceptingProxy> {
  const target = await targetOf(kubeconfig);
  const server = createServer((incoming, response) => {
    void Promise.resolve(decide(passingOf(incoming))).then(fate => meet(fate, incoming, response, target));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server: address,
    kubeconfig: kubeconfigFor(address),
    close() {
      server.closeAllConnections();
      server.close();
      target.agent.destroy();
    },
  };
}

function passingOf({ method = '', url = '', headers }: IncomingMessage): Passing {
  const isQuestion = url.includes('selfsubject') || url.includes('dryRun=All');
  const isWrite = method !== 'GET' && !isQuestion;
  return { method, url, authorization: headers.authorization, isWrite };
}

function meet(
  fate: Fate,
  incoming: IncomingMessage,
  response: ServerResponse,
  { server, agent }: Target,
): void {
  if (fate === 'break') {
    response.destroy();
    return;
  }
  if (typeof fate === 'object') {
    incoming.resume();
    const { status, message, headers } = fate;
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify({ kind: 'Status', status: 'Failure', code: status, message }));
    return;
  }
  const { method, url } = incoming;
  const { authorization, host, ...headers } = incoming.headers;
  const passed = request(`${server}${url}`, { agent, method, headers }, answer => {
    if (fate === 'lose') {
      answer.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  passed.on('error', () => response.destroy());
  incoming.pipe(passed);
}

interface Target {
  readonly server: string;
  readonly agent: Agent;
}

async function targetOf(kubeconfig: string): Promise<Target> {
  const { server, tls } = await readAccess(kubeconfig);
  return { server, agent: new Agent({ ...tls, keepAlive: true }) };
}
