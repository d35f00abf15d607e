import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import { useTestbed } from '@slipway/testbed/jest';
import { type ClusterClient, connectCluster, type RunPlugin } from '../src/index.ts';
import { startSocksProxy } from './support/socks-proxy.ts';

const testbed = useTestbed({ parts: ['cluster'] });

let folder: string;
let token: string;
/** What the testbed's kubeconfig contains. */
let known: {
  readonly server: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
};

const run = promisify(execFile);
const noPlugin: RunPlugin = () => Promise.reject(new Error('no plugin is expected here'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'));
  const { kubeconfig = '', kubectl = '' } = testbed.cluster;
  const text = await readFile(kubeconfig, 'utf8');
  const field = (name: string): string => new RegExp(`${name}: "?([^"\\s]+)`).exec(text)?.[1] ?? '';
  known = {
    server: field('server'),
    ca: field('certificate-authority-data'),
    certificate: field('client-certificate-data'),
    key: field('client-key-data'),
  };
  const environment = { KUBECONFIG: kubeconfig, KUBECACHEDIR: folder };
  const made = await run(kubectl, ['create', 'token', 'default', '-n', 'default'], { env: environment });
  token = made.stdout.trim();
});

interface Access {
  readonly cluster?: object;
  readonly user?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly plugin?: RunPlugin;
}

const config = ({ cluster, user }: Access): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'a', cluster: { server: known.server, 'certificate-authority-data': known.ca, ...cluster } },
    ],
    users: [{ name: 'a', user: user ?? { token } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });

const connect = (access: Access, kubeconfig = config(access)): Promise<ClusterClient> =>
  connectCluster({
    kubeconfig,
    context: '',
    environment: access.environment ?? {},
    workspace: '/nowhere',
    runPlugin: access.plugin ?? noPlugin,
    signal: new AbortController().signal,
    logger: silentLogger,
  });

/** With the certificate of the testbed's own kubeconfig. */
const connectAsAdmin = (user: object): Promise<ClusterClient> =>
  connect({
    user: { 'client-certificate-data': known.certificate, 'client-key-data': known.key, ...user },
  });

/** The user that the API server authenticates the client as. */
async function whoIs(client: ClusterClient): Promise<unknown> {
  const { userInfo } = await client.review({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  client.close();
  return (userInfo as { username?: unknown }).username;
}

const SERVICE_ACCOUNT = 'system:serviceaccount:default:default';

describe('the credentials', () => {
  it('may be a token, or a file with one', async () => {
    await writeFile(join(folder, 'token'), `${token}\n`);
    expect(await whoIs(await connect({ user: { token } }))).toBe(SERVICE_ACCOUNT);
    expect(await whoIs(await connect({ user: { tokenFile: join(folder, 'token') } }))).toBe(SERVICE_ACCOUNT);
  });

  it('may be a client certificate, with a private authority, in files beside the kubeconfig', async () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
    await writeFile(join(folder, 'ca.pem'), bytes(known.ca));
    await writeFile(join(folder, 'me.pem'), bytes(known.certificate));
    await writeFile(join(folder, 'me.key'), bytes(known.key));
    const cluster = { 'certificate-authority-data': undefined, 'certificate-authority': 'ca.pem' };
    const user = { 'client-certificate': 'me.pem', 'client-key': 'me.key' };
    await writeFile(join(folder, 'config'), config({ cluster, user }));
    expect(await whoIs(await connect({}, join(folder, 'config')))).not.toBe(SERVICE_ACCOUNT);
  });

  it('may be an OpenID Connect token', async () => {
    const provider = {
      name: 'oidc',
      config: { 'id-token': token, 'client-id': 'x', 'idp-issuer-url': 'https://x' },
    };
    expect(await whoIs(await connect({ user: { 'auth-provider': provider } }))).toBe(SERVICE_ACCOUNT);
  });

  it('may come from a plugin', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'get-token',
      interactiveMode: 'Never',
    };
    const plugin: RunPlugin = async () => ({
      exitCode: 0,
      stdout: JSON.stringify({ kind: 'ExecCredential', apiVersion: exec.apiVersion, status: { token } }),
      stderr: '',
    });
    expect(await whoIs(await connect({ user: { exec }, plugin }))).toBe(SERVICE_ACCOUNT);
  });

  it('may act as another user, with the groups that the kubeconfig names', async () => {
    const client = await connectAsAdmin({ as: 'jane', 'as-groups': ['system:masters', 'developers'] });
    const { userInfo } = await client.review({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    client.close();
    expect(userInfo).toMatchObject({
      username: 'jane',
      groups: ['system:masters', 'developers', 'system:authenticated'],
    });
  });

  it('may be sent to a server whose own certificate is all that is trusted', async () => {
    const { hostname, port } = new URL(known.server);
    const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const pem = socket.getPeerX509Certificate()?.toString() ?? '';
    socket.destroy();
    const cluster = { 'certificate-authority-data': Buffer.from(pem).toString('base64') };
    expect(await whoIs(await connect({ cluster }))).toBe(SERVICE_ACCOUNT);
  });

  it('are reported in one sentence when they have expired', async () => {
    await expect(connect({ user: { token: 'expired' } })).rejects.toMatchObject({
      code: 'cluster-unauthorized',
      message: expect.stringContaining('does not accept the credentials'),
    });
  });

  it.each(['a\nb', 'ä€'])('are told apart when they cannot be sent: %j', async token => {
    await expect(connect({ user: { token } })).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringMatching(/^the token of the kubeconfig has a character that cannot be sent/),
    });
  });

  it.each([
    [
      'a file that is missing',
      { 'client-certificate': '/nowhere/c', 'client-key': '/nowhere/k' },
      /"\/nowhere\/[ck]"/,
    ],
    [
      'bytes that are not PEM',
      { 'client-certificate-data': 'AAAA', 'client-key-data': 'QUFB' },
      /cannot be used/,
    ],
  ])('are told apart when they are %s', async (_title, user, message) => {
    await expect(connect({ user })).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringMatching(message),
    });
  });

  it('are not sent to an address without TLS', async () => {
    await expect(connect({ cluster: { server: 'http://127.0.0.1:1' } })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringMatching(/was not asked, as its address is http:.*without TLS/),
    });
  });
});

