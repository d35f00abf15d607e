import type http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyImage, parseReference, type RegistryClientOptions } from '@slipway/registry';
import { START_LIMIT } from '@slipway/testbed/jest';
import {
  answering,
  atFirst,
  clientFor,
  cutAfter,
  digestAt,
  type OtherRegistry,
  pushRandomImage,
  REGISTRY_KINDS,
  type RegistryProxy,
  receipt,
  startProxy,
  startRegistry,
} from '@slipway/testkit/registry';
import { startKeepingRegistry } from './keeping-registry.ts';

const CHUNK = 100_000;
const LAYER = 450_000;
let source: OtherRegistry;
let image: Awaited<ReturnType<typeof pushRandomImage>>;
let from: RegistryProxy;
let count = 0;

beforeAll(async () => {
  source = await startRegistry('distribution 3', 'none');
  image = await pushRandomImage(source.registry, 'large/api', '1', [LAYER]);
  from = await startProxy(source.registry.address);
}, START_LIMIT);

beforeEach(() => {
  count += 1;
  from.faults.length = 0;
  from.seen.length = 0;
  from.corrupt = undefined;
});

afterAll(async () => {
  await from.close();
  await source.stop();
});

async function copyTo(
  address: string,
  options: RegistryClientOptions = {},
  login = source.registry,
): Promise<void> {
  const client = clientFor(login, [address], { chunkBytes: CHUNK, ...options });
  const target = { registry: address, path: `copy/${count}` };
  await copyImage(client, parseReference(`${from.address}/large/api:1`), target);
}

const pieces = ({ seen }: Pick<RegistryProxy, 'seen'>) =>
  seen.filter(({ method }) => method === 'PATCH').map(({ range }) => range);
const requests = ({ seen }: Pick<RegistryProxy, 'seen'>, method: string, path: RegExp) =>
  seen.filter(request => request.method === method && path.test(request.path));
const WHOLE = ['0-99999', '100000-199999', '200000-299999', '300000-399999', '400000-449999'];

