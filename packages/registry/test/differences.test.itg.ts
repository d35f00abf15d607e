import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createRegistryClient,
  parseDockerConfig,
  parseReference,
  pushHold,
  pushRemoval,
  pushSnapshot,
  pushVerdict,
  type RegistryClient,
  readLatestVerdict,
  readPassed,
  readPassedVerdict,
  readRemoval,
  readStoredHold,
  readVerdict,
  retag,
  takeBackVerdict,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import {
  always,
  answering,
  atFirst,
  clientFor,
  digestAt,
  existing,
  expiringLogin,
  type Fault,
  IMMUTABLE_TAGS,
  imagesOnly,
  immutableTags,
  pushManifest,
  pushRandomImage,
  quickRetries,
  type RegistryProxy,
  refusing,
  send,
  startProxy,
  withoutMounts,
} from '@slipway/testkit/registry';
import { holdFor, removalAt, snapshotIn, TARGET, verdictOn } from './marks.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

const testbed = useTestbed({ parts: ['registry'] });

let proxy: RegistryProxy;
/** A registry path of its own for each test. */
let path: string;
let image: Awaited<ReturnType<typeof pushRandomImage>>;

const home = () => ({ registry: `${proxy.address}/${path}`, application: 'shop' });
const open = () => clientFor(testbed.registry, [proxy.address]);
const imageAt = (tag: string) => parseReference(`${home().registry}/api:${tag}`);

beforeEach(async () => {
  proxy = await startProxy(testbed.registry.address);
  path = `differences/${randomUUID()}`;
  image = await pushRandomImage(testbed.registry, `${path}/api`, 'built', [5000, 300]);
});

afterEach(() => proxy.close());

const snapshot = (tag: string) => snapshotIn(home().registry, tag);

/** Everything that Slipway does with a registry, and what it must find there afterwards. */
async function goThrough(client: RegistryClient): Promise<void> {
  const copy = { registry: proxy.address, path: `${path}/copy`, tag: 'v1' };
  expect(await retag(client, imageAt('built'), { ...imageAt('v1'), tag: 'v1' })).toBe(image.digest);
  expect(await retag(client, imageAt('built'), copy)).toBe(image.digest);
  await pushSnapshot(client, snapshot('v1'));
  await pushSnapshot(client, snapshot('v2'));
  await goThroughVerdicts(client);
  await goThroughHolds(client);
  await goThroughRemovals(client);
  expect(proxy.seen.filter(({ method }) => method === 'DELETE')).toEqual([]);
}

async function goThroughVerdicts(client: RegistryClient): Promise<void> {
  const steps = [
    ['v1', 'succeeded', 'v1'],
    ['v2', 'failed', 'v1'],
    ['v2', 'succeeded', 'v2'],
    ['v1', 'succeeded', 'v1'],
    ['v1', 'failed', 'v1'],
    ['v2', 'rolled-back', 'v1'],
  ] as const;
  for (const [index, [tag, verdict, passed]] of steps.entries()) {
    const written = verdictOn(tag, verdict, `Run ${index}.`);
    await pushVerdict(client, snapshot(tag), written);
    expect(await readVerdict(client, home(), tag, TARGET)).toEqual(written);
    expect(await readLatestVerdict(client, home(), TARGET)).toEqual(written);
    expect(await readPassed(client, home(), TARGET)).toEqual(snapshot(passed));
  }
  await takeBack(client);
  // The newest verdict on what passed is a failure, which is not one of passing.
  await expect(readPassedVerdict(client, home(), TARGET)).rejects.toMatchObject({ code: 'verdict-invalid' });
}

/** What passed is rolled back by hand, to what had passed before and passes again. */
async function takeBack(client: RegistryClient): Promise<void> {
  await pushVerdict(client, snapshot('v1'), verdictOn('v1', 'succeeded', 'Again.'));
  await pushVerdict(client, snapshot('v2'), verdictOn('v2', 'succeeded', 'Again.'));
  const taken = { undone: snapshot('v2'), restored: snapshot('v1'), summary: 'By hand.' };
  expect(await takeBackVerdict(client, taken, TARGET)).toBe(true);
  expect(await readPassed(client, home(), TARGET)).toEqual(snapshot('v1'));
  expect((await readVerdict(client, home(), 'v2', TARGET))?.verdict).toBe('rolled-back');
  await pushVerdict(client, snapshot('v1'), verdictOn('v1', 'failed', 'At last.'));
}

