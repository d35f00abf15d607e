import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { parseReference, pushSnapshot, readSnapshot, retag } from '@slipway/registry';
import type { StepResult } from '@slipway/testbed/runner';
import { expectFailure, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

describe('a build of some services', () => {
  beforeEach(async () => {
    stage.workspace.commit();
    succeeded(await stage.run({ 'deployment-tag': 'v1' }));
    stage.workspace.write('web/app.txt', randomUUID());
    stage.workspace.write('api/app.txt', randomUUID());
    stage.workspace.commit();
  });

  it('takes the others from the snapshot that it is told, and tags all', async () => {
    const first = await readSnapshot(
      stage.client,
      { registry: `${stage.registry.address}/${stage.path}`, application: 'shop' },
      'v1',
    );
    const result = succeeded(await stage.run({ 'deployment-tag': 'v2', services: 'web', 'rest-from': 'v1' }));
    const second = snapshotOf(result);
    expect(second.images['web']?.digest).not.toBe(first.images['web']?.digest);
    expect(second.images['api']).toEqual(first.images['api']);
    expect(second.images['cache']).toEqual(first.images['cache']);
    expect(await stage.taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(result.summary).toContain('kept from <code>v1</code>');
  });

  it.each([
    [
      'nothing says where the others come from',
      { services: 'web' },
      /images of "api", "cache" come from; set rest/,
    ],
    ['a service is unknown', { services: 'wbe', 'rest-from': 'v1' }, /no service "wbe"; did you mean "web"/],
    [
      'the others were never there',
      { services: 'web', 'rest-from': 'v0' },
      /"v0" is neither a formation nor/,
    ],
    ['the others never passed', { services: 'web', 'rest-from': 'staging' }, /no snapshot has succeeded at/],
  ])('is refused when %s', async (_case, inputs, sentence) => {
    expectFailure(
      await stage.run({ 'deployment-tag': 'v2', ...(inputs as Record<string, string>) }),
      sentence,
    );
    expect(await stage.taggedServices('v2')).toEqual([]);
  });
});

describe('a service whose inputs are those of an image that passed', () => {
  let passed: Snapshot;
  const built = (result: StepResult) =>
    ['api', 'web'].filter(service => !new RegExp(`Build ${service}\\n(?:.*\\n)?Not built`).test(result.log));

  beforeEach(async () => {
    stage.workspace.commit();
    passed = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1' })));
    await stage.pass(passed, 'main');
    stage.workspace.write('web/app.txt', randomUUID());
    stage.workspace.write('README.md', 'no input\n');
    stage.workspace.commit();
  });

  it('is not built, and its image gets the new tag', async () => {
    expect(passed.images['api']?.inputs).toMatch(/^sha256:/);
    const result = succeeded(await stage.run({ 'deployment-tag': 'v2' }));
    expect(built(result)).toEqual(['web']);
    expect(snapshotOf(result).images['api']).toEqual(passed.images['api']);
    expect(snapshotOf(result).images['web']?.inputs).not.toBe(passed.images['web']?.inputs);
    expect(await stage.taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(result.summary).toContain('\n\nChanges since <code>v1</code>, which passed:\n\n');
    expect(result.summary).toMatch(/^\| api .*MB \| the same \| kept \|$/m);
    expect(result.summary).toMatch(/^\| web .*MB \| 1 of 2 layers, 0\.\d kB \|/m);
  });

  it('is built all the same when asked to', async () => {
    const result = succeeded(await stage.run({ 'deployment-tag': 'v2', rebuild: 'always' }));
    expect(built(result)).toEqual(['api', 'web']);
  });

  it('is built when its base image is another one now', async () => {
    const own = { registry: stage.registry.address, path: `${stage.path}/own-base`, tag: '1' };
    const name = `${own.registry}/${own.path}:1`;
    await retag(stage.client, parseReference(stage.images.base.name), own);
    stage.workspace.write('api/Dockerfile', `FROM ${name}\nCOPY app.txt /\n`);
    stage.workspace.commit();
    await stage.pass(snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v2' }))), 'main');
    expect(built(succeeded(await stage.run({ 'deployment-tag': 'v3' })))).toEqual([]);
    await retag(stage.client, parseReference(stage.images.redis.name), own, 'overwrite');
    expect(built(succeeded(await stage.run({ 'deployment-tag': 'v4' })))).toEqual(['api']);
  });

  it('is built where the snapshot that passed has another image of that name', async () => {
    const forged = { ...passed.images, api: { ...passed.images['api'], digest: `sha256:${'0'.repeat(64)}` } };
    const snapshot = { ...passed, deploymentTag: 'v0', images: forged } as Snapshot;
    await pushSnapshot(stage.client, snapshot);
    await stage.pass(snapshot, 'main');
    expect(built(succeeded(await stage.run({ 'deployment-tag': 'v2' })))).toEqual(['api', 'web']);
  });
});
