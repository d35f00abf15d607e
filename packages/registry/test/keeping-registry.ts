import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeenRequest } from '@slipway/testkit/registry';

/** A registry's answer: a status, and headers. */
type Answer = readonly [status: number, headers?: Record<string, string>];

/**
 * Plays a registry that keeps of a piece what came before the cut, as the specification has it; distribution and its forerunner
 * forget such a piece. It takes one image and gives none.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 * @param cutAt the first upload that comes so far is cut there, once
 */
export async function startKeepingRegistry(cutAt: number) {
  const seen: SeenRequest[] = [];
  const blobs = new Set<string>();
  const uploads = new Map<string, Buffer>();
  let cuts = 1;

  const take = (path: string, chunk: Buffer, request: http.IncomingMessage): void => {
    const content = Buffer.concat([uploads.get(path) ?? Buffer.alloc(0), chunk]);
    const isCut = content.length > cutAt && cuts > 0;
    uploads.set(path, isCut ? content.subarray(0, cutAt) : content);
    if (!isCut) return;
    cuts -= 1;
    request.socket.resetAndDestroy();
  };
  const end = (path: string, wanted: string | null): Answer => {
    const content = uploads.get(path) ?? Buffer.alloc(0);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    blobs.add(digest);
    return [digest === wanted ? 201 : 400];
  };
  const answerTo = (method: string, { pathname, searchParams }: URL): Answer => {
    if (pathname.includes('/manifests/')) return [method === 'PUT' ? 201 : 404];
    if (method === 'HEAD') return [404];
    if (method === 'PUT') return end(pathname, searchParams.get('digest'));
    const path = method === 'POST' ? `/v2/upload/${uploads.size}` : pathname;
    if (method === 'POST') uploads.set(path, Buffer.alloc(0));
    if (!uploads.has(path)) return [404];
    const last = Math.max(0, (uploads.get(path)?.length ?? 0) - 1);
    return [method === 'GET' ? 204 : 202, { location: path, range: `0-${last}` }];
  };

  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const { authorization } = headers;
    seen.push({ method, path: url, authorization, range: headers['content-range'] });
    const address = new URL(url, 'http://localhost');
    const isUpload = address.pathname.startsWith('/v2/upload/');
    request.on('data', (chunk: Buffer) => isUpload && take(address.pathname, chunk, request));
    request.on('end', () => response.writeHead(...answerTo(method, address)).end());
  });
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    blobs,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