async function goThroughHolds(client: RegistryClient): Promise<void> {
  for (const hold of [undefined, holdFor('audit'), undefined, holdFor('incident'), undefined]) {
    await pushHold(client, home(), TARGET, hold);
    expect(await readStoredHold(client, home(), TARGET)).toEqual(hold);
  }
}

async function goThroughRemovals(client: RegistryClient): Promise<void> {
  expect(await readRemoval(client, home(), TARGET)).toBeUndefined();
  for (const removed of ['2026-11-21T03:00:00.000Z', '2026-11-22T03:00:00.000Z']) {
    await pushRemoval(client, home(), removalAt(removed));
    expect(await readRemoval(client, home(), TARGET)).toEqual(removalAt(removed));
  }
}

const busy = { status: 429, code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.' };

describe('all that is done with a registry is done with one', () => {
  it.each<[string, () => readonly Fault[]]>([
    ['that has no difference', () => []],
    ...Object.entries(IMMUTABLE_TAGS).map(([name, error]): [string, () => Fault[]] => [
      `whose tags may not be moved, as ${name} says it`,
      () => [immutableTags(error)],
    ]),
    ['that mounts nothing', () => [withoutMounts]],
    [
      'that deletes nothing',
      () => [always('DELETE', /./, refusing({ status: 405, code: 'UNSUPPORTED', message: '' }))],
    ],
    [
      'that is too busy at first, and says for how long',
      () => [
        atFirst(2, 'GET', /manifests/, refusing(busy, { 'retry-after': '1' })),
        atFirst(2, 'PUT', /manifests/, refusing(busy)),
      ],
    ],
  ])('%s', async (_name, faults) => {
    proxy.faults.push(...faults());
    await goThrough(open());
  });

  it.each([
    ['an unauthorized request', { status: 401, code: 'UNAUTHORIZED', message: 'authentication required' }],
    [
      'a denied one, as Amazon ECR does',
      { status: 403, code: 'DENIED', message: 'Your authorization token has expired.' },
    ],
  ])('whose login expires in mid-run, and is refused as %s', async (_name, expired) => {
    let asked = 0;
    const requestsForEach = 40;
    proxy.faults.push(expiringLogin(requestsForEach, expired, number => `secret-${number}`));
    const client = createRegistryClient({
      dockerConfig: parseDockerConfig(
        JSON.stringify({ credHelpers: { [proxy.address]: 'ecr-login' } }),
        'config.json',
      ),
      exec: async () => {
        asked += 1;
        const stdout = JSON.stringify({ Username: 'AWS', Secret: `secret-${asked}` });
        return { exitCode: 0, stdout, stderr: '' };
      },
      retryPolicy: quickRetries,
    });
    await goThrough(client);
    expect(asked).toBeGreaterThan(3);
  });
});

describe('an image takes its signature along', () => {
  it('where the list of what refers to it is an address that refuses', async () => {
    const website = await startProxy(testbed.registry.address);
    website.faults.push(answering(429, { 'retry-after': '3600' }));
    const location = `http://${website.address}/-/v2/packages`;
    proxy.faults.push(always('GET', /referrers/, answering(303, { location })));
    const signature = await pushTaggedSignature();
    await retag(open(), imageAt('built'), { registry: proxy.address, path: `${path}/copy`, tag: 'v1' });
    expect(await digestAt(testbed.registry, `${path}/copy`, signature)).toBe(signature);
    expect(website.seen.length).toBeGreaterThan(0);
    expect(website.seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    await website.close();
  });

  it('where the registry answers with an empty list although a tag has one', async () => {
    const empty = { schemaVersion: 2, mediaType: INDEX, manifests: [] };
    proxy.faults.push(
      always('GET', /referrers/, answering(200, { 'content-type': INDEX }, JSON.stringify(empty))),
    );
    const signature = await pushTaggedSignature();
    await retag(open(), imageAt('built'), { registry: proxy.address, path: `${path}/copy`, tag: 'v1' });
    expect(await digestAt(testbed.registry, `${path}/copy`, signature)).toBe(signature);
  });
});

it('the platforms of an image are not what refers to it, where the tag of that list is taken for the digest', async () => {
  const multi = await pushManifest(testbed.registry, `${path}/api`, 'multi', {
    ...{ schemaVersion: 2, mediaType: INDEX },
    manifests: [described(image)],
  } as never);
  const own = { method: 'GET', headers: { accept: INDEX } };
  const asDigest = await send(testbed.registry, `${path}/api/manifests/${multi.digest}`, own, `${path}/api`);
  const tag = multi.digest.replace(':', '-');
  const headers = { 'content-type': INDEX, 'docker-content-digest': multi.digest };
  proxy.faults.push(always('GET', /referrers/, answering(404)));
  proxy.faults.push(
    always('GET', new RegExp(`api/manifests/${tag}$`), answering(200, headers, await asDigest.text())),
  );
  await retag(open(), imageAt('multi'), { registry: proxy.address, path: `${path}/copy`, tag: 'v1' });
  const written = proxy.seen.filter(({ method }) => method === 'PUT').map(request => request.path);
  expect(written.filter(target => target.includes('/sha256-'))).toEqual([]);
  expect(await digestAt(testbed.registry, `${path}/copy`, image.digest)).toBe(image.digest);
});

/** A signature that only the tag of the image lists. @returns its digest */
async function pushTaggedSignature(): Promise<string> {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...image.layers[0] };
  const { digest } = await pushManifest(testbed.registry, `${path}/api`, 'signature', {
    ...{ schemaVersion: 2, mediaType, artifactType: 'application/vnd.example.signature' },
    ...{ config, layers: [], subject: described(image) },
  } as never);
  await pushManifest(testbed.registry, `${path}/api`, image.digest.replace(':', '-'), {
    ...{ schemaVersion: 2, mediaType: INDEX },
    manifests: [{ mediaType, digest, size: 1 }],
  } as never);
  return digest;
}

const described = ({ mediaType, digest, size }: typeof image) => ({ mediaType, digest, size });

describe('a registry refuses, and one sentence says what to do about', () => {
  const refused: [string, () => Fault, (client: RegistryClient) => Promise<unknown>, string, RegExp][] = [
    [
      'a repository that does not exist',
      () => existing([`${path}/api`]),
      client => pushSnapshot(client, snapshot('v1')),
      'repository-missing',
      /snapshots.*NAME_UNKNOWN.*create the repository/,
    ],
    [
      'a kind of artifact that it does not take',
      () => imagesOnly({ status: 415, code: 'MANIFEST_INVALID', message: 'unknown media type' }),
      client => pushSnapshot(client, snapshot('v1')),
      'manifest-refused',
      /MANIFEST_INVALID.*unknown media type.*OCI artifacts/,
    ],
    [
      'a limit that lasts',
      () => always('GET', /manifests/, refusing(busy, { 'retry-after': '0' })),
      client => readPassed(client, home(), TARGET),
      'registry-busy',
      /429.*later/,
    ],
    [
      'a limit of Docker Hub that lasts for longer than it is worth to wait',
      () =>
        always(
          'GET',
          /manifests/,
          refusing(busy, {
            ...{
              'retry-after': '1800',
              'ratelimit-limit': '100;w=21600',
              'ratelimit-remaining': '0;w=21600',
            },
          }),
        ),
      async client => {
        const seen = readPassed(client, home(), TARGET);
        await seen.catch(() => undefined);
        expect(proxy.seen.filter(({ method }) => method === 'GET')).toHaveLength(1);
        await seen;
      },
      'registry-busy',
      /You have reached your pull rate limit.*100 in 6 h.*again in 30 min 0 s, or log in/,
    ],
    [
      'a list of tags that this login may not have',
      () => always('GET', /tags\/list/, refusing({ status: 403, code: 'DENIED', message: '' })),
      client => readStoredHold(client, home(), TARGET),
      'registry-denied',
      /list the tags/,
    ],
    [
      'a deployment tag that may not be overwritten',
      () => immutableTags(IMMUTABLE_TAGS['Amazon ECR']),
      async client => {
        await pushSnapshot(client, snapshot('v1'));
        await pushSnapshot(client, { ...snapshot('v1'), gitRevision: 'b'.repeat(40) }, 'overwrite');
      },
      'tag-immutable',
      /snapshots:v1.*choose another deployment-tag/,
    ],
  ];
  it.each(refused)('%s', async (_name, fault, act, code, sentence) => {
    proxy.faults.push(fault());
    await expect(act(open())).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
  });

  it('a login that expired and that no helper renews', async () => {
    const expired = { status: 401, code: 'UNAUTHORIZED', message: 'authentication required' };
    proxy.faults.push(expiringLogin(5, expired, number => `secret-${number}`));
    const auths = { [proxy.address]: { username: 'AWS', password: 'secret-1' } };
    const dockerConfig = parseDockerConfig(JSON.stringify({ auths }), 'config.json');
    const client = createRegistryClient({ dockerConfig, retryPolicy: quickRetries });
    await expect(goThrough(client)).rejects.toMatchObject({
      code: 'registry-unauthorized',
      message: expect.stringContaining('expires within hours'),
    });
  });
});
