import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Hold, parseRecordKeys, type Snapshot, type Verdict } from '@slipway/core';
import {
  destinationsNotPassed,
  pushHold,
  pushSnapshot,
  pushVerdict,
  type RegistryClient,
  readPassed,
  readSnapshot,
  readStoredHold,
  readVerdict,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { clientFor, send } from '@slipway/testkit/registry';

const testbed = useTestbed({ parts: ['registry'] });

const OLD_KEY = 'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const NEW_KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';

/** A registry path of its own for each test. */
let registry: string;

beforeEach(() => {
  registry = `${testbed.registry.address}/${randomUUID()}/shop`;
});

function client(...keys: string[]): RegistryClient {
  return clientFor(testbed.registry, [], { recordKeys: parseRecordKeys(keys.join('\n')) });
}

function snapshot(deploymentTag: string): Snapshot {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag,
    created: '2026-11-21T02:00:00.000Z',
    registry,
    images: { api: { name: `${registry}/api`, digest: `sha256:${'1'.repeat(64)}`, origin: 'built' } },
  };
}

const MAIN = { formation: 'staging', destination: 'main' };

function verdict(deploymentTag: string, changes: Partial<Verdict> = {}): Verdict {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Verdict',
    verdict: 'succeeded',
    application: 'shop',
    ...MAIN,
    namespace: 'shop',
    deploymentTag,
    started: '2026-11-21T02:00:00.000Z',
    finished: '2026-11-21T02:01:00.000Z',
    summary: 'Everything is ready.',
    objects: [],
    ...changes,
  };
}

/** Someone who can push and has no key moves another tag to what one tag names. */
async function moveTag(from: string, to: string): Promise<void> {
  const own = testbed.registry;
  const repository = `${registry.slice(registry.indexOf('/') + 1)}/snapshots`;
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const found = await send(
    own,
    `${repository}/manifests/${from}`,
    { method: 'GET', headers: { accept } },
    repository,
  );
  const body = Buffer.from(await found.arrayBuffer());
  const headers = { 'content-type': accept };
  await send(own, `${repository}/manifests/${to}`, { method: 'PUT', headers, body }, repository);
}

const unverified = { code: 'artifact-unverified' };

describe('with a record-key', () => {
  it('snapshots, verdicts and marks are written and read', async () => {
    const signed = client(NEW_KEY);
    await pushSnapshot(signed, snapshot('v1'));
    await pushVerdict(signed, snapshot('v1'), verdict('v1'));
    expect(await readSnapshot(signed, snapshot('v1'), 'v1')).toEqual(snapshot('v1'));
    expect(await readPassed(signed, snapshot('v1'), MAIN)).toEqual(snapshot('v1'));
    expect(await destinationsNotPassed(signed, snapshot('v1'), 'staging', ['main'])).toEqual([]);
  });

  it('writing again writes the same', async () => {
    await pushSnapshot(client(NEW_KEY), snapshot('v1'));
    await pushSnapshot(client(NEW_KEY), snapshot('v1'));
    expect(await readSnapshot(client(), snapshot('v1'), 'v1')).toEqual(snapshot('v1'));
  });

  it('a snapshot that was pushed without it is refused, and one with another key', async () => {
    await pushSnapshot(client(), snapshot('v1'));
    await pushSnapshot(client(OLD_KEY), snapshot('v2'));
    for (const tag of ['v1', 'v2'])
      await expect(readSnapshot(client(NEW_KEY), snapshot(tag), tag)).rejects.toMatchObject(unverified);
    await expect(readSnapshot(client(NEW_KEY), snapshot('v1'), 'v1')).rejects.toThrow(
      /has no MAC; build and verify again with record-key set/,
    );
    await expect(readSnapshot(client(NEW_KEY), snapshot('v2'), 'v2')).rejects.toThrow(
      /no key of record-key made/,
    );
  });

  it('a verdict that was pushed without it counts for nothing', async () => {
    await pushSnapshot(client(NEW_KEY), snapshot('v1'));
    await pushVerdict(client(), snapshot('v1'), verdict('v1'));
    const signed = client(NEW_KEY);
    await expect(readVerdict(signed, snapshot('v1'), 'v1', MAIN)).rejects.toMatchObject(unverified);
    await expect(readPassed(signed, snapshot('v1'), MAIN)).rejects.toMatchObject(unverified);
    await expect(destinationsNotPassed(signed, snapshot('v1'), 'staging', ['main'])).rejects.toMatchObject(
      unverified,
    );
  });

  it('a mark that was moved to a snapshot that never passed is refused', async () => {
    const signed = client(NEW_KEY);
    await pushSnapshot(signed, snapshot('v1'));
    await pushSnapshot(signed, snapshot('v2'));
    await pushVerdict(signed, snapshot('v1'), verdict('v1'));
    await pushVerdict(signed, snapshot('v2'), verdict('v2', { verdict: 'failed' }));
    await moveTag('v2', 'passed.staging.main');
    expect(await readPassed(client(), snapshot('v2'), MAIN)).toEqual(snapshot('v2'));
    await expect(readPassed(signed, snapshot('v2'), MAIN)).rejects.toMatchObject(unverified);
    await expect(readPassed(signed, snapshot('v2'), MAIN)).rejects.toThrow(
      /says that its snapshot passed, but no verdict .* does; verify the release again/,
    );
  });

  it("another snapshot's verdict, and another destination's, do not stand in for the missing one", async () => {
    const signed = client(NEW_KEY);
    await pushSnapshot(signed, snapshot('v1'));
    await pushSnapshot(signed, snapshot('v2'));
    await pushVerdict(signed, snapshot('v1'), verdict('v1'));
    await moveTag('v1.staging.main', 'v2.staging.main');
    await moveTag('v1.staging.main', 'v1.staging.eu');
    expect(await destinationsNotPassed(signed, snapshot('v2'), 'staging', ['main'])).toEqual(['main']);
    await expect(destinationsNotPassed(signed, snapshot('v1'), 'staging', ['eu'])).rejects.toMatchObject({
      code: 'verdict-invalid',
    });
  });

  it('keys are replaced: what the old one signed is taken while it is a further line', async () => {
    await pushSnapshot(client(OLD_KEY), snapshot('v1'));
    await pushVerdict(client(OLD_KEY), snapshot('v1'), verdict('v1'));
    expect(await readPassed(client(NEW_KEY, OLD_KEY), snapshot('v1'), MAIN)).toEqual(snapshot('v1'));
    await expect(readPassed(client(NEW_KEY), snapshot('v1'), MAIN)).rejects.toMatchObject(unverified);
  });

  it('what was written before there was one is taken where a line says so', async () => {
    await pushSnapshot(client(), snapshot('v1'));
    await pushVerdict(client(), snapshot('v1'), verdict('v1'));
    const lenient = client(NEW_KEY, 'accept-unsigned');
    expect(await readPassed(lenient, snapshot('v1'), MAIN)).toEqual(snapshot('v1'));
  });
});

