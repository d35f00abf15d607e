import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { pushSnapshot } from '@slipway/registry';
import { toolPath } from '@slipway/testbed';
import { send } from '@slipway/testkit/registry';
import { expectFailure, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

describe('a promotion', () => {
  let v1: Snapshot;
  let v2: Snapshot;
  /** No builder: nothing must be built. */
  const promote = (what: string) =>
    stage.run({ promote: what }, { BUILDKIT_HOST: '', PATH: '/usr/bin:/bin' });

  beforeEach(async () => {
    stage.workspace.commit();
    v1 = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1' })));
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    v2 = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v2' })));
  });

  it('of a formation hands on what last succeeded at all of its destinations, as it is', async () => {
    for (const destination of ['main', 'second']) await stage.pass(v1, destination);
    await stage.pass(v2, 'main', 'failed');
    const result = succeeded(await promote('staging'));
    expect(snapshotOf(result)).toEqual(v1);
    expect(result.outputs).toMatchObject({ 'deployment-tag': 'v1', 'git-revision': v1.gitRevision });
    expect(JSON.parse(result.outputs['images'] ?? '')).toHaveProperty(
      'web',
      `${v1.images['web']?.name}@${v1.images['web']?.digest}`,
    );
    expect(result.summary).toContain('Nothing was built');
  });

  it('of a formation whose destinations disagree lists them', async () => {
    for (const destination of ['main', 'second']) await stage.pass(v1, destination);
    await stage.pass(v2, 'second');
    expectFailure(await promote('staging'), /different snapshots: main has "v1", second has "v2"/);
  });

  it('of a formation where nothing succeeded everywhere says where not', async () => {
    await stage.pass(v1, 'main');
    expectFailure(await promote('staging'), /no snapshot has succeeded at "staging\/second" yet/);
  });

  it('of a deployment tag takes it if it succeeded at all destinations of a formation', async () => {
    await stage.pass(v2, 'main');
    expectFailure(await promote('v2'), /"v2" has not succeeded at "staging\/second"/);
    await stage.pass(v2, 'second');
    expect(snapshotOf(succeeded(await promote('v2')))).toEqual(v2);
  });

  it('into another registry copies images, snapshot and verdicts, and can be repeated', async () => {
    for (const destination of ['main', 'second']) await stage.pass(v1, destination);
    const from = stage.path;
    stage.path = `${randomUUID()}/production`;
    const home = `${stage.registry.address}/${stage.path}`;
    const inputs = {
      promote: 'staging',
      registry: home,
      'promote-registry': `${stage.registry.address}/${from}`,
    };
    for (const _time of [1, 2]) {
      const result = succeeded(await stage.run(inputs, { BUILDKIT_HOST: '' }));
      const { images, ...rest } = snapshotOf(result);
      expect({ ...rest, registry: v1.registry }).toEqual({ ...v1, images: undefined });
      for (const service of SERVICES)
        expect(images[service]).toEqual({ ...v1.images[service], name: `${home}/${service}` });
      expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    }
    // From there it goes on as from where it was built.
    const again = succeeded(await stage.run({ promote: 'v1', registry: home }, { BUILDKIT_HOST: '' }));
    expect(snapshotOf(again).registry).toBe(home);
  });

  it('of a deployment tag that failed, or was never verified, is refused', async () => {
    expectFailure(await promote('v1'), /"v1" has not succeeded at "staging\/main", "staging\/second"/);
    for (const destination of ['main', 'second']) await stage.pass(v1, destination, 'rolled-back');
    expectFailure(await promote('v1'), /"v1" has not succeeded at "staging\/main", "staging\/second"/);
  });

  it('of a snapshot of another registry is refused, whoever says that it passed', async () => {
    for (const destination of ['main', 'second']) await stage.pass(v1, destination);
    const path = `${randomUUID()}/elsewhere`;
    const crane = await toolPath('crane');
    for (const tag of ['v1', 'passed.staging.main', 'passed.staging.second']) {
      const [from, to] = [stage.path, path].map(
        folder => `${stage.registry.address}/${folder}/snapshots:${tag}`,
      );
      const env = { PATH: '/usr/bin:/bin', DOCKER_CONFIG: stage.registry.dockerConfig ?? '' };
      execFileSync(crane, ['copy', '--insecure', from ?? '', to ?? ''], { env, stdio: 'ignore' });
    }
    const registry = `${stage.registry.address}/${path}`;
    for (const what of ['v1', 'staging'])
      expectFailure(
        await stage.run({ promote: what, registry }, { BUILDKIT_HOST: '' }),
        /is not one of "shop" in .*: it is of the registry/,
      );
  });

  it('of images that were deleted since is refused', async () => {
    for (const destination of ['main', 'second']) await stage.pass(v1, destination);
    const path = `${stage.path}/web`;
    const manifest = `${path}/manifests/${v1.images['web']?.digest}`;
    await send(stage.registry, manifest, { method: 'DELETE' }, path);
    expectFailure(await promote('v1'), /the image ".*\/web" of the snapshot "v1" is gone/);
  });

  it('of a snapshot of another application is refused', async () => {
    await pushSnapshot(stage.client, { ...v1, application: 'blog', deploymentTag: 'v3' });
    expectFailure(await promote('v3'), /not one of "shop".*application "blog"/);
  });
});
