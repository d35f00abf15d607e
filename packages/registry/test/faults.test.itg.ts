import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseReference, type RegistryClientOptions, retag } from '@slipway/registry';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { answering, atFirst, type RegistryProxy, resetting, startProxy } from './proxy.ts';
import { clientFor, digestAt, pushRandomImage } from './registry-fixture.ts';

const START = 300_000;
let testbeds: Testbed[] = [];
let source: RegistryProxy;
let target: RegistryProxy;
let image: Awaited<ReturnType<typeof pushRandomImage>>;
let challenge = '';
let count = 0;
const registryOf = (index: number) => testbeds[index]?.registry ?? { address: '' };
const TARGET = 1;

/** Copies an image from one registry to the other, through both proxies, into a repository of its own. */
async function copy(options: RegistryClientOptions = {}): Promise<string> {
  const client = clientFor(registryOf(0), [source.address, target.address], options);
  const place = { registry: target.address, path: `copy/${count}`, tag: '1' };
  return await retag(client, parseReference(`${source.address}/shop/api:1`), place);
}

const copied = () => digestAt(registryOf(TARGET), `copy/${count}`, '1');

beforeAll(async () => {
  const start = () => startTestbed({ parts: ['registry'], registryAuth: 'token' });
  testbeds = await Promise.all([start(), start()]);
  challenge = (await fetch(`http://${registryOf(0).address}/v2/`)).headers.get('www-authenticate') ?? '';
  image = await pushRandomImage(registryOf(0), 'shop/api', '1', [500_000, 20_000]);
}, START);

beforeEach(async () => {
  count += 1;
  source = await startProxy(registryOf(0).address);
  target = await startProxy(registryOf(TARGET).address);
});

afterEach(async () => {
  await Promise.all([source.close(), target.close()]);
});

afterAll(async () => {
  await Promise.all(testbeds.map(testbed => testbed.stop()));
});

describe('a registry that recovers', () => {
  it.each([
    ['is busy and says for how long', atFirst(2, 'GET', /manifests/, answering(429, { 'retry-after': '1' }))],
    ['fails inside', atFirst(3, 'HEAD', /manifests/, answering(500))],
    ['cuts the connection', atFirst(2, 'GET', /manifests/, resetting)],
    ['cuts a blob off', atFirst(1, 'GET', /blobs/, cutOff)],
    ['gives no blob at first', atFirst(2, 'GET', /blobs/, answering(503))],
    ['forgets its tokens', atFirst(1, 'GET', /blobs/, unauthorized)],
  ])('gives its image although it %s', async (_case, fault) => {
    source.faults.push(fault);
    expect(await copy()).toBe(image.digest);
    expect(await copied()).toBe(image.digest);
  });

  it.each([
    ['is busy', atFirst(2, 'POST', /uploads/, answering(429))],
    ['fails in the middle of an upload', atFirst(2, 'PUT', /uploads/, answering(502))],
    ['cuts an upload off', atFirst(2, 'PUT', /uploads/, resetting)],
    ['fails to take the manifest', atFirst(3, 'PUT', /manifests/, answering(500))],
    ['cuts the connection while tagging', atFirst(1, 'PUT', /manifests\/1/, resetting)],
  ])('takes an image although it %s', async (_case, fault) => {
    target.faults.push(fault);
    await copy();
    expect(await copied()).toBe(image.digest);
  });

  it('is given the time that it asks for', async () => {
    source.faults.push(atFirst(1, 'HEAD', /manifests/, answering(429, { 'retry-after': '1' })));
    const started = performance.now();
    await copy();
    expect(performance.now() - started).toBeGreaterThan(1000);
  });
});

