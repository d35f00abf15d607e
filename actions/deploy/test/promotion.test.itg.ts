import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { defined, parseRecordKeys, parseStatus, type Snapshot, type Verdict } from '@slipway/core';
import { openRegistryClient, pushHold, pushSnapshot, pushVerdict, readStoredHold } from '@slipway/registry';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { commit, git } from '@slipway/testkit/git';
import { useClusterAndRegistry } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';

const { testbed, client, registry } = useClusterAndRegistry();

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
  gitRevision: 'a'.repeat(40),
  images: { api: { name: `${home()}/api`, digest, origin: 'built' } },
});

function committed(folder: string): string {
  git(folder, 'init', '--quiet', '--initial-branch=main');
  return commit(folder, {});
}

async function promoting(
  snapshot: Snapshot,
  registryOfTree = home(),
  namespace = 'default',
): Promise<Workspace> {
  return await makeWorkspace({
    ...{ directory: testbed.directory, namespace, checkOut: committed },
    files: { 'formations/qa.yaml': QA },
    snapshot,
    changes: {
      'slipway.yaml': text => text.replace('registry.example/shop', registryOfTree),
      'formations/staging.yaml': text => text.replace('spec:', 'spec:\n  promoted-from: qa'),
    },
  });
}

const verdict = (
  snapshot: Snapshot,
  destination: string,
  name: Verdict['verdict'],
  changes: Partial<Verdict> = {},
): Verdict => ({
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
  ...changes,
});

const at = (configRevision: string | undefined): Partial<Verdict> => defined({ configRevision });

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
    const workspace = await promoting(snapshot);
    const { revision } = workspace;
    await pushVerdict(registry, snapshot, verdict(snapshot, 'eu', 'succeeded', at(revision)));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'succeeded', at(revision)));
    expect(await planned(workspace)).toEqual([]);
  });

  it('refuses one whose verdicts do not say with which config it succeeded', async () => {
    const snapshot = snapshotOf('unknown');
    await pushSnapshot(registry, snapshot);
    const workspace = await promoting(snapshot);
    await pushVerdict(registry, snapshot, verdict(snapshot, 'eu', 'succeeded', at(workspace.revision)));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'succeeded'));
    expect(await planned(workspace)).toEqual([
      'the verdict on "unknown" at qa/us does not say with which commit of stencils and config it passed; deploy and verify it there again from a Git checkout, or set "config: head" with a reason',
    ]);
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
    const workspace = await promoting(snapshot);
    const { revision } = workspace;
    await pushVerdict(signed, snapshot, verdict(snapshot, 'eu', 'succeeded', at(revision)));
    await pushVerdict(registry, snapshot, verdict(snapshot, 'us', 'succeeded', at(revision)));
    expect(await planned(workspace, inputs)).toEqual([
      expect.stringMatching(/the verdict ".*\/snapshots:signed\.qa\.us" has no MAC; .*record-key/),
    ]);
    await pushVerdict(signed, snapshot, verdict(snapshot, 'us', 'succeeded', at(revision)));
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

describe('a formation with a soak', () => {
  const soaking = async (snapshot: Snapshot): Promise<Workspace> =>
    await makeWorkspace({
      ...{ directory: testbed.directory, namespace: 'default', snapshot, checkOut: committed },
      files: { 'formations/qa.yaml': QA },
      changes: {
        'slipway.yaml': text => text.replace('registry.example/shop', home()),
        'formations/staging.yaml': text => text.replace('spec:', 'spec:\n  promoted-from: qa\n  soak: 2h'),
      },
    });
  const ago = (minutes: number): Partial<Verdict> => ({
    finished: new Date(Date.now() - minutes * 60_000).toISOString(),
  });

  it.each<[string, Partial<Verdict>, RegExp | undefined]>([
    ['passed longer ago', ago(121), undefined],
    [
      'passed too short a time ago',
      ago(30),
      /^the snapshot "soak-\d" passed at qa\/us 30 min \d+ s ago, and the soak of "staging" is 2h; promote it after /,
    ],
    ['passed after this moment, by another clock', ago(-30), / passed at qa\/us 0\.0 s ago, /],
    [
      'passed at a time that cannot be read',
      { finished: 'this morning' },
      /^it is not known when the snapshot "soak-\d" passed at qa\/us: its verdict says "this morning"; /,
    ],
  ])(
    'takes a snapshot only once it passed everywhere that long ago: one that %s',
    async (what, changes, refusal) => {
      const snapshot = snapshotOf(`soak-${what.length % 10}`);
      await pushSnapshot(registry, snapshot, 'overwrite');
      const workspace = await soaking(snapshot);
      for (const [destination, finished] of [
        ['eu', ago(600)],
        ['us', changes],
      ] as const) {
        const passed = { ...at(workspace.revision), ...finished };
        await pushVerdict(registry, snapshot, verdict(snapshot, destination, 'succeeded', passed));
      }
      const kubeconfig = testbed.cluster.kubeconfig;
      const plan = await deploy(workspace, { kubeconfig, mode: 'plan' });
      expect(errorsOf(plan)).toEqual([]);
      if (refusal === undefined) return expect(plan.log).not.toContain('Not yet');
      expect(plan.log).toContain('Not yet: ');
      const applied = await deploy(workspace, { kubeconfig });
      expect(errorsOf(applied)).toContainEqual(expect.stringMatching(refusal));
      expect(applied.outputs['release']).toBeUndefined();
    },
  );
});

