import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseRecordKeys, type Snapshot, type Verdict } from '@slipway/core';
import { openRegistryClient, pushSnapshot, pushVerdict, type RegistryClient } from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });

let registry: RegistryClient;

beforeAll(async () => {
  registry = await openRegistryClient({ environment: {} });
});

const QA = `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: qa}
spec:
  destinations:
    eu: {namespace: qa-eu}
    us: {namespace: qa-us}
`;

const home = (): string => `${testbed.registry.address}/acme/shop`;

const snapshotOf = (deploymentTag: string, digest = `sha256:${'a'.repeat(64)}`): Snapshot => ({
  ...SNAPSHOT,
  registry: home(),
  deploymentTag,
  images: { api: { name: `${home()}/api`, digest, origin: 'built' } },
});

async function promoting(snapshot: Snapshot, registryOfTree = home()): Promise<Workspace> {
  return await makeWorkspace({
    directory: testbed.directory,
    namespace: 'default',
    files: { 'formations/qa.yaml': QA },
    snapshot,
    changes: {
      'slipway.yaml': text => text.replace('registry.example/shop', registryOfTree),
      'formations/staging.yaml': text => text.replace('spec:', 'spec:\n  promoted-from: qa'),
    },
  });
}

const verdict = (snapshot: Snapshot, destination: string, name: Verdict['verdict']): Verdict => ({
  apiVersion: 'slipway.dev/v1',
  kind: 'Verdict',
  verdict: name,
  application: 'shop',
  formation: 'qa',
  destination,
  namespace: `qa-${destination}`,
  deploymentTag: snapshot.deploymentTag,
  started: '2026-11-20T11:00:00Z',
  finished: '2026-11-20T11:01:00Z',
  summary: 'as it should',
  objects: [],
});

/** Only plans: what matters here is whether promotion lets it through. */
async function planned(
  workspace: Workspace,
  inputs: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const kubeconfig = testbed.cluster.kubeconfig;
  return errorsOf(await deploy(workspace, { kubeconfig, mode: 'plan', ...inputs }));
}

describe('a formation that is promoted from another one', () => {
  it('takes a snapshot that succeeded at all of its destinations', async () => {
    const snapshot = snapshotOf('good');
    await pushSnapshot(registry, snapshot);
    await pushVerdict(registry, snapshot, verdict(snapshot, 'eu', 'succeeded'));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'succeeded'));
    expect(await planned(await promoting(snapshot))).toEqual([]);
  });

  it('refuses one that failed at one of them, and names it', async () => {
    const snapshot = snapshotOf('half');
    await pushSnapshot(registry, snapshot);
    await pushVerdict(registry, snapshot, verdict(snapshot, 'eu', 'succeeded'));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'failed'));
    expect(await planned(await promoting(snapshot))).toEqual([
      'the snapshot "half" has not succeeded at qa/us; deploy it to "qa" and verify it there first',
    ]);
  });

  it('refuses one that is not what the registry has under its deployment tag', async () => {
    const forged = snapshotOf('good', `sha256:${'b'.repeat(64)}`);
    expect(await planned(await promoting(forged))).toEqual([
      expect.stringContaining('the registry\'s snapshot "good" was removed or replaced'),
    ]);
  });

  it('looks into the registry of the application, and not into the one that the tree names', async () => {
    const workspace = await promoting(snapshotOf('good'), 'registry.example/shop');
    expect(await planned(workspace)).toEqual([
      expect.stringContaining('but the application uses "registry.example/shop"'),
    ]);
  });
});

describe('a formation that is promoted from another one, with a record-key', () => {
  const KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
  const inputs = { 'record-key': KEY };

  it('takes what was signed, and refuses a forged verdict', async () => {
    const signed = await openRegistryClient({ environment: {}, recordKeys: parseRecordKeys(KEY) });
    const snapshot = snapshotOf('signed');
    await pushSnapshot(signed, snapshot);
    await pushVerdict(signed, snapshot, verdict(snapshot, 'eu', 'succeeded'));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'succeeded'));
    const workspace = await promoting(snapshot);
    expect(await planned(workspace, inputs)).toEqual([
      expect.stringMatching(/the verdict ".*\/snapshots:signed\.qa\.us" has no MAC; .*record-key/),
    ]);
    await pushVerdict(signed, snapshot, verdict(snapshot, 'us', 'succeeded'));
    expect(await planned(workspace, inputs)).toEqual([]);
  });

  it('refuses a forged snapshot, whatever its verdict says', async () => {
    const snapshot = snapshotOf('unsigned');
    await pushSnapshot(registry, snapshot);
    for (const destination of ['eu', 'us'])
      await pushVerdict(registry, snapshot, verdict(snapshot, destination, 'succeeded'));
    expect(await planned(await promoting(snapshot), inputs)).toEqual([
      expect.stringMatching(/the snapshot ".*\/snapshots:unsigned" has no MAC; build and verify again/),
    ]);
  });
});
