import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  copyImage,
  parseReference,
  parseRepository,
  planTags,
  pushSnapshot,
  type RegistryClient,
  readSnapshot,
  retag,
  writeTags,
} from '@slipway/registry';
import { startTestbed, type Testbed } from '@slipway/testbed';
import {
  clientFor,
  digestAt,
  type OtherRegistry,
  pushManifest,
  pushRandomImage,
  type RegistryProxy,
  startProxy,
  startRegistry,
  startRegistry2,
} from '@slipway/testkit/registry';

const START = 300_000;

describe.each([
  ['distribution 3', 'none'],
  ['distribution 3', 'basic'],
  ['distribution 3', 'token'],
  ["Docker's registry 2.8", 'none'],
  ["Docker's registry 2.8", 'basic'],
  ["Docker's registry 2.8", 'token'],
] as const)('in %s with %s authentication', (kind, registryAuth) => {
  let running: OtherRegistry;
  let proxy: RegistryProxy;
  let client: RegistryClient;
  const registry = () => running.registry;
  const target = (path: string, tag: string) => ({ registry: proxy.address, path, tag });
  const source = (path: string, tag: string) => parseReference(`${proxy.address}/${path}:${tag}`);

  beforeAll(async () => {
    running = await startRegistry(kind, registryAuth);
    proxy = await startProxy(registry().address);
    client = clientFor(registry(), [proxy.address]);
  }, START);

  afterAll(async () => {
    await proxy.close();
    await running.stop();
  });

  it('an image gets another tag in its repository for four requests', async () => {
    const { digest } = await pushRandomImage(registry(), 'same/api', '1');
    await retag(client, source('same/api', '1'), target('same/api', 'warm-up'));
    proxy.seen.length = 0;
    expect(await retag(client, source('same/api', '1'), target('same/api', '2'))).toBe(digest);
    expect(await digestAt(registry(), 'same/api', '2')).toBe(digest);
    expect(proxy.seen.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'PUT', 'HEAD']);
  });

  it('an image gets into another repository without a layer being moved', async () => {
    const { digest, layers } = await pushRandomImage(registry(), 'one/api', '1', [3000, 5000]);
    proxy.seen.length = 0;
    await retag(client, source('one/api', '1'), target('other/api', '1'));
    expect(await digestAt(registry(), 'other/api', '1')).toBe(digest);
    for (const { digest: layer } of layers) {
      expect(proxy.seen).toContainEqual(
        expect.objectContaining({ method: 'POST', path: expect.stringContaining(encodeURIComponent(layer)) }),
      );
      expect(proxy.seen).not.toContainEqual(
        expect.objectContaining({ method: 'GET', path: expect.stringContaining(`blobs/${layer}`) }),
      );
    }
  });

  it('an image that is there already is not copied again', async () => {
    await pushRandomImage(registry(), 'again/api', '1');
    await retag(client, source('again/api', '1'), target('again/copy', '1'));
    proxy.seen.length = 0;
    await retag(client, source('again/api', '1'), target('again/copy', '2'));
    expect(proxy.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('an index is copied with all of its images, byte for byte', async () => {
    const images = [
      await pushRandomImage(registry(), 'index/api', 'a'),
      await pushRandomImage(registry(), 'index/api', 'b'),
    ];
    const index = await pushManifest(registry(), 'index/api', 'both', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: images.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    } as never);
    proxy.seen.length = 0;
    expect(await retag(client, source('index/api', 'both'), target('index/copy', '1'))).toBe(index.digest);
    // What two of its images share is brought once: a blob that moves twice at a time fails in some registries.
    const mounts = proxy.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(mounts).toEqual([...new Set(mounts)]);
    expect(await digestAt(registry(), 'index/copy', '1')).toBe(index.digest);
    for (const { digest } of images) expect(await digestAt(registry(), 'index/copy', digest)).toBe(digest);
  });

  it('a tag that names the image already is a success without a write', async () => {
    await pushRandomImage(registry(), 'done/api', '1');
    proxy.seen.length = 0;
    await retag(client, source('done/api', '1'), target('done/api', '1'));
    expect(proxy.seen.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('a tag that names another image is an error, or moved when asked to', async () => {
    const { digest } = await pushRandomImage(registry(), 'taken/api', '1');
    const taken = await pushRandomImage(registry(), 'taken/api', '2');
    const attempt = retag(client, source('taken/api', '1'), target('taken/api', '2'));
    await expect(attempt).rejects.toMatchObject({ code: 'tag-exists' });
    expect(await digestAt(registry(), 'taken/api', '2')).toBe(taken.digest);
    await retag(client, source('taken/api', '1'), target('taken/api', '2'), 'overwrite');
    expect(await digestAt(registry(), 'taken/api', '2')).toBe(digest);
  });

  it('no tag is written where one of several is taken', async () => {
    const writes = [];
    for (const name of ['api', 'web']) {
      const { digest } = await pushRandomImage(registry(), `all/${name}`, 'old');
      if (name === 'web') await pushRandomImage(registry(), 'all/web', 'new');
      const repository = parseRepository(`${proxy.address}/all/${name}`);
      const manifest = await copyImage(client, { ...repository, digest }, repository);
      for (const plan of await planTags(client, [repository], 'new')) writes.push({ ...plan, manifest });
    }
    await expect(writeTags(client, writes, 'error')).rejects.toMatchObject({ code: 'tag-exists' });
    expect(await digestAt(registry(), 'all/api', 'new')).toBeUndefined();
  });

  it('an image that is not there is said to be missing', async () => {
    const attempt = retag(client, source('nothing/here', '1'), target('nothing/copy', '1'));
    await expect(attempt).rejects.toMatchObject({ code: 'image-not-found' });
  });

  it('something other than an image is refused', async () => {
    const image = await pushRandomImage(registry(), 'chart/api', '1');
    await pushManifest(registry(), 'chart/api', 'chart', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.cncf.helm.config.v1+json',
        digest: image.layers[0]?.digest,
        size: image.layers[0]?.size,
      },
      layers: [],
    } as never);
    const attempt = retag(client, source('chart/api', 'chart'), target('chart/copy', '1'));
    await expect(attempt).rejects.toMatchObject({ code: 'not-an-image' });
  });

  if (registryAuth === 'none') return;

  it('a run without a login, or with a wrong one, is told to log in', async () => {
    const guess = { address: '', username: 'testbed', password: 'guessed' };
    for (const client of [clientFor({ address: '' }, []), clientFor(guess, [proxy.address])]) {
      const attempt = retag(client, source('same/api', '1'), target('same/api', '3'));
      const message = expect.not.stringContaining('guessed');
      await expect(attempt).rejects.toMatchObject({ code: 'registry-unauthorized', message });
    }
  });
});

describe('between registries of two kinds', () => {
  it('an image goes to and fro and stays what it was, and a snapshot is read where it was pushed', async () => {
    const old = await startRegistry2('basic');
    const testbed = await startTestbed({ parts: ['registry'], registryAuth: 'basic' });
    const [from, to] = [old.registry, testbed.registry ?? { address: '' }];
    const { digest } = await pushRandomImage(from, 'shop/api', '1', [700_000, 10]);
    const client = clientFor(from, [from.address, to.address]);
    const there = { registry: to.address, path: 'shop/api', tag: '1' };
    await retag(client, parseReference(`${from.address}/shop/api:1`), there);
    expect(await digestAt(to, 'shop/api', '1')).toBe(digest);
    const back = { registry: from.address, path: 'shop/back', tag: '1' };
    await retag(client, parseReference(`${to.address}/shop/api:1`), back);
    expect(await digestAt(from, 'shop/back', '1')).toBe(digest);
    const registry = `${from.address}/shop`;
    const snapshot = {
      apiVersion: 'slipway.dev/v1',
      kind: 'Snapshot',
      application: 'shop',
      deploymentTag: 'v1',
      created: '2026-11-21T00:00:00.000Z',
      registry,
      images: { api: { name: `${registry}/api`, digest, origin: 'built' } },
    } as const;
    await pushSnapshot(client, snapshot);
    expect(await readSnapshot(client, { registry, application: 'shop' }, 'v1')).toEqual(snapshot);
    await Promise.all([old.stop(), testbed.stop()]);
  });
});

describe('between two registries', () => {
  let testbeds: Testbed[] = [];
  const registryOf = (index: number) => testbeds[index]?.registry ?? { address: '' };

  beforeAll(async () => {
    const start = (registryAuth: 'basic' | 'token') => startTestbed({ parts: ['registry'], registryAuth });
    testbeds = await Promise.all([start('basic'), start('token')]);
  }, START);

  afterAll(async () => {
    await Promise.all(testbeds.map(testbed => testbed.stop()));
  });

  it('an image is streamed, and only what is missing', async () => {
    const [from, to] = [registryOf(0), registryOf(1)];
    const { digest, layers } = await pushRandomImage(from, 'shop/api', '1', [2_000_000, 10, 300_000]);
    const proxy = await startProxy(from.address);
    const client = clientFor(from, [proxy.address, to.address]);
    const source = parseReference(`${proxy.address}/shop/api:1`);
    const copy = { registry: to.address, path: 'shop/api', tag: '1' };
    await retag(client, source, copy);
    expect(await digestAt(to, 'shop/api', '1')).toBe(digest);
    const downloads = () =>
      proxy.seen.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'));
    expect(downloads().length).toBeGreaterThan(layers.length);
    proxy.seen.length = 0;
    await retag(client, source, { ...copy, tag: '2' });
    expect(downloads()).toEqual([]);
    await proxy.close();
  });
});