describe('a proxy', () => {
  let proxy: Server;
  let asked: string[];
  const opened = new Set<Socket>();
  const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  /** Another name in the API server's certificate, which only the proxy can resolve. */
  const elsewhere = () => `https://kubernetes.default.svc:${new URL(known.server).port}`;

  beforeAll(async () => {
    proxy = createServer();
    proxy.on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '');
      const tunnel = connectTcp(Number(new URL(known.server).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(tunnel).pipe(client);
      });
      for (const socket of [client, tunnel]) {
        opened.add(socket);
        socket.on('error', () => {});
      }
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(() => {
    for (const socket of opened) socket.destroy();
    proxy.close();
  });

  it('is taken from the kubeconfig, and its connections are reused', async () => {
    const client = await connect({ cluster: { 'proxy-url': address() } });
    for (let time = 0; time < 3; time++) await client.resource('apps/v1', 'Deployment');
    expect(await whoIs(client)).toBe(SERVICE_ACCOUNT);
    expect(asked).toEqual([new URL(known.server).host]);
  });

  it('is otherwise taken from the environment, unless NO_PROXY names the cluster', async () => {
    const environment = { HTTPS_PROXY: address() };
    const client = await connect({ cluster: { server: elsewhere() }, environment });
    expect(await whoIs(client)).toBe(SERVICE_ACCOUNT);
    expect(asked).toEqual([new URL(elsewhere()).host]);
    const excepted = { ...environment, NO_PROXY: 'kubernetes.default.svc' };
    await expect(connect({ cluster: { server: elsewhere() }, environment: excepted })).rejects.toMatchObject({
      code: 'cluster-unreachable',
    });
    expect(asked).toHaveLength(1);
  });

  it('is not repeated with its password where it is not a URL', async () => {
    const environment = { HTTPS_PROXY: 'http://user:PASS/WORD@127.0.0.1:1' };
    const failure = await connect({ cluster: { server: elsewhere() }, environment }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'kubeconfig-invalid' });
    expect(String((failure as Error).stack)).not.toContain('WORD');
  });

  it('of the environment is not used for this machine', async () => {
    const client = await connect({ environment: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
    expect(await whoIs(client)).toBe(SERVICE_ACCOUNT);
  });

  it('may speak SOCKS 5, finds out the address itself, and its connections are reused', async () => {
    const socks = await startSocksProxy(Number(new URL(known.server).port));
    try {
      const cluster = { server: elsewhere(), 'proxy-url': socks.url };
      const client = await connect({ cluster });
      for (let time = 0; time < 3; time++) await client.resource('apps/v1', 'Deployment');
      expect(await whoIs(client)).toBe(SERVICE_ACCOUNT);
      expect(socks.asked).toEqual([new URL(elsewhere()).host]);
    } finally {
      socks.close();
    }
  });

  it('for SOCKS does not make the certificate of another host good', async () => {
    const socks = await startSocksProxy(Number(new URL(known.server).port));
    try {
      // The API server's certificate is for 127.0.0.1, and not for this address.
      const stranger = connect({ cluster: { server: 'https://10.1.2.3:6443', 'proxy-url': socks.url } });
      await expect(stranger).rejects.toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('10.1.2.3'),
      });
      const named = await connect({ cluster: { 'proxy-url': socks.url } });
      expect(await whoIs(named)).toBe(SERVICE_ACCOUNT);
    } finally {
      socks.close();
    }
  });

  it('that never connects is given up, over HTTP and over SOCKS', async () => {
    const silent = createServer();
    silent.on('connect', (_request, client: Socket) => opened.add(client));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(connect({ cluster: { 'proxy-url': url } })).rejects.toMatchObject({
      code: 'cluster-unreachable',
    });
    const deaf = createTcpServer(socket => void opened.add(socket));
    await once(deaf.listen(0, '127.0.0.1'), 'listening');
    const socks = `socks5://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    await expect(connect({ cluster: { 'proxy-url': socks } })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining('no connection within 6 s'),
    });
    deaf.close();
    silent.closeAllConnections();
    silent.close();
  });
});