describe('a hold that the registry keeps', () => {
  const hold: Hold = { by: 'alice', reason: 'audit', since: '2026-11-30T09:00:00.000Z' };
  const home = () => ({ registry, application: 'shop' });

  it('is read until it is lifted, for its own destination only', async () => {
    const signed = client(NEW_KEY);
    expect(await readStoredHold(signed, home(), MAIN)).toBeUndefined();
    await pushHold(signed, home(), MAIN, hold);
    expect(await readStoredHold(signed, home(), MAIN)).toEqual(hold);
    expect(await readStoredHold(signed, home(), { ...MAIN, destination: 'eu' })).toBeUndefined();
    await expect(readStoredHold(signed, { ...home(), application: 'till' }, MAIN)).rejects.toMatchObject({
      code: 'stored-hold-invalid',
    });
    await pushHold(signed, home(), MAIN, undefined);
    expect(await readStoredHold(signed, home(), MAIN)).toBeUndefined();
  });

  it('is not taken for none where its tag names something else', async () => {
    await pushSnapshot(client(), snapshot('v1'));
    await pushVerdict(client(), snapshot('v1'), verdict('v1'));
    await moveTag('v1.staging.main', 'hold.staging.main');
    await expect(readStoredHold(client(), home(), MAIN)).rejects.toMatchObject({
      code: 'stored-hold-invalid',
    });
    await pushHold(client(), home(), MAIN, undefined);
    expect(await readStoredHold(client(), home(), MAIN)).toBeUndefined();
  });

  it.each(['hold', 'passed', 'verdict'])('has a tag that no verdict on a snapshot %s takes', async mark => {
    await pushSnapshot(client(), snapshot(mark));
    await expect(pushVerdict(client(), snapshot(mark), verdict(mark))).rejects.toMatchObject({
      code: 'verdict-invalid',
    });
    expect(await readStoredHold(client(), home(), MAIN)).toBeUndefined();
  });

  it('is not lifted by someone without the key', async () => {
    await pushHold(client(NEW_KEY), home(), MAIN, hold);
    await pushHold(client(), home(), MAIN, undefined);
    await expect(readStoredHold(client(NEW_KEY), home(), MAIN)).rejects.toMatchObject({
      code: 'artifact-unverified',
    });
  });
});
