import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { KeyPair } from './pki.ts';

const POLL_MILLISECONDS = 100;
const REQUEST_MILLISECONDS = 10_000;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The few requests that set a cluster up. The testbed has its own client, so that it does not depend on what it tests. */
export interface Api {
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  /** Repeats a request until `good` accepts the answer. An API server that cannot be reached yet counts as a bad answer. */
  waitFor(path: string, good: (answer: Answer) => boolean, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function connectApi(server: string, authority: string, pair: KeyPair): Api {
  const agent = new Agent({
    ca: authority,
    cert: pair.certificate,
    key: pair.key,
    keepAlive: true,
    maxSockets: 10,
  });
  const send: Api['send'] = (method, path, body) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const options = { agent, method, headers, timeout: REQUEST_MILLISECONDS };
      const sent = request(new URL(path, server), options, answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error('the API server did not answer')));
      sent.end(text);
    });
  };
  return {
    send,
    async waitFor(path, good, signal) {
      for (;;) {
        signal.throwIfAborted();
        const answer = await send('GET', path).catch(() => ({ status: 0, body: '' }));
        if (good(answer)) return;
        await sleep(POLL_MILLISECONDS, undefined, { signal });
      }
    },
    close: () => agent.destroy(),
  };
}

/** Creates an object unless it exists. */
export async function create(api: Api, path: string, object: unknown): Promise<void> {
  const answer = await api.send('POST', path, object);
  if (answer.status < 300 || answer.status === 409) return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-start',
    message: `the testbed's API server answered ${answer.status} to a POST of ${path}`,
    remedy: 'see kube-apiserver.log in the folder of its logs',
  });
}
