import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RegistryAuth, RunningRegistry } from '@slipway/testbed';
import { createAuthority } from '@slipway/testbed/certificates';
import { createJob, runStep } from '@slipway/testbed/runner';
import {
  digestAt,
  type OtherRegistry,
  pushRandomImage,
  type RegistryProxy,
  startProxy,
  startRegistry,
  startRegistry2,
} from '@slipway/testkit/registry';
import { expectFailure, succeeded } from './stage.ts';

const START = 300_000;
const ACTION = resolve(import.meta.dirname, '..');
const NAME = 'registry.test:5443';
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'slipway-trust-'));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Retags one ready-made image within a registry, by the bundle. */
async function retagIn(
  registry: string,
  environment: Record<string, string>,
  path = '/usr/bin:/bin',
  tag = 'v1',
) {
  const workspace = mkdtempSync(join(scratch, 'workspace-'));
  writeFileSync(
    join(workspace, 'slipway.yaml'),
    `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${registry}/shop
  services:
    api: {image: "${registry}/source/api:1"}
`,
  );
  const job = createJob({ workspace, directory: scratch, path, environment });
  return await runStep(job, { action: ACTION, inputs: { 'deployment-tag': tag } });
}

describe('a registry on HTTPS behind a proxy', () => {
  let registry: OtherRegistry;
  let proxy: http.Server;
  let connected: string[];
  let authority: string;
  /** Where the proxy leads to, whatever is asked for. */
  let destination: string;
  const proxyAddress = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  beforeAll(async () => {
    const issuer = await createAuthority('an authority of our own', () => new Date());
    authority = join(scratch, 'authority.pem');
    writeFileSync(authority, issuer.certificate);
    registry = await startRegistry2('none', await issuer.server(['registry.test', '127.0.0.1']));
    destination = registry.registry.address;
    await pushOverTls(registry.registry);
    proxy = http.createServer();
    proxy.on('connect', (request, client: net.Socket) => {
      connected.push(request.url ?? '');
      const [host = '', port = ''] = destination.split(':');
      const tunnel = net.connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(tunnel).pipe(client);
      });
      for (const socket of [client, tunnel]) socket.on('error', () => {});
    });
    proxy.listen(0, '127.0.0.1');
    await new Promise(ready => proxy.once('listening', ready));
  }, START);

  beforeEach(() => {
    connected = [];
    destination = registry.registry.address;
  });

  afterAll(async () => {
    proxy.close();
    await registry.stop();
  });

  /** The fixture speaks plain HTTP: here to something that adds the TLS. */
  async function pushOverTls({ address }: RunningRegistry): Promise<void> {
    const [host = '', port = ''] = address.split(':');
    const plain = net.createServer(client => {
      const server = tls.connect({ host, port: Number(port), rejectUnauthorized: false });
      client.pipe(server).pipe(client);
      for (const socket of [client, server]) socket.on('error', () => {});
    });
    plain.listen(0, '127.0.0.1');
    await new Promise(ready => plain.once('listening', ready));
    const own = { address: `127.0.0.1:${(plain.address() as AddressInfo).port}` };
    await pushRandomImage(own, 'source/api', '1');
    plain.close();
  }

  it('is reached where its authority is trusted', async () => {
    const environment = { HTTPS_PROXY: proxyAddress(), NODE_EXTRA_CA_CERTS: authority };
    const result = succeeded(await retagIn(NAME, environment));
    expect(JSON.parse(result.outputs['images'] ?? '')).toMatchObject({
      api: expect.stringContaining(`${NAME}/shop/api@`),
    });
    expect(new Set(connected)).toEqual(new Set([NAME]));
  });

  it('whose authority is not trusted is distinguished from one that does not answer', async () => {
    const result = await retagIn(NAME, { HTTPS_PROXY: proxyAddress() });
    expectFailure(
      result,
      /certificate of the registry "registry\.test:5443" is not signed by a certificate authority.*NODE_EXTRA_CA_CERTS/,
    );
  });

  it('with a certificate for another name is not spoken to', async () => {
    const environment = { HTTPS_PROXY: proxyAddress(), NODE_EXTRA_CA_CERTS: authority };
    expectFailure(
      await retagIn('other.test:5443', environment),
      /not valid for it, or not now \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
  });

  it('is not asked for through the proxy where NO_PROXY names it', async () => {
    const environment = { HTTPS_PROXY: proxyAddress(), NO_PROXY: 'registry.test' };
    expectFailure(await retagIn(NAME, environment), /the registry "registry\.test:5443" does not answer/);
    expect(connected).toEqual([]);
  });

  it('that speaks plain HTTP in truth is not given anything, and the input is named', async () => {
    const plain = await startRegistry2('none');
    destination = plain.registry.address;
    expectFailure(
      await retagIn(NAME, { HTTPS_PROXY: proxyAddress() }),
      /does not speak TLS.*plain-http-registries/,
    );
    await plain.stop();
  });
});