describe('a registry that does not recover', () => {
  it.each([
    ['is busy for good', 'registry-busy', answering(429, { 'retry-after': '0' })],
    ['fails for good', 'registry-failed', answering(500, {}, '{"errors":[{"code":"UNKNOWN"}]}')],
    ['refuses', 'registry-denied', answering(403, {}, '{"errors":[{"code":"DENIED"}]}')],
    ['cuts every connection', 'registry-unreachable', resetting],
    ['never answers', 'registry-unreachable', () => true],
  ])('is said to, and nothing is tagged, when it %s', async (_case, code, fault) => {
    target.faults.push(atFirst(Number.POSITIVE_INFINITY, 'PUT', /./, fault));
    await expect(copy({ idleTimeout: 200 })).rejects.toMatchObject({ code });
    expect(await copied()).toBeUndefined();
  });

  it('is not asked for ever', async () => {
    source.faults.push(atFirst(Number.POSITIVE_INFINITY, 'HEAD', /manifests/, answering(503)));
    await expect(copy()).rejects.toMatchObject({ code: 'registry-failed' });
    expect(source.seen.filter(({ method }) => method === 'HEAD')).toHaveLength(4);
  });

  it('is given up when the run is cancelled', async () => {
    const cancelled = new AbortController();
    source.faults.push(
      atFirst(Number.POSITIVE_INFINITY, 'GET', /blobs/, () => {
        cancelled.abort();
        return true;
      }),
    );
    await expect(copy({ signal: cancelled.signal })).rejects.toThrow();
    expect(await copied()).toBeUndefined();
  });
});

describe('what is not what its digest says', () => {
  const flip = (part: RegExp) => (path: string, chunk: Buffer) =>
    part.test(path) ? Buffer.from(chunk.map(byte => byte ^ 1)) : chunk;

  it('is refused as a manifest', async () => {
    source.corrupt = flip(/manifests/);
    await expect(copy()).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('never arrives as a blob', async () => {
    source.corrupt = flip(/blobs/);
    await expect(copy()).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await copied()).toBeUndefined();
  });
});

describe('a login', () => {
  let elsewhere: http.Server;
  let visits: http.IncomingHttpHeaders[] = [];
  const elsewhereAt = () => `http://localhost:${(elsewhere.address() as AddressInfo).port}`;

  beforeEach(async () => {
    visits = [];
    elsewhere = http.createServer((request, response) => {
      visits.push(request.headers);
      response.writeHead(404).end();
    });
    elsewhere.listen(0, '127.0.0.1');
    await new Promise(resolve => elsewhere.once('listening', resolve));
  });

  afterEach(() => {
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('does not follow a redirect to another host', async () => {
    source.faults.push((request, response) => {
      const isBlob = request.method === 'GET' && request.url?.includes('/blobs/') === true;
      if (isBlob) response.writeHead(307, { location: `${elsewhereAt()}/store` }).end();
      return isBlob;
    });
    await expect(copy()).rejects.toMatchObject({ code: 'registry-failed' });
    expect(source.seen.some(({ authorization }) => authorization?.startsWith('Bearer'))).toBe(true);
    expect(visits.length).toBeGreaterThan(0);
    for (const { authorization } of visits) expect(authorization).toBeUndefined();
  });

  it('does not go to an upload address on another host', async () => {
    target.faults.push((request, response) => {
      const isStart = request.method === 'POST';
      if (isStart) response.writeHead(202, { location: `${elsewhereAt()}/upload` }).end();
      return isStart;
    });
    await expect(copy()).rejects.toMatchObject({ code: 'registry-failed' });
    expect(visits.length).toBeGreaterThan(0);
    for (const { authorization } of visits) expect(authorization).toBeUndefined();
  });

  it('does not go to a token server on plain HTTP that is not on this machine', async () => {
    const realm = 'Bearer realm="http://tokens.example/token",service="x"';
    source.faults.push(answering(401, { 'www-authenticate': realm }));
    await expect(copy()).rejects.toMatchObject({ code: 'token-realm-refused' });
  });

  it('does not follow a redirect of the token server', async () => {
    const realm = `Bearer realm="http://${target.address}/token",service="x"`;
    source.faults.push(answering(401, { 'www-authenticate': realm }));
    target.faults.push((request, response) => {
      const isToken = request.url?.startsWith('/token') === true;
      if (isToken) response.writeHead(302, { location: elsewhereAt() }).end();
      return isToken;
    });
    await expect(copy()).rejects.toMatchObject({ code: 'registry-failed' });
    expect(visits).toEqual([]);
  });
});

function cutOff(_request: http.IncomingMessage, response: http.ServerResponse): boolean {
  response.writeHead(200, { 'content-length': '100' });
  response.write(Buffer.alloc(10), () => response.destroy());
  return true;
}

function unauthorized(_request: http.IncomingMessage, response: http.ServerResponse): boolean {
  response.writeHead(401, { 'www-authenticate': challenge }).end();
  return true;
}
