import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot, Verdict } from '@slipway/core';
import {
  destinationsNotPassed,
  pushSnapshot,
  pushVerdict,
  type RegistryClient,
  readLatestVerdict,
  readPassed,
  readPassedVerdict,
  readSnapshot,
  readVerdict,
  rememberReads,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { clientFor, pushRandomImage, startProxy } from '@slipway/testkit/registry';

const testbed = useTestbed({ parts: ['registry'], registryAuth: 'token' });

const START = 300_000;
let client: RegistryClient;
/** A registry path of its own for each test. */
let registry: string;
const address = () => testbed.registry.address;
const staging = (destination: string) => ({ formation: 'staging', destination });

function snapshot(deploymentTag: string, changes: Partial<Snapshot> = {}): Snapshot {
  const digest = `sha256:${'1'.repeat(64)}`;
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag,
    created: '2026-11-21T02:00:00.000Z',
    gitRevision: 'a'.repeat(40),
    registry,
    images: { api: { name: `${registry}/api`, digest, origin: 'built' } },
    ...changes,
  };
}

function verdict(deploymentTag: string, destination: string, changes: Partial<Verdict> = {}): Verdict {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Verdict',
    verdict: 'succeeded',
    application: 'shop',
    formation: 'staging',
    destination,
    namespace: 'shop',
    deploymentTag,
    started: '2026-11-21T02:00:00.000Z',
    finished: '2026-11-21T02:01:00.000Z',
    summary: 'Everything is ready.',
    objects: [],
    ...changes,
  };
}

beforeAll(async () => {
  client = clientFor(testbed.registry, [address()]);
}, START);

beforeEach(() => {
  registry = `${address()}/${randomUUID()}/shop`;
});

describe('a snapshot', () => {
  it('is read as it was written', async () => {
    const written = snapshot('v1');
    await pushSnapshot(client, written);
    expect(await readSnapshot(client, written, 'v1')).toEqual(written);
  });

  it('can be written again, but not replaced unless asked', async () => {
    await pushSnapshot(client, snapshot('v1'));
    await pushSnapshot(client, snapshot('v1'));
    const other = snapshot('v1', { created: '2026-11-21T03:00:00.000Z' });
    await expect(pushSnapshot(client, other)).rejects.toMatchObject({ code: 'tag-exists' });
    await pushSnapshot(client, other, 'overwrite');
    expect(await readSnapshot(client, other, 'v1')).toEqual(other);
  });

  it('that is not there is said to be missing', async () => {
    await expect(readSnapshot(client, snapshot('v1'), 'v2')).rejects.toMatchObject({
      code: 'snapshot-not-found',
    });
  });

  it('is not an image that has the tag', async () => {
    await pushRandomImage(testbed.registry, `${registry.slice(address().length + 1)}/snapshots`, 'v1');
    await expect(readSnapshot(client, snapshot('v1'), 'v1')).rejects.toMatchObject({
      code: 'snapshot-not-found',
    });
  });

  it.each([
    ['another application', () => snapshot('v1', { application: 'blog' })],
    [
      'an image of another registry',
      () =>
        snapshot('v1', {
          images: { api: { ...snapshot('v1').images['api'], name: 'evil.example/api' } as never },
        }),
    ],
  ])('of %s is refused', async (_case, forged) => {
    await pushSnapshot(client, forged());
    await expect(readSnapshot(client, snapshot('v1'), 'v1')).rejects.toMatchObject({
      code: 'snapshot-foreign',
    });
  });
});