describe.each<[RegistryAuth]>([['basic'], ['token']])(
  'a login from a helper, for %s authentication',
  auth => {
    let running: OtherRegistry;
    let proxy: RegistryProxy;
    let tokens: http.Server | undefined;
    const address = () => proxy.address;

    beforeAll(async () => {
      running = await startRegistry('distribution 3', auth);
      await pushRandomImage(running.registry, 'source/api', '1');
    }, START);

    beforeEach(async () => {
      proxy = await startProxy(running.registry.address);
    });

    afterEach(async () => {
      tokens?.close();
      tokens = undefined;
      await proxy.close();
    });

    afterAll(() => running.stop());

    /**
     * A program that speaks the protocol of docker's helpers, as those of AWS, Google and Azure do, and its entry in config.json.
     * https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development
     */
    function useHelper(answer: string): { environment: Record<string, string>; path: string } {
      const folder = mkdtempSync(join(scratch, 'helper-'));
      mkdirSync(join(folder, 'bin'));
      const program = join(folder, 'bin/docker-credential-cloud');
      const lines = [
        '#!/bin/sh',
        'read -r server',
        `test "$1" = get && test "$server" = "${address()}" || { echo "credentials not found in native keychain"; exit 1; }`,
        `echo '${answer}'`,
      ];
      writeFileSync(program, `${lines.join('\n')}\n`);
      chmodSync(program, 0o755);
      const config = { credHelpers: { [address()]: 'cloud' } };
      writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
      return { environment: { DOCKER_CONFIG: folder }, path: `${join(folder, 'bin')}:/usr/bin:/bin` };
    }

    it('is a name and a password, as of AWS and Google', async () => {
      const { username, password } = running.registry;
      const { environment, path } = useHelper(JSON.stringify({ Username: username, Secret: password }));
      const result = succeeded(await retagIn(address(), environment, path));
      expect(await digestAt(running.registry, 'shop/api', 'v1')).toBe(
        await digestAt(running.registry, 'source/api', '1'),
      );
      expect(result.raw).not.toContain(password);
    });

    it('that the helper does not give stops the run, and says which helper', async () => {
      const { environment, path } = useHelper('no JSON');
      expectFailure(
        await retagIn(address(), environment, path),
        /"docker-credential-cloud" gave no login for/,
      );
    });

    if (auth === 'basic') return;

    it('is an identity token, as of Azure, which the token server takes instead of a password', async () => {
      const { username = '', password = '' } = running.registry;
      const realm = await realmOf(running.registry);
      const forms: URLSearchParams[] = [];
      tokens = http.createServer(async (request, response) => {
        const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
        forms.push(form);
        if (form.get('refresh_token') !== 'an-identity-token') return void response.writeHead(401).end();
        const url = new URL(realm);
        url.searchParams.set('service', form.get('service') ?? '');
        for (const scope of (form.get('scope') ?? '').split(' ')) url.searchParams.append('scope', scope);
        const basic = Buffer.from(`${username}:${password}`).toString('base64');
        const answer = await fetch(url, { headers: { authorization: `Basic ${basic}` } });
        const { token } = (await answer.json()) as { token: string };
        response.end(JSON.stringify({ access_token: token }));
      });
      tokens.listen(0, '127.0.0.1');
      await new Promise(ready => tokens?.once('listening', ready));
      const own = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/oauth2/token`;
      proxy.added = { 'www-authenticate': `Bearer realm="${own}",service="testbed"` };
      const { environment, path } = useHelper(
        JSON.stringify({ Username: '<token>', Secret: 'an-identity-token' }),
      );
      const result = succeeded(await retagIn(address(), environment, path, 'v2'));
      expect(forms[0]?.get('grant_type')).toBe('refresh_token');
      expect(result.raw).not.toContain('an-identity-token');
    });
  },
);

async function realmOf({ address }: RunningRegistry): Promise<string> {
  const challenge = (await fetch(`http://${address}/v2/`)).headers.get('www-authenticate') ?? '';
  return /realm="([^"]+)"/.exec(challenge)?.[1] ?? '';
}