describe('a later wave', () => {
  const WAVES = 'waves: [[eu, us], [main]]\n  destinations: {eu: {namespace: w-eu}, us: {namespace: w-us}, ';

  async function second(snapshot: Snapshot, registryName = home()): Promise<Workspace> {
    return await makeWorkspace({
      ...{ directory: testbed.directory, namespace: 'default' },
      snapshot: { ...snapshot, registry: registryName },
      changes: {
        'slipway.yaml': text => text.replace('registry.example/shop', registryName),
        'formations/staging.yaml': text =>
          text.replace(/destinations:\s+main: (\{[^}]*\})/, `${WAVES}main: $1}`),
      },
    });
  }
  const staged = (snapshot: Snapshot, destination: string, name: Verdict['verdict']): Verdict =>
    verdict(snapshot, destination, name, { formation: 'staging' });
  const apply = async (workspace: Workspace, inputs: Readonly<Record<string, string>> = {}) =>
    errorsOf(
      await deploy(workspace, { kubeconfig: testbed.cluster.kubeconfig, destination: 'main', ...inputs }),
    );

  it('is refused until every destination of the wave before has passed this snapshot', async () => {
    const snapshot = snapshotOf('wave');
    await pushSnapshot(registry, snapshot);
    const workspace = await second(snapshot);
    expect(await apply(workspace)).toContain(
      'the snapshot "wave" has not succeeded at staging/eu, staging/us, in the wave before that of staging/main; deploy it there and verify it first',
    );
    await pushVerdict(registry, snapshot, staged(snapshot, 'eu', 'succeeded'));
    await pushVerdict(registry, snapshot, staged(snapshot, 'us', 'rolled-back'));
    expect(await apply(workspace)).toContain(
      'the snapshot "wave" has not succeeded at staging/us, in the wave before that of staging/main; it was rolled back at staging/us ("as it should"); deploy it there and verify it first; staging/eu has it, so the destinations differ: to roll all back, run "mode: rollback" there',
    );
    expect(await apply(workspace, { mode: 'plan' })).toEqual([]);
    await pushVerdict(registry, snapshot, staged(snapshot, 'us', 'succeeded'));
    expect((await apply(workspace)).join('\n')).not.toContain('wave before');
  });

  it('is refused where the registry does not answer, as it is not known then', async () => {
    const snapshot = snapshotOf('wave-unknown');
    const workspace = await second(snapshot, '127.0.0.1:1/acme/shop');
    expect((await apply(workspace)).join('\n')).toMatch(
      /it is not known whether the snapshot "wave-unknown" has succeeded in the wave before that of staging\/main: .*127\.0\.0\.1:1/,
    );
  });

  it('says where the names of the destination may have been lost', async () => {
    const errors = await apply(await second(snapshotOf('wave')), { destination: '' });
    expect(errors.join('\n')).toContain('GitHub has dropped it: see "may contain secret"');
  });
});

describe('a hold of a formation that is promoted', () => {
  /** Without any release, as a new cluster is. */
  const promotedTo = async (namespace: string): Promise<Workspace> => {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    return await promoting(snapshotOf('good'), home(), namespace);
  };
  const inMode = async (workspace: Workspace, mode: string, inputs: Readonly<Record<string, string>> = {}) =>
    await deploy(
      { ...workspace, manifests: '', digest: '' },
      { kubeconfig: testbed.cluster.kubeconfig, formation: 'staging', mode, secrets: '', ...inputs },
      {},
    );

  it('outlasts its namespace, since the registry keeps it until it is lifted', async () => {
    const workspace = await promotedTo('held-lost');
    const snapshot = snapshotOf('good');
    for (const destination of ['eu', 'us']) {
      const passed = verdict(snapshot, destination, 'succeeded', at(workspace.revision));
      await pushVerdict(registry, snapshot, passed);
    }
    const held = await inMode(workspace, 'hold', { reason: 'audit' });
    expect(errorsOf(held)).toEqual([]);
    expect(held.log).not.toContain('is lost with it');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'held-lost' };
    await client.delete(namespace);
    await until(async () => (await client.get(namespace)) === undefined);
    await createNamespace(client, 'held-lost');
    const looked = await inMode(workspace, 'status', { formation: 'staging' });
    const [row] = parseStatus(
      await readFile(looked.outputs['status'] ?? '', 'utf8'),
      'status.json',
    ).destinations;
    expect(row).toMatchObject({ state: 'waiting', hold: { reason: 'audit' } });
    const kubeconfig = testbed.cluster.kubeconfig;
    const applied = await deploy(workspace, { kubeconfig });
    expect(errorsOf(applied)).toContainEqual(
      expect.stringMatching(/^shop\/staging has been held by .*: "audit"; /),
    );
    const lifted = await inMode(workspace, 'lift-hold');
    expect(errorsOf(lifted)).toEqual([]);
    expect(lifted.log).toContain('Before: shop/staging has been held by');
    const planned = await deploy(workspace, { kubeconfig, mode: 'plan' });
    expect([errorsOf(planned), planned.log.includes('has been held by')]).toEqual([[], false]);
  });

  it('is not known where the registry has something else', async () => {
    const workspace = await promotedTo('held-stray');
    const target = { formation: 'staging', destination: 'main' };
    const stray = { registry: home(), application: 'shop' };
    await pushHold(registry, stray, target, { by: 'alice', reason: 'x', since: 'yesterday' });
    const applied = await deploy(workspace, { kubeconfig: testbed.cluster.kubeconfig });
    expect(errorsOf(applied)).toContainEqual(
      expect.stringMatching(/^it is not known whether staging\/main is held: .* cannot be read; /),
    );
    expect(errorsOf(await inMode(workspace, 'lift-hold'))).toEqual([]);
    expect(await readStoredHold(registry, stray, target)).toBeUndefined();
  });
});
