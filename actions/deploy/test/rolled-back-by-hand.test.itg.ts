import { describe, expect, it } from '@jest/globals';
import type { Snapshot, Verdict } from '@slipway/core';
import { pushSnapshot, pushVerdict, readPassed } from '@slipway/registry';
import { closeRelease, readRelease } from '@slipway/release';
import type { StepResult } from '@slipway/testbed/runner';
import { commit, git } from '@slipway/testkit/git';
import { useClusterAndRegistry } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';

const { testbed, client, registry } = useClusterAndRegistry(['north', 'south', 'live']);

/** Two waves, and a formation that is promoted from them. */
const DESTINATIONS =
  'waves: [[north], [south]]\n  destinations: {north: {namespace: north}, south: {namespace: south}}';
const LIVE = `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: live}
spec:
  promoted-from: staging
  destinations: {main: {namespace: live}}
`;

const home = (): string => `${testbed.registry.address}/acme/shop`;

function snapshotOf(deploymentTag: string): Snapshot {
  const image = { name: `${home()}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' as const };
  const created = `2026-11-20T1${deploymentTag.at(-1)}:00:00Z`;
  return { ...SNAPSHOT, registry: home(), deploymentTag, created, images: { api: image } };
}

async function version(tag: string, registryName = home()): Promise<Workspace> {
  return await makeWorkspace({
    ...{ directory: testbed.directory, namespace: 'default', files: { 'formations/live.yaml': LIVE } },
    ...{ snapshot: { ...snapshotOf(tag), registry: registryName }, formations: ['staging', 'live'] },
    checkOut: folder => {
      git(folder, 'init', '--quiet', '--initial-branch=main');
      return commit(folder, {});
    },
    changes: {
      'slipway.yaml': text => text.replace('registry.example/shop', registryName),
      'stencils/api.yaml': text => text.replace('level: info', `level: ${tag}`),
      'formations/staging.yaml': text => text.replace(/destinations:[\s\S]*/, DESTINATIONS),
    },
  });
}

const run = (workspace: Workspace, inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
  deploy(workspace, { kubeconfig: testbed.cluster.kubeconfig, formation: 'staging', ...inputs });

const target = { formation: 'staging', destination: 'north' };

/** What verify-rollout does once everything is ready. */
async function passes(
  tag: string,
  release: number,
  revision: string | undefined,
  name: string,
): Promise<void> {
  const owner = { application: 'shop', formation: 'staging', namespace: name };
  await closeRelease(client, await readRelease(client, owner, release), 'succeeded', () => new Date());
  const verdict: Verdict = {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop', release },
    ...{ formation: 'staging', destination: name, namespace: name, deploymentTag: tag },
    ...{ started: '2026-11-20T11:00:00Z', finished: '2026-11-20T11:01:00Z', summary: 'ready', objects: [] },
    ...(revision === undefined ? {} : { configRevision: revision }),
  };
  await pushVerdict(registry, snapshotOf(tag), verdict);
}

async function released(tag: string, release: number): Promise<Workspace> {
  await pushSnapshot(registry, snapshotOf(tag));
  const workspace = await version(tag);
  expect(errorsOf(await run(workspace, { destination: 'north' }))).toEqual([]);
  await passes(tag, release, workspace.revision, 'north');
  return workspace;
}

const rollback = (workspace: Workspace): Promise<StepResult> =>
  run(
    { ...workspace, manifests: '', digest: '' },
    { destination: 'north', mode: 'rollback', secrets: '', reason: 'it loses orders' },
  );

describe('a snapshot that was rolled back by hand', () => {
  it('is taken on neither by the next wave nor by a promotion, and what was restored is what passed', async () => {
    await released('v1', 1);
    const workspace = await released('v2', 2);
    await pushVerdict(registry, snapshotOf('v2'), {
      ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
      ...{ formation: 'staging', destination: 'south', namespace: 'south', deploymentTag: 'v2', release: 1 },
      ...{ started: '2026-11-20T11:00:00Z', finished: '2026-11-20T11:01:00Z', summary: 'ready', objects: [] },
    });
    const undone = await rollback(workspace);
    expect(errorsOf(undone)).toEqual([]);
    expect(undone.log).toContain('The registry does not say any more that "v2" passed at staging/north');
    const wave = await run(workspace, { destination: 'south' });
    expect(errorsOf(wave)).toEqual([
      'the snapshot "v2" has not succeeded at staging/north, in the wave before that of staging/south; it was rolled back at staging/north ("it loses orders"); deploy it there and verify it first',
    ]);
    const promoted = await run(workspace, { formation: 'live', destination: 'main' });
    expect(errorsOf(promoted)).toEqual([
      'the snapshot "v2" has not succeeded at staging/north; it was rolled back at staging/north ("it loses orders"); deploy it to "staging" and verify it there first',
    ]);
    expect((await readPassed(registry, snapshotOf('v1'), target))?.deploymentTag).toBe('v1');
  });
});
