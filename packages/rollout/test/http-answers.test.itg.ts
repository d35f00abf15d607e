import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { HttpCheck } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import {
  answering,
  connect,
  createNamespace,
  type Fault,
  type FaultyProxy,
  startFaultyProxy,
} from '@slipway/testkit/cluster';
import { service } from '@slipway/testkit/objects';
import { httpCheck } from '../src/checks/http-check.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);
let proxy: FaultyProxy;
let way: ClusterClient;
let namespace: string;

beforeAll(async () => {
  proxy = await startFaultyProxy(cluster.kubeconfig);
  way = await connect(proxy.kubeconfig);
  namespace = await createNamespace(client, 'answers');
  const web = service('web');
  await client.create({ ...web, metadata: { ...web.metadata, namespace } });
});

afterAll(() => {
  way?.close();
  proxy?.close();
});

/** An answer in the place of the Service's. */
const instead =
  (answer: (response: ServerResponse) => void): Fault =>
  (incoming, response) => {
    if (!String(incoming.url).includes('/services/')) return false;
    incoming.resume();
    answer(response);
    return true;
  };

/** The result of a check that gets the same answer each time; without one, it asks the real API server. */
async function outcome(check: Partial<HttpCheck>, answer?: Fault) {
  proxy.faults.splice(
    0,
    Number.POSITIVE_INFINITY,
    ...Array.from({ length: 20 }, () => answer).filter(one => one !== undefined),
  );
  const context = {
    client: way,
    namespace,
    clock: () => new Date(),
    readSecrets: async () => ({ unreadable: 'there are none' }),
  };
  const times = { within: '2s', interval: '500ms', timeout: '1s' };
  const run = httpCheck('front', { service: 'web', port: 80, ...times, ...check }, context).run;
  const { status, message } = await run(new Date(), new AbortController().signal);
  return [status, message];
}

/** Sends a piece every so often, for ever. */
const endless = (milliseconds: number, piece: string) =>
  instead(response => {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    const timer = setInterval(() => response.write(piece), milliseconds);
    response.on('close', () => clearInterval(timer));
  });

it.each<[string, Partial<HttpCheck>, Fault | undefined, RegExp]>([
  [
    'a redirect',
    {},
    instead(response => response.writeHead(302, { Location: 'https://login.example' }).end()),
    /answered 302, not 200, asked/,
  ],
  ['no answer', {}, instead(() => {}), /did not answer within 1\.0 s, asked/],
  ['a body that never ends, slowly', {}, endless(100, 'ok '), /did not answer within 1\.0 s, asked/],
  [
    'a body that never ends',
    { contains: 'fine' },
    endless(1, 'ok '.repeat(100_000)),
    /answered without "fine"/,
  ],
  [
    'a text of an error',
    { contains: 'ok' },
    instead(response => response.writeHead(200).end('the database is gone')),
    /answered without "ok"/,
  ],
  [
    'a connection that breaks',
    {},
    instead(response =>
      response.writeHead(200, { 'Content-Length': 9 }).write('o', () => response.destroy()),
    ),
    /could not be reached/,
  ],
  ['what the API server says where no pod is', {}, undefined, /the API server answered 503 in its place/],
  ['the same where 503 is expected', { status: 503 }, undefined, /the API server answered 503 in its place/],
  [
    'the same where the Service is gone',
    { service: 'gone', status: 404 },
    undefined,
    /answered 404 in its place/,
  ],
])('has failed with %s', async (_what, check, answer, sentence) => {
  expect(await outcome(check, answer)).toEqual(['failed', expect.stringMatching(sentence)]);
});

it.each([
  [
    'a refusal, which names the Service as the address does',
    403,
    { reason: 'Forbidden', details: { kind: 'services', name: 'http:web:80' } },
  ],
  ['its login', 401, { reason: 'Unauthorized' }],
])("has failed with the API server's own %s, where that status is expected", async (_what, code, more) => {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, ...more };
  const fault: Fault = (incoming, response) =>
    String(incoming.url).includes('/services/') && answering(code, body)(incoming, response);
  expect(await outcome({ status: code }, fault)).toEqual(['failed', expect.stringMatching(/in its place/)]);
});

it('passes with a status of the application itself in the form that the API server has', async () => {
  const forbidden = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 403,
    details: { kind: 'ponies' },
  };
  const fault: Fault = (incoming, response) =>
    String(incoming.url).includes('/services/') && answering(403, forbidden)(incoming, response);
  expect(await outcome({ status: 403 }, fault)).toEqual(['passed', 'GET / of Service web answered 403']);
});
