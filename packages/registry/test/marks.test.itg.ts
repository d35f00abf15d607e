import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  pushHold,
  pushSnapshot,
  pushVerdict,
  type RegistryClient,
  readSnapshot,
  readStoredHold,
  readVerdict,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import {
  answering,
  clientFor,
  type Fault,
  IMMUTABLE_TAGS,
  immutableTags,
  pushRandomImage,
  type RegistryProxy,
  send,
  startProxy,
} from '@slipway/testkit/registry';
import { holdFor, snapshotIn, TARGET, verdictOn } from './marks.ts';

const testbed = useTestbed({ parts: ['registry'] });

const MARK = 'hold.staging.main';
let proxy: RegistryProxy;
let client: RegistryClient;
let path: string;

const home = () => ({ registry: `${proxy.address}/${path}`, application: 'shop' });
const hold = (reason: string) => pushHold(client, home(), TARGET, holdFor(reason));
const read = async () => (await readStoredHold(client, home(), TARGET))?.reason;

beforeEach(async () => {
  proxy = await startProxy(testbed.registry.address);
  client = clientFor(testbed.registry, [proxy.address]);
  path = `marks/${randomUUID()}`;
});

afterEach(() => proxy.close());

const forbidMoves = () => proxy.faults.push(immutableTags(IMMUTABLE_TAGS['Amazon ECR']));

async function tags(): Promise<string[]> {
  const answer = await send(testbed.registry, `${path}/snapshots/tags/list`, { method: 'GET' }, path);
  const { tags } = (await answer.json()) as { tags: string[] };
  return tags.filter(tag => tag.startsWith(MARK)).toSorted();
}

async function remove(tag: string): Promise<void> {
  await send({ address: proxy.address }, `${path}/snapshots/manifests/${tag}`, { method: 'DELETE' }, path);
}

it('a tag that may be moved is moved, and there is no other', async () => {
  for (const reason of ['a', 'b', 'c']) await hold(reason);
  expect(await read()).toBe('c');
  expect(await tags()).toEqual([MARK]);
});

it('what a tag names already is not written again', async () => {
  forbidMoves();
  await hold('a');
  await hold('a');
  expect(await tags()).toEqual([MARK]);
});

it('a tag that may not be moved goes on under numbers, and the log says so', async () => {
  const said: string[] = [];
  const info = (text: string) => void said.push(text);
  client = clientFor(testbed.registry, [proxy.address], { logger: { ...client.logger, info } });
  forbidMoves();
  for (let number = 1; number <= 11; number++) await hold(`${number}`);
  expect(await read()).toBe('11');
  expect(await tags()).toHaveLength(11);
  expect(said.at(-1)).toMatch(/does not let .*:hold\.staging\.main be moved.*:hold\.staging\.main_11/);
});

it('goes on under numbers even if tags may be moved again, so that no old one is the newest', async () => {
  forbidMoves();
  for (const reason of ['a', 'b', 'c']) await hold(reason);
  proxy.faults.length = 0;
  await hold('d');
  expect(await read()).toBe('d');
  expect(await tags()).toEqual([MARK, `${MARK}_2`, `${MARK}_3`, `${MARK}_4`]);
});

it('several runs that write at once all write, each under a number of its own', async () => {
  forbidMoves();
  const reasons = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(reasons.map(hold));
  expect(await tags()).toHaveLength(reasons.length);
  expect(reasons).toContain(await read());
  await hold('last');
  expect(await read()).toBe('last');
});

it.each([
  ['the first', [MARK]],
  ['the first and the second', [MARK, `${MARK}_2`]],
  ['all but the newest', [MARK, `${MARK}_2`, `${MARK}_3`]],
  ['one in the middle', [`${MARK}_3`]],
])(
  'the newest is found, and the next one written after it, where %s of the tags was removed',
  async (_name, removed) => {
    forbidMoves();
    for (const reason of ['a', 'b', 'c', 'd']) await hold(reason);
    for (const tag of removed) await remove(tag);
    expect(await read()).toBe('d');
    await hold('e');
    expect(await tags()).toEqual(expect.arrayContaining([`${MARK}_2`, `${MARK}_5`]));
    expect(await read()).toBe('e');
  },
);

it('the newest is found where the list of tags does not have it yet', async () => {
  forbidMoves();
  for (const reason of ['a', 'b', 'c']) await hold(reason);
  const old = JSON.stringify({ name: path, tags: [MARK] });
  proxy.faults.push(onList(answering(200, { 'content-type': 'application/json' }, old)));
  expect(await read()).toBe('c');
});

it('is not known where the list of tags cannot be read', async () => {
  forbidMoves();
  for (const reason of ['a', 'b']) await hold(reason);
  proxy.faults.push(onList(answering(403)));
  await expect(read()).rejects.toMatchObject({ code: 'registry-denied' });
});

const listing = (tags: readonly string[]): Fault =>
  onList(
    answering(
      200,
      { 'content-type': 'application/json' },
      JSON.stringify({ name: `${path}/snapshots`, tags }),
    ),
  );

