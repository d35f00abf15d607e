import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSnapshot } from '@slipway/registry';
import { expectFailure, SECRET, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

describe('a build', () => {
  it('gives all images one deployment tag and hands their digests on', async () => {
    const revision = stage.workspace.commit();
    const result = succeeded(await stage.run());
    const snapshot = snapshotOf(result);
    const tag = result.outputs['deployment-tag'] ?? '';
    expect(tag).toMatch(new RegExp(`^\\d{8}-\\d{6}-${revision.slice(0, 7)}-1-1$`));
    for (const service of SERVICES)
      expect(await stage.tagged(service, tag)).toBe(snapshot.images[service]?.digest);
    expect(snapshot).toMatchObject({ application: 'shop', deploymentTag: tag, gitRevision: revision });
    expect(snapshot.images['cache']).toMatchObject({ origin: 'retagged', digest: stage.images.redis.digest });
    expect(await readSnapshot(stage.client, snapshot, tag)).toEqual(snapshot);
    expect(result.outputs['git-revision']).toBe(revision);
    expect(JSON.parse(result.outputs['images'] ?? '')).toMatchObject({
      cache: `${stage.registry.address}/${stage.path}/cache@${stage.images.redis.digest}`,
    });
    for (const text of [tag, 'api', 'retagged', 'built']) expect(result.summary).toContain(text);
  });

  it('gives an image whose sources did not change the digest that it had', async () => {
    stage.workspace.commit();
    const first = snapshotOf(succeeded(await stage.run()));
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    const second = snapshotOf(succeeded(await stage.run({}, { GITHUB_RUN_NUMBER: '2' })));
    expect(second.deploymentTag).not.toBe(first.deploymentTag);
    expect(second.images['api']).toEqual(first.images['api']);
    expect(second.images['web']?.digest).not.toBe(first.images['web']?.digest);
  });

  it('shows no build secret, though a Dockerfile prints it', async () => {
    // Nothing that was built before, or the step's output would come from no step.
    stage.workspace.write('api/app.txt', randomUUID());
    stage.workspace.commit();
    const result = succeeded(await stage.run());
    expect(result.raw).toMatch(/^#\d+ [\d.]+ \*\*\*$/m);
    for (const text of [result.raw, result.summary]) expect(text).not.toContain(SECRET);
  });

  it('outside of a Git repository has no revision, and says so', async () => {
    rmSync(join(stage.workspace.path, '.git'), { recursive: true });
    const result = succeeded(await stage.run());
    expect(result.outputs['git-revision']).toBe('');
    expect(result.log).toContain('not a Git repository');
    expect(snapshotOf(result).gitRevision).toBeUndefined();
  });

  it('goes to the registry of the input rather than that of slipway.yaml', async () => {
    stage.workspace.commit();
    stage.path = `${randomUUID()}/elsewhere`;
    const result = succeeded(
      await stage.run({ registry: `${stage.registry.address}/${stage.path}`, 'deployment-tag': 'v1' }),
    );
    expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    expect(snapshotOf(result).registry).toBe(`${stage.registry.address}/${stage.path}`);
  });
});

describe('a service that starts from another', () => {
  const withBase = (baseStep: string): void => {
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    const base = '    base:\n      build: {context: base, contexts: {shared: shared}}\n';
    stage.workspace.write(
      'slipway.yaml',
      `${file.replace('{context: web}', '{context: web, depends-on: [base, cache]}')}${base}`,
    );
    stage.workspace.write('shared/shared.txt', 'shared\n');
    stage.workspace.write(
      'base/Dockerfile',
      `FROM ${stage.images.base.name}\nCOPY --from=shared shared.txt /\n${baseStep}`,
    );
    stage.workspace.write(
      'web/Dockerfile',
      'FROM base\nCOPY --from=cache /bin/sh /sh\nRUN cat /shared.txt\n',
    );
    stage.workspace.commit();
  };

  it('is built after it, from the image that got the same deployment tag', async () => {
    withBase('');
    const result = succeeded(await stage.run({ 'deployment-tag': 'v1' }));
    expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    expect(await stage.tagged('base', 'v1')).toBe(snapshotOf(result).images['base']?.digest);
    stage.workspace.write('shared/shared.txt', 'new\n');
    stage.workspace.commit();
    const next = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v2' })));
    expect(next.images['web']?.digest).not.toBe(snapshotOf(result).images['web']?.digest);
  });

  it('is built from an image that was not pushed, on a pull request', async () => {
    withBase('');
    succeeded(await stage.run({ push: 'never' }));
    expect(stage.stored()).toEqual([]);
  });

  it('is not built when that one fails, which is the only error', async () => {
    withBase('RUN false\n');
    const result = await stage.run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "base" does not build/);
    expect(result.annotations).toHaveLength(1);
    expect(result.log).toContain('Not built: it starts from base, which is not there');
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('takes it from the snapshot of the rest when only some are built', async () => {
    withBase('');
    succeeded(await stage.run({ 'deployment-tag': 'v1' }));
    const result = succeeded(await stage.run({ 'deployment-tag': 'v2', services: 'web', 'rest-from': 'v1' }));
    expect(await stage.tagged('base', 'v1')).toBe(snapshotOf(result).images['base']?.digest);
  });
});
