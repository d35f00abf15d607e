import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseStatus, type Snapshot, type Verdict } from '@slipway/core';
import {
  openRegistryClient,
  pushHold,
  pushSnapshot,
  pushVerdict,
  type RegistryClient,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT } from './fixture.ts';

const testbed = useTestbed({ parts: ['registry'] });

let registry: RegistryClient;
beforeAll(async () => {
  registry = await openRegistryClient({ environment: {} });
});

const COMMITS = ['a'.repeat(40), 'b'.repeat(40)] as const;
const home = (name: string): string => `${testbed.registry.address}/acme/${name}`;

const snapshotOf = (name: string, deploymentTag: string, gitRevision: string): Snapshot => ({
  ...{ ...SNAPSHOT, registry: home(name), deploymentTag, gitRevision },
  images: { api: { name: `${home(name)}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } },
});

const verdictOn = (deploymentTag: string, changes: Partial<Verdict>): Verdict => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
  ...{ formation: 'staging', destination: 'main', namespace: 'shop', deploymentTag, release: 4 },
  ...{ started: '2026-11-20T11:00:00Z', finished: '2026-11-20T11:01:00Z', summary: 'why', objects: [] },
  ...changes,
});

/** No server answers at this address. */
const KUBECONFIG = JSON.stringify({
  ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'lost' },
  clusters: [{ name: 'lost', cluster: { server: 'http://127.0.0.1:1' } }],
  contexts: [{ name: 'lost', context: { cluster: 'lost', user: 'lost' } }],
  users: [{ name: 'lost', user: {} }],
});

async function look(name: string) {
  const workspace = await makeWorkspace({
    directory: testbed.directory,
    namespace: 'shop',
    snapshot: snapshotOf(name, 'v1', COMMITS[0]),
    changes: { 'slipway.yaml': text => text.replace('registry.example/shop', home(name)) },
  });
  const inputs = { kubeconfig: KUBECONFIG, mode: 'status', secrets: '' };
  const result = await deploy({ ...workspace, manifests: '', digest: '' }, inputs, {});
  const path = result.outputs['status'] ?? '';
  return { result, status: parseStatus(await readFile(path, 'utf8'), path) };
}

describe('a destination whose cluster is lost', () => {
  it('shows what the registry has of it, and is unknown all the same', async () => {
    const snapshot = snapshotOf('kept', 'v1', COMMITS[0]);
    await pushSnapshot(registry, snapshot);
    const known = {
      configRevision: COMMITS[1],
      released: '2026-11-20T10:59:00Z',
      actor: 'mia',
      reason: 'hotfix',
    };
    await pushVerdict(registry, snapshot, verdictOn('v1', known));
    const target = { formation: 'staging', destination: 'main' };
    const hold = { by: 'mia', reason: 'an audit', since: '2026-11-20T12:00:00.000Z' };
    await pushHold(registry, { registry: home('kept'), application: 'shop' }, target, hold);
    const { result, status } = await look('kept');
    expect(errorsOf(result)).toEqual([expect.stringContaining('1 of 1 destinations could not be seen')]);
    expect(status.destinations).toMatchObject([
      {
        ...{ state: 'unknown', attention: [], hold },
        waiting: ['on hold since 2026-11-20T12:00:00.000Z by mia: an audit'],
        live: {
          ...{ source: 'registry', release: 4, deploymentTag: 'v1', verdict: 'succeeded' },
          ...{ commit: COMMITS[0], configCommit: COMMITS[1], by: 'mia', why: 'hotfix' },
          since: '2026-11-20T10:59:00Z',
        },
      },
    ]);
    expect(result.summary).toContain('succeeded, as last known<br>unknown<br>drift: unknown');
  });

  it('shows the release that a rollback restored', async () => {
    const [v1, v2] = [snapshotOf('back', 'v1', COMMITS[0]), snapshotOf('back', 'v2', COMMITS[1])];
    for (const snapshot of [v1, v2]) await pushSnapshot(registry, snapshot);
    await pushVerdict(registry, v1, verdictOn('v1', {}));
    const rolledBackTo = { release: 4, as: 6, deploymentTag: 'v1' };
    await pushVerdict(registry, v2, verdictOn('v2', { release: 5, verdict: 'rolled-back', rolledBackTo }));
    expect((await look('back')).status.destinations).toMatchObject([
      {
        live: {
          ...{ release: 6, deploymentTag: 'v1', commit: COMMITS[0] },
          ...{ verdict: 'succeeded', rollbackOf: 5, restores: 4 },
        },
      },
    ]);
  });

  it('says nothing of what runs there where the registry has nothing of it', async () => {
    const { status } = await look('bare');
    expect(status.destinations).toMatchObject([{ state: 'unknown' }]);
    expect(status.destinations[0]).not.toHaveProperty('live');
  });
});
