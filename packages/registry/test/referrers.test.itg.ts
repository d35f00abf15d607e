import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseReference, parseRepository, retag } from '@slipway/registry';
import type { RunningRegistry } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import {
  clientFor,
  digestAt,
  type OtherRegistry,
  pushManifest,
  pushRandomImage,
  send,
  startReferrersRegistry,
} from '@slipway/testkit/registry';

const testbed = useTestbed({ parts: ['registry'] });

const START = 300_000;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const SIGNATURE = 'application/vnd.example.signature';
let modern: OtherRegistry;
const registries = new Map<string, RunningRegistry>();

beforeAll(async () => {
  registries.set('without', testbed.registry);
  modern = await startReferrersRegistry();
  registries.set('with', modern.registry);
}, START);

afterAll(() => modern.stop());

const registryNamed = (name: string) => registries.get(name) ?? { address: '' };
const tagOf = (digest: string) => digest.replace(':', '-');

/** Something that refers to a manifest, as a client would have pushed it: listed by the API, or by us under the tag. */
async function attach(
  registry: RunningRegistry,
  path: string,
  subject: { mediaType: string; digest: string; size: number },
  text: string,
) {
  const { config } = await configOf(registry, path, subject.digest);
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: SIGNATURE,
    config,
    layers: [],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: { text },
  };
  const pushed = await pushManifest(registry, path, `attached-${text}`, manifest);
  const manifests = [{ ...pushed, artifactType: SIGNATURE, annotations: { text } }];
  if (registry !== registryNamed('with'))
    await pushManifest(registry, path, tagOf(subject.digest), {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests,
    } as never);
  return pushed;
}

async function configOf(registry: RunningRegistry, path: string, digest: string) {
  const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
  const answer = await send(registry, `${path}/manifests/${digest}`, { method: 'GET', headers }, path);
  return (await answer.json()) as { config: { mediaType: string; digest: string; size: number } };
}

/** What the registry lists, by the API or under the tag. */
async function listed(registry: RunningRegistry, path: string, digest: string): Promise<unknown[]> {
  const reference =
    registry === registryNamed('with') ? `${path}/referrers/${digest}` : `${path}/manifests/${tagOf(digest)}`;
  const request = { method: 'GET', headers: { accept: INDEX } };
  const answer = await send(registry, reference, request, path).catch(() => undefined);
  return answer === undefined ? [] : ((await answer.json()) as { manifests: unknown[] }).manifests;
}

/** What a list without the API says of a signature, whatever the registry that it came from lists. */
const described = { artifactType: SIGNATURE, annotations: { text: 'signature' } };

describe.each([
  ['without', 'without'],
  ['without', 'with'],
  ['with', 'without'],
  ['with', 'with'],
])('from a registry %s the referrers API to one %s it', (from, to) => {
  const source = () => registryNamed(from);
  const target = () => registryNamed(to);
  const path = `${from}-${to}/api`;
  const copy = (tag = '1') =>
    retag(clientFor(source(), []), parseReference(`${source().address}/${path}:1`), {
      ...parseRepository(`${target().address}/${path}-copy`),
      tag,
    });

  it('what refers to an image follows it, and what refers to that', async () => {
    const image = await pushRandomImage(source(), path, '1');
    const signature = await attach(source(), path, image, 'signature');
    const countersignature = await attach(source(), path, signature, 'countersignature');
    await copy();
    expect(await listed(target(), `${path}-copy`, image.digest)).toMatchObject([
      { digest: signature.digest, ...(to === 'without' ? described : {}) },
    ]);
    expect(await listed(target(), `${path}-copy`, signature.digest)).toMatchObject([
      { digest: countersignature.digest },
    ]);
    for (const { digest } of [signature, countersignature])
      expect(await digestAt(target(), `${path}-copy`, digest)).toBe(digest);
  });

  it('is listed once, however often it is copied, and comes later if it is made later', async () => {
    const image = await pushRandomImage(source(), `${path}-later`, '1');
    const copyLater = (tag: string) =>
      retag(clientFor(source(), []), parseReference(`${source().address}/${path}-later:1`), {
        ...parseRepository(`${target().address}/${path}-copied-later`),
        tag,
      });
    const found = () => listed(target(), `${path}-copied-later`, image.digest);
    await copyLater('1');
    expect(await found()).toEqual([]);
    const signature = await attach(source(), `${path}-later`, image, 'signature');
    for (const tag of ['2', '3']) {
      await copyLater(tag);
      expect(await found()).toMatchObject([{ digest: signature.digest }]);
    }
  });

  it("cosign's own tags follow too", async () => {
    const { digest } = await pushRandomImage(source(), path, '1');
    const signature = await pushRandomImage(source(), path, `${tagOf(digest)}.sig`);
    await copy('cosign');
    expect(await digestAt(target(), `${path}-copy`, `${tagOf(digest)}.sig`)).toBe(signature.digest);
  });
});

describe('an index', () => {
  it('is followed by the signatures of its images', async () => {
    const registry = registryNamed('without');
    const image = await pushRandomImage(registry, 'index/api', 'a');
    const { mediaType, digest, size } = image;
    await pushManifest(registry, 'index/api', '1', {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ mediaType, digest, size }],
    } as never);
    const signature = await attach(registry, 'index/api', image, 'child');
    const reference = { ...parseRepository(`${registry.address}/index/copy`), tag: '1' };
    await retag(clientFor(registry, []), parseReference(`${registry.address}/index/api:1`), reference);
    expect(await listed(registry, 'index/copy', digest)).toMatchObject([{ digest: signature.digest }]);
  });
});

describe('an image that its list says refers to itself', () => {
  it('is copied, and not for ever', async () => {
    const registry = registryNamed('without');
    const image = await pushRandomImage(registry, 'circle/api', '1');
    await pushManifest(registry, 'circle/api', tagOf(image.digest), {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ mediaType: image.mediaType, digest: image.digest, size: image.size }],
    } as never);
    const reference = { ...parseRepository(`${registry.address}/circle/copy`), tag: '1' };
    await retag(clientFor(registry, []), parseReference(`${registry.address}/circle/api:1`), reference);
    expect(await digestAt(registry, 'circle/copy', '1')).toBe(image.digest);
  });
});