it.each<[string, readonly string[], readonly string[]]>([
  ['names a number that does not exist', ['a', 'b'], [MARK, `${MARK}_2`, `${MARK}_7`]],
  ['names a number that does not exist, of a mark without any', [], [`${MARK}_7`]],
  ['names the first, which does not exist', [], [MARK]],
  ['is empty, although there are numbers', ['a', 'b'], []],
])(
  'is not known, instead of something older or nothing, where the list of tags %s',
  async (_, reasons, tags) => {
    forbidMoves();
    for (const reason of reasons) await hold(reason);
    proxy.faults.push(listing(tags));
    await expect(read()).rejects.toMatchObject({ code: 'mark-inconsistent' });
  },
);

it('the newest is found in a list of 120,000 tags that comes as one page', async () => {
  forbidMoves();
  for (const reason of ['a', 'b', 'c']) await hold(reason);
  const others = Array.from({ length: 120_000 }, (_, index) => `v${index}`);
  proxy.faults.push(listing([...others, MARK, `${MARK}_2`, `${MARK}_3`]));
  expect(await read()).toBe('c');
});

it('a number that someone pushed to be the last is reported, and nothing is written', async () => {
  forbidMoves();
  for (const reason of ['a', 'b']) await hold(reason);
  await pushRandomImage(testbed.registry, `${path}/snapshots`, `${MARK}_999999`);
  await expect(hold('c')).rejects.toMatchObject({ code: 'mark-unwritable' });
  await expect(read()).rejects.toMatchObject({ code: 'stored-hold-invalid' });
});

it('a login that may not write at all is told that, and not that tags may not be moved', async () => {
  await hold('a');
  proxy.faults.push(
    (request, response) =>
      request.method === 'PUT' && /manifests/.test(request.url ?? '') && answering(403)(request, response),
  );
  await expect(hold('b')).rejects.toMatchObject({ code: 'registry-denied' });
  expect(await read()).toBe('a');
});

it('costs one request more to read where tags are moved, and the list of tags where they are not', async () => {
  await hold('a');
  expect(await requestsOf(read)).toEqual(['HEAD manifests', 'GET manifests', 'GET blobs']);
  forbidMoves();
  for (let number = 0; number < 1100; number += 100) await pushSnapshots(number, 100);
  for (const reason of ['b', 'c']) await hold(reason);
  await hold('d');
  expect(await requestsOf(read)).toEqual([
    'HEAD manifests',
    'GET tags',
    'GET tags',
    'HEAD manifests',
    'GET manifests',
    'GET blobs',
  ]);
});

describe('a snapshot whose deployment tag looks like a number of a verdict on another one', () => {
  const LOOK_ALIKE = `v1.${TARGET.formation}.${TARGET.destination}_2`;
  const snapshot = (tag: string) => snapshotIn(home().registry, tag);
  const verdict = () => readVerdict(client, home(), 'v1', TARGET);
  const verify = async (result: 'succeeded' | 'failed') => {
    await pushVerdict(client, snapshot('v1'), verdictOn('v1', result));
    expect(await verdict()).toMatchObject({ verdict: result });
  };

  it.each([
    ['that is pushed before the verdicts', ['snapshot', 'succeeded', 'failed', 'succeeded']],
    ['that is pushed between the verdicts', ['succeeded', 'snapshot', 'failed', 'succeeded']],
    ['that is pushed after the verdict', ['succeeded', 'snapshot']],
  ] as const)('%s is not taken for one of them, and keeps its tag', async (_name, steps) => {
    for (const faults of [[], [immutableTags(IMMUTABLE_TAGS['Amazon ECR'])]]) {
      proxy.faults.splice(0, Number.POSITIVE_INFINITY, ...faults);
      path = `marks/${randomUUID()}`;
      await pushSnapshot(client, snapshot('v1'));
      for (const step of steps)
        await (step === 'snapshot' ? pushSnapshot(client, snapshot(LOOK_ALIKE)) : verify(step));
      expect(await verdict()).toMatchObject({ verdict: 'succeeded' });
      expect(await readSnapshot(client, home(), LOOK_ALIKE)).toEqual(snapshot(LOOK_ALIKE));
      expect(await readVerdict(client, home(), LOOK_ALIKE, TARGET)).toBeUndefined();
    }
  });
});

const onList =
  (answer: Fault): Fault =>
  (request, response) =>
    /tags\/list/.test(request.url ?? '') && answer(request, response);

async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  proxy.seen.length = 0;
  await work();
  return proxy.seen.map(
    ({ method, path }) => `${method} ${/\/(manifests|tags|blobs)\//.exec(path)?.[1] ?? path}`,
  );
}

/** Tags that are not the mark's: one snapshot under many of them. */
async function pushSnapshots(from: number, count: number): Promise<void> {
  const manifest = await pushSnapshot(client, snapshotIn(home().registry, `first${from}`));
  const headers = { 'content-type': manifest.mediaType };
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      send(
        testbed.registry,
        `${path}/snapshots/manifests/v${from + index}`,
        { method: 'PUT', headers, body: manifest.bytes },
        path,
      ),
    ),
  );
}
