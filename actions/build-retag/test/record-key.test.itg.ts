import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseRecordKeys, type Snapshot, type Verdict } from '@slipway/core';
import { destinationsNotPassed, pushSnapshot, pushVerdict, readSnapshot } from '@slipway/registry';
import { clientFor } from '@slipway/testkit/registry';
import { expectFailure, setStage, snapshotOf, succeeded } from './stage.ts';

const KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const stage = setStage();

const signing = () =>
  clientFor(stage.registry, [stage.registry.address], { recordKeys: parseRecordKeys(KEY) });

const build = async (key: string): Promise<Snapshot> =>
  snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1', 'record-key': key })));

const promote = (what: string) =>
  stage.run({ promote: what, 'record-key': KEY }, { BUILDKIT_HOST: '', PATH: '/usr/bin:/bin' });

const DESTINATIONS = ['main', 'second'];

describe('build-retag with a record-key', () => {
  it('signs the snapshot, promotes what was signed, and shows the key nowhere', async () => {
    const result = succeeded(await stage.run({ 'deployment-tag': 'v1', 'record-key': KEY }));
    const snapshot = snapshotOf(result);
    expect(await readSnapshot(signing(), snapshot, 'v1')).toEqual(snapshot);
    for (const destination of DESTINATIONS)
      await pushVerdict(signing(), snapshot, verdictOn(snapshot, destination));
    const promoted = succeeded(await promote('staging'));
    expect(snapshotOf(promoted)).toEqual(snapshot);
    for (const { raw, summary } of [result, promoted])
      expect(`${raw.replaceAll(/::add-mask::.*/g, '')}${summary}`).not.toContain(KEY);
  });

  it('signs again what it promotes into another registry', async () => {
    const snapshot = await build(KEY);
    for (const destination of DESTINATIONS)
      await pushVerdict(signing(), snapshot, verdictOn(snapshot, destination));
    const from = `${stage.registry.address}/${stage.path}`;
    stage.path = `${randomUUID()}/production`;
    const registry = `${stage.registry.address}/${stage.path}`;
    const inputs = { promote: 'staging', 'promote-registry': from, registry, 'record-key': KEY };
    const promoted = snapshotOf(succeeded(await stage.run(inputs, { BUILDKIT_HOST: '' })));
    expect(promoted.registry).toBe(registry);
    expect(await readSnapshot(signing(), promoted, 'v1')).toEqual(promoted);
    expect(await destinationsNotPassed(signing(), promoted, 'staging', DESTINATIONS)).toEqual([]);
  });

  it('promotes nothing by a forged mark and verdict', async () => {
    const snapshot = await build(KEY);
    for (const destination of DESTINATIONS) await stage.pass(snapshot, destination);
    for (const what of ['staging', 'v1'])
      expectFailure(await promote(what), /has no MAC|no verdict with a MAC of record-key/);
  });

  it('promotes no forged snapshot, whatever its images are', async () => {
    const snapshot = await build('');
    const forged = { ...snapshot, deploymentTag: 'v2' };
    await pushSnapshot(stage.client, forged);
    for (const destination of DESTINATIONS) await stage.pass(forged, destination);
    for (const what of ['staging', 'v2']) expectFailure(await promote(what), /snapshots:.*" has no MAC/);
  });
});

function verdictOn(snapshot: Snapshot, destination: string): Verdict {
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Verdict',
    verdict: 'succeeded',
    application: 'shop',
    formation: 'staging',
    destination,
    namespace: 'shop',
    deploymentTag: snapshot.deploymentTag,
    started: '2026-11-21T02:00:00.000Z',
    finished: '2026-11-21T02:01:00.000Z',
    summary: 'Everything is ready.',
    objects: [],
  };
}