describe('a verdict', () => {
  it('is found under its destination, and a success makes the snapshot the one that passed', async () => {
    const v1 = snapshot('v1');
    await pushSnapshot(client, v1);
    expect(await readPassed(client, v1, staging('main'))).toBeUndefined();
    await pushVerdict(client, v1, verdict('v1', 'main'));
    expect(await readVerdict(client, v1, 'v1', staging('main'))).toEqual(verdict('v1', 'main'));
    expect(await readPassed(client, v1, staging('main'))).toEqual(v1);
    expect(await readPassed(client, v1, staging('second'))).toBeUndefined();
    expect(await destinationsNotPassed(client, v1, 'staging', ['main', 'second'])).toEqual(['second']);
  });

  it('of a failure leaves what passed before', async () => {
    const [v1, v2] = [snapshot('v1'), snapshot('v2')];
    await pushSnapshot(client, v1);
    await pushSnapshot(client, v2);
    await pushVerdict(client, v1, verdict('v1', 'main'));
    await pushVerdict(client, v2, verdict('v2', 'main', { verdict: 'rolled-back' }));
    expect((await readVerdict(client, v2, 'v2', staging('main')))?.verdict).toBe('rolled-back');
    expect(await readPassed(client, v1, staging('main'))).toEqual(v1);
    expect(await destinationsNotPassed(client, v2, 'staging', ['main'])).toEqual(['main']);
  });

  it('says with which commit a snapshot passed', async () => {
    const [v1, with1] = [snapshot('v1'), verdict('v1', 'main', { configRevision: 'a'.repeat(40) })];
    await pushSnapshot(client, v1);
    expect(await readPassedVerdict(client, v1, staging('main'))).toBeUndefined();
    await pushVerdict(client, v1, with1);
    expect(await readPassedVerdict(client, v1, staging('main'))).toEqual({ snapshot: v1, verdict: with1 });
  });

  it('of a failure with a snapshot that had passed leaves the commit of that success unknown', async () => {
    const v1 = snapshot('v1');
    await pushSnapshot(client, v1);
    await pushVerdict(client, v1, verdict('v1', 'main'));
    await pushVerdict(client, v1, verdict('v1', 'main', { verdict: 'failed' }));
    await expect(readPassedVerdict(client, v1, staging('main'))).rejects.toMatchObject({
      code: 'verdict-invalid',
      message: expect.stringContaining('a later run with this snapshot ended as failed'),
    });
  });

  it('costs five requests for each destination, and two for the snapshot that they share', async () => {
    const proxy = await startProxy(address());
    try {
      const names = ['a', 'b', 'c', 'd'];
      registry = `${proxy.address}/${randomUUID()}/shop`;
      const v1 = snapshot('v1');
      const through = clientFor(testbed.registry, [proxy.address]);
      await pushSnapshot(through, v1);
      for (const name of names) await pushVerdict(through, v1, verdict('v1', name));
      proxy.seen.length = 0;
      const reader = rememberReads(through);
      for (const name of names)
        expect((await readPassedVerdict(reader, v1, staging(name)))?.verdict.destination).toBe(name);
      expect(proxy.seen.filter(({ path }) => path.includes('/snapshots/')).length).toBe(5 * names.length + 2);
    } finally {
      await proxy.close();
    }
  });

  it('that was pushed last is found by its destination alone, with the commit and the order of its release', async () => {
    const [v1, v2] = [snapshot('v1'), snapshot('v2')];
    await pushSnapshot(client, v1);
    await pushSnapshot(client, v2);
    expect(await readLatestVerdict(client, v1, staging('main'))).toBeUndefined();
    await pushVerdict(client, v1, verdict('v1', 'main'));
    const known = { configRevision: 'c'.repeat(40), released: '2026-11-21T02:00:00.000Z', release: 2 };
    const failed = verdict('v2', 'main', { ...known, verdict: 'rolled-back', reason: 'a try' });
    await pushVerdict(client, v2, failed);
    expect(await readLatestVerdict(client, v1, staging('main'))).toEqual(failed);
    expect(await readLatestVerdict(client, v1, staging('second'))).toBeUndefined();
    await expect(
      readLatestVerdict(client, { ...v1, application: 'blog' }, staging('main')),
    ).rejects.toMatchObject({ code: 'verdict-invalid' });
  });

  it('is not missing where something else has its tag', async () => {
    const v1 = snapshot('v1');
    await pushSnapshot(client, v1);
    await pushVerdict(client, v1, verdict('v1', 'main'));
    const repository = `${registry.replace(`${address()}/`, '')}/snapshots`;
    await pushRandomImage(testbed.registry, repository, 'verdict.staging.main');
    await expect(readLatestVerdict(client, v1, staging('main'))).rejects.toMatchObject({
      code: 'verdict-invalid',
      message: expect.stringContaining('something else has its tag'),
    });
  });

  it('does not count for a snapshot that took the deployment tag later', async () => {
    const [v1, other] = [snapshot('v1'), snapshot('v1', { created: '2026-11-21T03:00:00.000Z' })];
    await pushSnapshot(client, v1);
    await pushVerdict(client, v1, verdict('v1', 'main'));
    await pushSnapshot(client, other, 'overwrite');
    expect(await destinationsNotPassed(client, other, 'staging', ['main'])).toEqual(['main']);
    await expect(readPassed(client, v1, staging('main'))).rejects.toMatchObject({
      code: 'snapshot-replaced',
    });
  });

  it('on a snapshot that the registry does not have is refused', async () => {
    await pushSnapshot(client, snapshot('v1'));
    const forged = snapshot('v1', { created: '2026-11-21T03:00:00.000Z' });
    const push = pushVerdict(client, forged, verdict('v1', 'main'));
    await expect(push).rejects.toMatchObject({ code: 'snapshot-replaced' });
    expect(await readPassed(client, forged, staging('main'))).toBeUndefined();
  });

  it('on another release, or on no destination, is refused', async () => {
    await pushSnapshot(client, snapshot('v1'));
    for (const changes of [{ deploymentTag: 'v2' }, { application: 'blog' }]) {
      const push = pushVerdict(client, snapshot('v1'), verdict('v1', 'main', changes));
      await expect(push).rejects.toMatchObject({ code: 'verdict-invalid' });
    }
    const { destination: _none, ...nowhere } = verdict('v1', 'main');
    await expect(pushVerdict(client, snapshot('v1'), nowhere)).rejects.toMatchObject({
      code: 'verdict-invalid',
    });
  });

  it('does not replace a snapshot whose deployment tag looks like its own', async () => {
    await pushSnapshot(client, snapshot('v1'));
    await pushSnapshot(client, snapshot('v1.staging.main'));
    const push = pushVerdict(client, snapshot('v1'), verdict('v1', 'main'));
    await expect(push).rejects.toMatchObject({ code: 'verdict-invalid' });
    expect((await readSnapshot(client, snapshot('v1'), 'v1.staging.main')).deploymentTag).toBe(
      'v1.staging.main',
    );
  });
});
