import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createProxy, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@slipway/testbed';

/** A network in which the clouds' hosts have their names, and answers of this host. */
export interface CloudProxy {
  /** How a program gets there. */
  readonly environment: { readonly HTTPS_PROXY: string; readonly SSL_CERT_FILE: string };
  /** Every host that was asked for, in order, also of those that nothing answers for. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** @param hosts what answers for a host with TLS; any other is refused */
export async function startCloudProxy(hosts: Readonly<Record<string, RequestListener>>): Promise<CloudProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-clouds-'));
  const authority = await createAuthority('clouds', () => new Date());
  const { certificate, key } = await authority.server(Object.keys(hosts));
  const trusted = join(folder, 'authority.pem');
  await writeFile(trusted, authority.certificate);
  const cloud = createServer({ cert: certificate, key }, (request, response) => {
    const listener = hosts[request.headers.host?.replace(/:443$/, '') ?? ''];
    if (listener === undefined) response.writeHead(404).end();
    else listener(request, response);
  });
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createProxy((_request, response) => response.writeHead(502).end());
  proxy.on('connect', (request, socket: Socket) => {
    const [host = ''] = request.url?.split(':') ?? [];
    asked.push(host);
    sockets.add(socket);
    socket.on('error', () => {});
    if (!Object.hasOwn(hosts, host)) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    cloud.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      SSL_CERT_FILE: trusted,
    },
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
