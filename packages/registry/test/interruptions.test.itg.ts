import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { copyImage, parseReference, parseRepository, planTags, retag, writeTags } from '@slipway/registry';
import { START_LIMIT, TEST_LIMIT, useRegistry } from '@slipway/testbed/jest';
import {
  clientFor,
  digestAt,
  pushRandomImage,
  type RegistryProxy,
  startProxy,
} from '@slipway/testkit/registry';

jest.setTimeout(TEST_LIMIT);
const registry = useRegistry();

const SERVICES = ['api', 'web', 'cache'];
let proxy: RegistryProxy;

beforeAll(async () => {
  proxy = await startProxy(registry.address);
  for (const service of SERVICES) await pushRandomImage(registry, `source/${service}`, '1', [100, 200]);
}, START_LIMIT);

afterAll(() => proxy.close());

/** Copies three images into a folder of the registry and tags them, as a build does with ready-made images. */
async function tagAll(folder: string, signal?: AbortSignal): Promise<void> {
  const client = clientFor(registry, [], signal === undefined ? {} : { signal });
  const targets = SERVICES.map(service => parseRepository(`${proxy.address}/${folder}/${service}`));
  const plans = await planTags(client, targets, 'v1');
  const writes = [];
  for (const [index, plan] of plans.entries()) {
    const source = parseReference(`${proxy.address}/source/${SERVICES[index]}:1`);
    writes.push({ ...plan, manifest: await copyImage(client, source, plan.target) });
  }
  await writeTags(client, writes, 'error');
}

const tags = (folder: string) =>
  Promise.all(SERVICES.map(service => digestAt(registry, `${folder}/${service}`, 'v1')));
const sources = () => Promise.all(SERVICES.map(service => digestAt(registry, `source/${service}`, '1')));

/** Stops a run at its request of that number; false if it had fewer. */
async function interruptAt(request: number, folder: string): Promise<boolean> {
  const stop = new AbortController();
  let left = request;
  proxy.faults.push(() => {
    left -= 1;
    if (left === 0) stop.abort();
    return left <= 0;
  });
  const failed = await tagAll(folder, stop.signal).then(
    () => false,
    () => true,
  );
  proxy.faults.length = 0;
  return failed;
}

describe('a run that is interrupted', () => {
  it('at any of its requests ends, run again, as if it had not been', async () => {
    let request = 1;
    while (await interruptAt(request, `stopped-${request}`)) {
      await tagAll(`stopped-${request}`);
      expect(await tags(`stopped-${request}`)).toEqual(await sources());
      request += 1;
    }
    expect(request).toBeGreaterThan(30);
  });

  it('while the tags are written says which images have the tag', async () => {
    const folder = 'half';
    proxy.faults.push((incoming, response) => {
      const isTag = incoming.method === 'PUT' && incoming.url === `/v2/${folder}/web/manifests/v1`;
      if (isTag) response.writeHead(403).end();
      return isTag;
    });
    const attempt = tagAll(folder);
    await expect(attempt).rejects.toMatchObject({
      code: 'tags-incomplete',
      message: expect.stringMatching(/exists in .*"half\/api".*, but not in "half\/web"/),
    });
    proxy.faults.length = 0;
    await tagAll(folder);
    expect(await tags(folder)).toEqual(await sources());
  });
});

describe('behind a proxy', () => {
  it('a registry is reached through it, except one on this machine', async () => {
    const seen: string[] = [];
    const forward = http.createServer((incoming, response) => {
      seen.push(incoming.url ?? '');
      const { pathname, search } = new URL(incoming.url ?? '');
      const url = `http://${registry.address}${pathname}${search}`;
      const outgoing = http.request(url, { method: incoming.method, headers: incoming.headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(outgoing);
    });
    forward.listen(0, '127.0.0.1');
    await new Promise(resolve => forward.once('listening', resolve));
    const environment = { HTTP_PROXY: `http://127.0.0.1:${(forward.address() as AddressInfo).port}` };
    const plainHttpRegistries = ['registry.test:5000'];
    const client = clientFor(registry, [], { environment, plainHttpRegistries });
    const target = { registry: 'registry.test:5000', path: 'source/api', tag: 'proxied' };
    await retag(client, parseReference('registry.test:5000/source/api:1'), target);
    expect(await digestAt(registry, 'source/api', 'proxied')).toBe(
      await digestAt(registry, 'source/api', '1'),
    );
    expect(seen).toHaveLength(4);
    // A registry on this machine is not asked for through a proxy.
    await retag(client, parseReference(`${proxy.address}/source/api:1`), {
      ...target,
      registry: proxy.address,
    });
    expect(seen).toHaveLength(4);
    forward.closeAllConnections();
    forward.close();
  });
});