describe.each(REGISTRY_KINDS)('a blob of several pieces into %s', kind => {
  let running: OtherRegistry;
  let target: RegistryProxy;
  const copied = () => digestAt(running.registry, `copy/${count}`, image.digest);
  const copy = (options?: RegistryClientOptions) => copyTo(target.address, options, running.registry);

  beforeAll(async () => {
    running = await startRegistry(kind, 'token');
    target = await startProxy(running.registry.address);
  }, START_LIMIT);

  beforeEach(() => {
    target.faults.length = 0;
    target.seen.length = 0;
    target.added = {};
  });

  afterAll(async () => {
    await target.close();
    await running.stop();
  });

  it('is sent one after the other', async () => {
    await copy();
    expect(pieces(target)).toEqual(WHOLE);
    expect(await copied()).toBe(image.digest);
  });

  it('goes on where it was when the registry fails between two of them', async () => {
    let patches = 0;
    target.faults.push((request, response) => {
      if (request.method === 'PATCH') patches += 1;
      return request.method === 'PATCH' && patches === 3 && answering(503)(request, response);
    });
    await copy();
    expect(pieces(target)).toEqual([...WHOLE.slice(0, 3), ...WHOLE.slice(2)]);
    expect(requests(target, 'GET', /uploads/)).toHaveLength(1);
    // Only what the digest needs is fetched twice from the source.
    expect(requests(from, 'GET', /blobs/).flatMap(({ range }) => range ?? [])).toEqual(['bytes=200000-']);
    expect(await copied()).toBe(image.digest);
  });

  it('starts again if the registry forgot it', async () => {
    target.faults.push(atFirst(1, 'PATCH', /uploads/, cutAfter(50_000)));
    target.faults.push(atFirst(1, 'GET', /uploads/, answering(404)));
    await copy();
    expect(pieces(target)).toEqual([WHOLE[0], ...WHOLE]);
    expect(await copied()).toBe(image.digest);
  });

  it('goes on when its login runs out', async () => {
    const challenge = await fetch(`http://${running.registry.address}/v2/`);
    const headers = { 'www-authenticate': challenge.headers.get('www-authenticate') ?? '' };
    target.faults.push(atFirst(1, 'PATCH', /uploads/, answering(401, headers)));
    await copy();
    expect(pieces(target)).toEqual([WHOLE[0], ...WHOLE]);
    expect(await copied()).toBe(image.digest);
  });

  it('is as large as the registry wants it', async () => {
    target.added = { 'oci-chunk-min-length': '300000' };
    await copy();
    expect(pieces(target)).toEqual(['0-299999', '300000-449999']);
    expect(await copied()).toBe(image.digest);
  });

  it.each([405, 416])('is sent as a whole where the registry takes no pieces (%d)', async status => {
    target.faults.push(atFirst(1, 'PATCH', /uploads/, answering(status)));
    await copy();
    expect(pieces(target)).toEqual([WHOLE[0]]);
    expect(await copied()).toBe(image.digest);
  });

  it('is there although the answer that says so was lost', async () => {
    const layer = new RegExp(encodeURIComponent(image.layers[0]?.digest ?? ''));
    target.faults.push(
      atFirst(1, 'PUT', layer, request => {
        // The registry gets it; the client hears nothing.
        const { authorization = '' } = request.headers;
        const url = `http://${running.registry.address}${request.url}`;
        fetch(url, { method: 'PUT', headers: { authorization } }).finally(() =>
          request.socket.resetAndDestroy(),
        );
        return true;
      }),
    );
    await copy();
    expect(await copied()).toBe(image.digest);
  });

  it('is refused when the source is not what its digest says', async () => {
    from.corrupt = (path, chunk) =>
      path.includes(image.layers[0]?.digest ?? '') ? Buffer.from(chunk.map(byte => byte ^ 1)) : chunk;
    await expect(copy()).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await copied()).toBeUndefined();
  });

  it('does not start again if the source breaks off', async () => {
    const layer = new RegExp(image.layers[0]?.digest ?? '');
    const arrived = receipt(150_000, 'PATCH', /uploads/);
    target.faults.push(arrived.watch);
    from.faults.push(atFirst(1, 'GET', layer, cutOff(150_000, source.registry.address, arrived.done)));
    await copy();
    expect(pieces(target)).toEqual(WHOLE);
    expect(requests(from, 'GET', /blobs/).flatMap(({ range }) => range ?? [])).toEqual(['bytes=150000-']);
    expect(await copied()).toBe(image.digest);
  });
});

/**
 * Gives the first bytes of what a registry has, and cuts once they have come where they go. A client that had not read them all
 * by then would rightly ask for more of them again, so a cut after a fixed time would measure how fast it reads.
 */
const cutOff =
  (bytes: number, registry: string, arrived: Promise<void>) =>
  (request: http.IncomingMessage, response: http.ServerResponse): boolean => {
    fetch(`http://${registry}${request.url}`)
      .then(async answer => Buffer.from(await answer.arrayBuffer()))
      .then(async content => {
        response.writeHead(200, { 'content-length': String(content.length) });
        response.write(content.subarray(0, bytes));
        await arrived;
        response.destroy();
      });
    return true;
  };

describe('a registry that keeps what it has', () => {
  it('gets the rest of a piece that was cut in its middle', async () => {
    const registry = await startKeepingRegistry(130_000);
    await copyTo(registry.address).finally(() => registry.stop());
    const { seen, blobs } = registry;
    const layer = image.layers[0]?.digest ?? '';
    expect(blobs.has(layer)).toBe(true);
    expect(pieces({ seen })).toEqual([
      ...['0-99999', '100000-199999'],
      ...['130000-229999', '230000-329999', '330000-429999', '430000-449999'],
    ]);
  });
});
