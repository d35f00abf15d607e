import { describe, expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { closeRelease, destroyFormation, readNote, undoRelease } from '../src/index.ts';
import { noteRelease, noteVerdict } from '../src/records/note-release.ts';
import { clock, never } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const leaseOf = (namespace: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace,
  name: 'slipway.shop.staging.status',
});

const logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} };
const waiting = { clock, signal: never, logger };

describe('the note of the newest release', () => {
  it('names its tag, commits, reason and objects, and has its verdict once there is one', async () => {
    const namespace = await createNamespace(client, 'note-whole');
    const changes = { configRevision: 'c'.repeat(40), deploymentTag: 'v1', reason: 'the first one' };
    const request = requestFor(namespace, [configMap('a', { v: '1' }), configMap('b', {})], changes);
    const { release } = await deploy(client, request);
    const note = await readNote(client, request.identity);
    expect(note).toMatchObject({
      ...{ number: 1, deploymentTag: 'v1', configCommit: 'c'.repeat(40), reason: 'the first one' },
      ...{ deployed: release.created, objectCount: 2 },
    });
    expect(note?.verdict).toBeUndefined();
    expect(note?.objects).toMatchObject(
      ['a', 'b'].map(name => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name })),
    );
    for (const { owned } of note?.objects ?? []) expect(owned).toMatch(/^[0-9a-f]{10}$/);
    await closeRelease(client, release, 'succeeded', clock);
    expect(await readNote(client, request.identity)).toMatchObject({
      ...{ number: 1, verdict: 'succeeded', reason: 'the first one', objectCount: 2 },
    });
  });

  it('is of the release that a rollback made, and says what that undoes and restores', async () => {
    const namespace = await createNamespace(client, 'note-back');
    const request = (v: string) => requestFor(namespace, [configMap('a', { v })]);
    const first = await deploy(client, request('1'));
    await closeRelease(client, first.release, 'succeeded', clock);
    const second = await deploy(client, request('2'));
    await closeRelease(client, second.release, 'failed', clock);
    const common = { ...waiting, client, repository: 'acme/shop', actor: '', run: '', timeout: 10_000 };
    const again = { ...common, reason: 'it fails', lockTimeout: 10_000, onRecorded: () => {} };
    await undoRelease({ ...again, release: second.release });
    const { identity } = request('1');
    const note = await readNote(client, identity);
    expect(note).toMatchObject({ number: 3, rollbackOf: 2, restores: 1, reason: 'it fails' });
    expect(note?.verdict).toBeUndefined();
  });

  it('is not replaced by an older release, nor does an older one give it a verdict', async () => {
    const namespace = await createNamespace(client, 'note-older');
    const { release } = await deploy(client, requestFor(namespace, [configMap('a', { v: '1' })]));
    const newer = { ...release, number: 2, deploymentTag: 'v2' };
    await noteRelease(client, newer, 'acme/shop');
    await noteRelease(client, release, 'acme/other');
    await noteVerdict(client, { ...release, verdict: 'failed' });
    const note = await readNote(client, release);
    expect(note).toMatchObject({ number: 2, deploymentTag: 'v2', repository: 'acme/shop' });
    expect(note?.verdict).toBeUndefined();
  });

  it('is of the newest release even where a higher number was written to it', async () => {
    const namespace = await createNamespace(client, 'note-higher');
    const request = (v: string) => requestFor(namespace, [configMap('a', { v })]);
    const { release } = await deploy(client, request('1'));
    await noteRelease(client, { ...release, number: 999, deploymentTag: 'forged' }, 'acme/shop');
    const { release: second } = await deploy(client, request('2'));
    const note = await readNote(client, second);
    expect([note?.number, note?.deploymentTag]).toEqual([2, undefined]);
    for (const { owned } of note?.objects ?? []) expect(owned).toMatch(/^[0-9a-f]{10}$/);
  });

  it('does not keep what an earlier release had and it has not', async () => {
    const namespace = await createNamespace(client, 'note-left');
    const { release } = await deploy(
      client,
      requestFor(namespace, [configMap('a', { v: '1' })], { deploymentTag: 'v1', reason: 'once' }),
    );
    await closeRelease(client, release, 'succeeded', clock);
    await deploy(client, requestFor(namespace, [configMap('a', { v: '2' })], { reason: '' }));
    const note = await readNote(client, release);
    expect([note?.number, note?.deploymentTag, note?.reason, note?.verdict]).toEqual([
      ...[2, undefined, undefined, undefined],
    ]);
  });

  it('is removed with the formation', async () => {
    const namespace = await createNamespace(client, 'note-gone');
    const request = requestFor(namespace, [configMap('a', {})]);
    await deploy(client, request);
    expect(await client.get(leaseOf(namespace))).toBeDefined();
    const options = { ...waiting, client, identity: request.identity, holder: 'a run', timeout: 10_000 };
    await destroyFormation(options);
    expect(await client.get(leaseOf(namespace))).toBeUndefined();
  });
});
