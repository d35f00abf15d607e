import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseRecordKeys, type Snapshot, textMap } from '@slipway/core';
import { openRegistryClient, pushSnapshot } from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { runStep, type StepResult } from '@slipway/testbed/runner';
import { useClient } from '@slipway/testkit/clients';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });

const VERIFY = resolve(import.meta.dirname, '../../verify-rollout');
const KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const OLD_KEY = 'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const KEYS = `${KEY}\n${OLD_KEY}`;

/** Someone who can edit the namespace and has no key. */
const editor = useClient(() => testbed.cluster.kubeconfig);

/** A checkout whose snapshot is in the registry, signed by the key if there is one. */
async function workspaceIn(namespace: string, key = KEY): Promise<Workspace> {
  await editor.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const registry = `${testbed.registry.address}/${namespace}`;
  const images: Snapshot['images'] = {
    api: { name: `${registry}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'retagged' },
  };
  const snapshot = { ...SNAPSHOT, registry, images };
  const recordKeys = parseRecordKeys(key);
  await pushSnapshot(await openRegistryClient({ environment: {}, recordKeys }), snapshot);
  const changes = { 'slipway.yaml': (text: string) => text.replace('registry.example/shop', registry) };
  return await makeWorkspace({ directory: testbed.directory, namespace, snapshot, changes });
}

const deployWith = (workspace: Workspace, key: string, inputs: Readonly<Record<string, string>> = {}) =>
  deploy(workspace, { kubeconfig: testbed.cluster.kubeconfig, 'record-key': key, ...inputs });

const verifyWith = ({ job }: Workspace, key: string, release: string): Promise<StepResult> =>
  runStep(job, {
    action: VERIFY,
    inputs: {
      kubeconfig: testbed.cluster.kubeconfig,
      release,
      formation: 'staging',
      'stable-for': '0s',
      'record-key': key,
    },
    environment: {},
  });

const recordOf = (namespace: string, number: number) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace,
  name: `slipway.shop.staging.${number}`,
});

const modes = { rollback: { mode: 'rollback', manifests: '', digest: '' } } as const;

describe('deploy and verify-rollout with a record-key', () => {
  it('sign what they record, take it again, and show the key nowhere', async () => {
    const workspace = await workspaceIn('signed');
    const deployed = await deployWith(workspace, KEYS);
    expect(errorsOf(deployed)).toEqual([]);
    const verified = await verifyWith(workspace, KEYS, '1');
    expect(errorsOf(verified)).toEqual([]);
    expect(verified.outputs).toMatchObject({ verdict: 'succeeded' });
    const record = await editor.get(recordOf('signed', 1));
    expect(textMap(record?.metadata['labels'])).toMatchObject({ 'slipway.dev/verdict': 'succeeded' });
    expect(textMap(record?.metadata['annotations'])['slipway.dev/mac']).toMatch(/^hmac-sha256:/);
    const again = await deployWith(workspace, KEY);
    expect(again.outputs).toMatchObject({ release: '2', changes: '0' });
    const restored = await deployWith(workspace, KEY, { ...modes.rollback, to: '1' });
    expect(errorsOf(restored)).toEqual([]);
    expect(restored.outputs).toMatchObject({ release: '3' });
    for (const { raw, summary, outputs } of [deployed, verified, again, restored])
      for (const key of [KEY, OLD_KEY])
        expect(`${raw.replaceAll(/::add-mask::.*/g, '')}${summary}${JSON.stringify(outputs)}`).not.toContain(
          key,
        );
  });

  it('refuse a record that a namespace editor changed, each in one sentence with its remedy', async () => {
    const workspace = await workspaceIn('forged');
    expect(errorsOf(await deployWith(workspace, KEY))).toEqual([]);
    await editor.patch(recordOf('forged', 1), {
      metadata: { labels: { 'slipway.dev/verdict': 'succeeded' } },
    });
    const refusal =
      /the Secret "slipway\.shop\.staging\.1" in namespace "forged" has a MAC that no key of record-key made; if the key was replaced, add .*; otherwise find out who changed it, and delete it/;
    const next = await deployWith(workspace, KEY);
    expect(errorsOf(next)).toEqual([expect.stringMatching(refusal)]);
    expect(next.outputs['release']).toBeUndefined();
    for (const result of [
      await verifyWith(workspace, KEY, '1'),
      await deployWith(workspace, KEY, modes.rollback),
    ]) {
      expect(result.exitCode).toBe(1);
      expect(errorsOf(result).join('\n')).toMatch(refusal);
    }
    const listed = await deployWith(workspace, KEY, { mode: 'releases', manifests: '', digest: '' });
    expect(listed.log).toMatch(refusal);
    expect(listed.log).toMatch(/1 unreadable/);
    // Without a key the namespace is trusted, but not a label that contradicts the record.
    expect((await deployWith(workspace, '')).outputs).toMatchObject({ error: 'record-inconsistent' });
  });

  it('refuse a record without a MAC until a line accepts it once', async () => {
    const workspace = await workspaceIn('begun');
    expect(errorsOf(await deployWith(workspace, ''))).toEqual([]);
    expect(errorsOf(await deployWith(workspace, KEY))).toEqual([
      expect.stringMatching(/has no MAC; .*add the line accept-unsigned to record-key for one deploy/),
    ]);
    expect(errorsOf(await deployWith(workspace, `${KEY}\naccept-unsigned`))).toEqual([]);
    expect((await deployWith(workspace, KEY)).outputs).toMatchObject({ release: '3' });
  });

  it('refuse an unsigned snapshot, although its tree and digest are right', async () => {
    const workspace = await workspaceIn('pushed', '');
    const refused = await deployWith(workspace, KEY);
    expect(errorsOf(refused)).toEqual([
      expect.stringMatching(/the snapshot ".*\/pushed\/snapshots:v1" has no MAC; build and verify again/),
    ]);
    expect(refused.outputs['release']).toBeUndefined();
    expect((await deployWith(workspace, '')).outputs).toMatchObject({ release: '1' });
  });

  it('refuse a key that could be guessed, and do not repeat it', async () => {
    const workspace = await workspaceIn('weak');
    const result = await deployWith(workspace, 'hunter2hunter2');
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^input "record-key" has a key in line 1 that could be guessed; .*openssl rand -base64 32/,
      ),
    ]);
    expect(result.raw.replaceAll(/::add-mask::.*/g, '')).not.toContain('hunter2');
  });
});
