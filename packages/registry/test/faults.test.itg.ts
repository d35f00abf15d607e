import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseReference, type RegistryClientOptions, retag } from '@slipway/registry';
import {
  answering,
  atFirst,
  clientFor,
  cutAfter,
  digestAt,
  type OtherRegistry,
  pushRandomImage,
  type RegistryProxy,
  resetting,
  slowly,
  startProxy,
  startRegistry,
} from '@slipway/testkit/registry';

const START = 300_000;
/** Which registries, and how they want to know who asks. */
const KINDS = [
  ['distribution 3', 'token'],
  ['distribution 3', 'basic'],
  ["Docker's registry 2.8", 'token'],
  ["Docker's registry 2.8", 'basic'],
] as const;
const FOREVER = Number.POSITIVE_INFINITY;

let registries: OtherRegistry[] = [];
let source: RegistryProxy;
let target: RegistryProxy;
let image: Awaited<ReturnType<typeof pushRandomImage>>;
let challenge = '';
let count = 0;
const registryOf = (index: number) => registries[index]?.registry ?? { address: '' };
const TARGET = 1;

/** Copies an image from one registry to the other, through both proxies, into a repository of its own. */
async function copy(options: RegistryClientOptions = {}): Promise<string> {
  const client = clientFor(registryOf(0), [source.address, target.address], options);
  const copy = { registry: target.address, path: `copy/${count}`, tag: '1' };
  return await retag(client, parseReference(`${source.address}/shop/api:1`), copy);
}

const copied = () => digestAt(registryOf(TARGET), `copy/${count}`, '1');

beforeEach(async () => {
  count += 1;
  source = await startProxy(registryOf(0).address);
  target = await startProxy(registryOf(TARGET).address);
});

afterEach(async () => {
  await Promise.all([source.close(), target.close()]);
});

/** Two registries of a kind for the tests of a block. */
function useRegistries([kind, auth]: (typeof KINDS)[number]): void {
  beforeAll(async () => {
    registries = await Promise.all([startRegistry(kind, auth), startRegistry(kind, auth)]);
    const answer = await fetch(`http://${registryOf(0).address}/v2/`);
    challenge = answer.headers.get('www-authenticate') ?? '';
    image = await pushRandomImage(registryOf(0), 'shop/api', '1', [500_000, 20_000]);
  }, START);

  afterAll(async () => {
    await Promise.all(registries.map(registry => registry.stop()));
  });
}

describe.each(KINDS)('%s with %s authentication that recovers', (...kind) => {
  useRegistries(kind);

  it.each([
    ['is busy', atFirst(3, 'GET', /manifests/, answering(429))],
    ['fails inside', atFirst(3, 'HEAD', /manifests/, answering(500))],
    ['cuts the connection', atFirst(2, 'GET', /manifests/, resetting)],
    ['cuts a manifest off', atFirst(1, 'GET', /manifests/, cutOff)],
    ['cuts a blob off', atFirst(1, 'GET', /blobs/, cutOff)],
    ['gives no blob at first', atFirst(2, 'GET', /blobs/, answering(503))],
    ['does not answer in time', atFirst(1, 'GET', /manifests/, () => true)],
    ...(kind[1] === 'token'
      ? ([['forgets its tokens', atFirst(1, 'GET', /blobs/, unauthorized)]] as const)
      : []),
  ])('gives its image although it %s', async (name, fault) => {
    source.faults.push(fault);
    // Only this one waits for it: on a busy machine it would take the attempts that the others need.
    const options = name === 'does not answer in time' ? { idleTimeout: 800 } : {};
    expect(await copy(options)).toBe(image.digest);
    expect(await copied()).toBe(image.digest);
  });

  it.each([
    ['is busy', atFirst(2, 'POST', /uploads/, answering(429))],
    ['fails in the middle of an upload', atFirst(2, 'PUT', /uploads/, answering(502))],
    ['cuts an upload off', atFirst(2, 'PUT', /uploads/, resetting)],
    ['cuts an upload off in its middle', atFirst(1, 'PUT', /uploads/, cutAfter(1))],
    ['does not know the login of an upload any more', atFirst(1, 'PUT', /uploads/, unauthorized)],
    ['fails to take the manifest', atFirst(3, 'PUT', /manifests/, answering(500))],
    ['cuts the connection while tagging', atFirst(1, 'PUT', /manifests\/1/, resetting)],
  ])('takes an image although it %s', async (_case, fault) => {
    target.faults.push(fault);
    await copy();
    expect(await copied()).toBe(image.digest);
  });

  it('is waited for while it makes progress, however slow', async () => {
    source.faults.push(atFirst(FOREVER, 'HEAD', /manifests/, slowly(250, registryOf(0).address)));
    expect(await copy({ idleTimeout: 800 })).toBe(image.digest);
    // A busy answer or a cut would show as a request more than it takes.
    expect(source.seen.filter(({ method, path }) => method === 'HEAD' && path.endsWith('/1'))).not.toEqual(
      [],
    );
  });

  it('is given the time that it asks for', async () => {
    source.faults.push(atFirst(1, 'HEAD', /manifests/, answering(429, { 'retry-after': '1' })));
    const started = performance.now();
    await copy();
    expect(performance.now() - started).toBeGreaterThan(1000);
  });
});

describe.each(KINDS)('%s with %s authentication that does not recover', (...kind) => {
  useRegistries(kind);

  it.each([
    ['is busy for good', 'registry-busy', answering(429, { 'retry-after': '0' })],
    ['fails for good', 'registry-failed', answering(500, {}, '{"errors":[{"code":"UNKNOWN"}]}')],
    ['refuses', 'registry-denied', answering(403, {}, '{"errors":[{"code":"DENIED"}]}')],
    ['forgets every login', 'registry-unauthorized', unauthorized],
    ['cuts every connection', 'registry-unreachable', resetting],
    ['never answers', 'registry-unreachable', () => true],
  ])('is said to, and nothing is tagged, when it %s', async (_case, code, fault) => {
    target.faults.push(atFirst(FOREVER, 'PUT', /./, fault));
    // Long enough for a busy machine, unless it is what the test waits for.
    const idleTimeout = code === 'registry-unreachable' ? 300 : 10_000;
    await expect(copy({ idleTimeout })).rejects.toMatchObject({ code });
    expect(await copied()).toBeUndefined();
  });

  it('is not asked for ever', async () => {
    source.faults.push(atFirst(FOREVER, 'HEAD', /manifests/, answering(503)));
    await expect(copy()).rejects.toMatchObject({ code: 'registry-failed' });
    expect(source.seen.filter(({ method }) => method === 'HEAD')).toHaveLength(4);
  });

  it('is given up when the run is cancelled', async () => {
    const cancelled = new AbortController();
    source.faults.push(
      atFirst(FOREVER, 'GET', /blobs/, () => {
        cancelled.abort();
        return true;
      }),
    );
    await expect(copy({ signal: cancelled.signal })).rejects.toThrow();
    expect(await copied()).toBeUndefined();
  });

  it('is asked with a login that lacks push, and is said to have refused', async () => {
    target.faults.push(atFirst(FOREVER, 'POST', /uploads/, answering(403)));
    const message = expect.stringMatching(/take the blob sha256:[0-9a-f]{64} into copy\/\d+ \(HTTP 403\)/);
    await expect(copy()).rejects.toMatchObject({ code: 'registry-denied', message });
    expect(await copied()).toBeUndefined();
  });
});

describe('what is not what its digest says', () => {
  useRegistries(['distribution 3', 'token']);
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
  useRegistries(['distribution 3', 'token']);
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
