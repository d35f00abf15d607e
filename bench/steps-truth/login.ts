import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { kubeconfigFor, readAccess } from '@slipway/testkit/cluster';

/** A login that the cluster stops accepting, as it does with one that was revoked before its time. */
export interface Login {
  readonly kubeconfig: string;
  /** Ends it. Resolves once the API server does not accept it any more, which takes as long as it remembers a token. */
  end(): Promise<void>;
  /** Ends it before a request arrives, such as `DELETE /apis/apps/v1/namespaces/shop/deployments/api`; dry runs do not count. */
  endBefore(request: RegExp): void;
  close(): void;
}

export interface LoginPlace {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** The path of the administrator's kubeconfig. */
  readonly admin: string;
}

const NAME = 'deployer';
const LASTS = 3_600;

/** The token of a service account that may do everything in a namespace; it is bound to a Secret, and ends with that. */
export async function beginLogin(place: LoginPlace): Promise<Login> {
  const { client, namespace, admin } = place;
  const { server, tls } = await readAccess(admin);
  await client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } });
  await client.create(bindingIn(namespace));
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace, name: NAME };
  const bound = await client.create({ ...SECRET, metadata: { name: NAME, namespace } });
  const token = await tokenFor(
    `${server}/api/v1/namespaces/${namespace}`,
    tls,
    String(bound.metadata['uid']),
  );
  const end = async (): Promise<void> => {
    await client.delete(secret);
    const asked = `${server}/api/v1/namespaces/${namespace}/configmaps`;
    while ((await send(asked, { ca: tls.ca, token })).status !== 401) await sleep(200);
  };
  const proxy = await startProxy(server, tls.ca, end);
  return { kubeconfig: kubeconfigFor(proxy.address, { token }), end, ...proxy };
}

const SECRET = { apiVersion: 'v1', kind: 'Secret' } as const;

function bindingIn(namespace: string): Parameters<ClusterClient['create']>[0] {
  const group = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: NAME, namespace },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
  };
}

async function tokenFor(
  address: string,
  tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer },
  uid: string,
): Promise<string> {
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: LASTS, boundObjectRef: { ...SECRET, name: NAME, uid } },
  };
  const { text } = await send(`${address}/serviceaccounts/${NAME}/token`, { ...tls, body });
  return (JSON.parse(text) as { readonly status: { readonly token: string } }).status.token;
}

interface Sent {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
  readonly body?: object;
}

async function send(
  address: string,
  { token, body, ...tls }: Sent,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const sent = request(address, { ...tls, headers, method: body === undefined ? 'GET' : 'POST' });
  sent.end(body && JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = (await answer.setEncoding('utf8').toArray()).join('');
  return { status: answer.statusCode, text };
}

/** Passes requests on with the login that they have, and holds one back until the login has ended. */
async function startProxy(
  target: string,
  ca: Buffer,
  end: () => Promise<void>,
): Promise<Pick<Login, 'endBefore' | 'close'> & { readonly address: string }> {
  let last: RegExp | undefined;
  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, headers, url = '' } = incoming;
    if (last?.test(`${method} ${url.split('?')[0]}`) && !url.includes('dryRun=')) {
      last = undefined;
      await end();
    }
    const passed = request(`${target}${url}`, { ca, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  };
  const server = createServer((incoming, response) => {
    void pass(incoming, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    endBefore(asked) {
      last = asked;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
