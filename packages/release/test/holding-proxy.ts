import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { kubeconfigFor, readAccess } from '@slipway/testkit/cluster';

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** A request that the proxy has read and has neither passed on nor answered yet. */
export interface Held {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  /** Resolves when its sender gives it up. */
  readonly givenUp: Promise<void>;
  readonly isGivenUp: boolean;
  /** Passes it on, as often as it is called, also after its sender has given it up. */
  forward(): Promise<Answer>;
  answer(answer: Answer): void;
  /** Breaks the sender's connection. */
  break(): void;
}

export interface HoldingProxy {
  /** Content of a kubeconfig that leads through it. */
  readonly kubeconfig: string;
  close(): void;
}

/** A proxy before a real API server that gives each request to `handle`, which may keep it for any time. */
export async function holdingProxy(
  kubeconfig: string,
  handle: (held: Held) => Promise<void>,
): Promise<HoldingProxy> {
  const target = await targetOf(kubeconfig);
  const server = createServer((incoming, response) => {
    void incoming
      .toArray()
      .then(chunks => handle(hold(incoming, response, Buffer.concat(chunks), target)))
      .catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: kubeconfigFor(address),
    close() {
      server.closeAllConnections();
      server.close();
      target.agent.destroy();
    },
  };
}

export async function passOn(held: Held): Promise<void> {
  held.answer(await held.forward());
}

function hold(incoming: IncomingMessage, response: ServerResponse, body: Buffer, target: Target): Held {
  const { method = '', url = '' } = incoming;
  const { authorization: _token, host: _host, ...headers } = incoming.headers;
  let isGivenUp = false;
  const { promise: givenUp, resolve } = Promise.withResolvers<void>();
  response.on('close', () => {
    if (response.writableFinished) return;
    isGivenUp = true;
    resolve();
  });
  return {
    method,
    url,
    givenUp,
    get isGivenUp() {
      return isGivenUp;
    },
    forward: () => send(target, { method, url, headers, body }),
    answer: ({ status, headers: answered, body: content }) =>
      response.writeHead(status, answered).end(content),
    break: () => response.destroy(),
  };
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

async function send({ server, agent }: Target, { method, url, headers, body }: Sent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(`${server}${url}`, { agent, method, headers }, resolve).on('error', reject).end(body);
  const answer = await promise;
  return {
    status: answer.statusCode ?? 502,
    headers: { 'content-type': answer.headers['content-type'] },
    body: Buffer.concat(await answer.toArray()),
  };
}

interface Target {
  readonly server: string;
  readonly agent: Agent;
}

async function targetOf(kubeconfig: string): Promise<Target> {
  const { server, tls } = await readAccess(kubeconfig);
  return { server, agent: new Agent({ ...tls, keepAlive: true }) };
}
