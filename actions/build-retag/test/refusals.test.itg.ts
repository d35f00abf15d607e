import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseReference, readSnapshot, retag } from '@slipway/registry';
import { expectFailure, SECRET, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

describe('a deployment tag that exists', () => {
  beforeEach(async () => {
    stage.workspace.commit();
    succeeded(await stage.run({ 'deployment-tag': 'v1' }));
  });

  it('is a success for the same build, whose snapshot stays', async () => {
    const before = await stage.tagged('snapshots', 'v1');
    succeeded(await stage.run({ 'deployment-tag': 'v1' }));
    expect(await stage.tagged('snapshots', 'v1')).toBe(before);
  });

  it('is an error for another build, and stays what it was', async () => {
    const before = await Promise.all(SERVICES.map(service => stage.tagged(service, 'v1')));
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    expectFailure(
      await stage.run({ 'deployment-tag': 'v1' }),
      /"v1" already names another snapshot.*on-existing-tag/,
    );
    expect(await Promise.all(SERVICES.map(service => stage.tagged(service, 'v1')))).toEqual(before);
  });

  it('is kept without a build when asked to', async () => {
    const before = await stage.tagged('web', 'v1');
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    const result = succeeded(
      await stage.run({ 'deployment-tag': 'v1', 'on-existing-tag': 'keep' }, { BUILDKIT_HOST: '' }),
    );
    expect(snapshotOf(result).images['web']?.digest).toBe(before);
  });

  it('is moved when asked to', async () => {
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    const result = succeeded(await stage.run({ 'deployment-tag': 'v1', 'on-existing-tag': 'overwrite' }));
    expect(await stage.tagged('web', 'v1')).toBe(snapshotOf(result).images['web']?.digest);
    expect(await readSnapshot(stage.client, snapshotOf(result), 'v1')).toEqual(snapshotOf(result));
  });
});

describe('what is wrong is one sentence, and leaves nothing half done', () => {
  it('when services have no Dockerfile: each on its line, before anything is built', async () => {
    rmSync(join(stage.workspace.path, 'api/Dockerfile'));
    rmSync(join(stage.workspace.path, 'web'), { recursive: true });
    const result = await stage.run({ 'deployment-tag': 'v1' });
    expectFailure(result, /"api" has no Dockerfile at "api\/Dockerfile"; add it/);
    expectFailure(result, /"web" has no folder "web"/);
    expect(result.annotations.map(({ file, line }) => [file, line])).toEqual([
      ['slipway.yaml', 7],
      ['slipway.yaml', 9],
    ]);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('when one of the images does not build', async () => {
    stage.workspace.write(
      'web/Dockerfile',
      `FROM ${stage.images.base.name}\nRUN sh -c "echo the-reason; exit 7"\n`,
    );
    stage.workspace.commit();
    const result = await stage.run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "web" does not build: .*exit code: 7/);
    expect(result.annotations[0]).toMatchObject({ file: 'web/Dockerfile', line: 2 });
    expect(result.summary).toContain('the-reason');
    expect(await stage.taggedServices('v1')).toEqual([]);
    expect(result.outputs).toMatchObject({ 'deployment-tag': 'v1' });
    expect(result.outputs['snapshot']).toBeUndefined();
  });

  it('when a build secret ended up in an image', async () => {
    const step = 'RUN --mount=type=secret,id=token cp /run/secrets/token /root-token';
    stage.workspace.write('api/Dockerfile', `FROM ${stage.images.base.name}\n${step}\nRUN rm /root-token\n`);
    stage.workspace.commit();
    const result = await stage.run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "api" contains the build secret "token" in "root-token" of sha256:/);
    expect(result.raw).not.toContain(SECRET);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('when a ready-made image is not there, although all else builds', async () => {
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    stage.workspace.write('slipway.yaml', file.replace('redis:7.4', 'redis:8.0'));
    expectFailure(await stage.run({ 'deployment-tag': 'v1' }), /has no image ".*redis:8\.0"/);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('when one of the repositories has the deployment tag already', async () => {
    stage.workspace.commit();
    const { digest } = stage.images.redis;
    const source = parseReference(stage.images.redis.name);
    await retag(stage.client, source, {
      registry: stage.registry.address,
      path: `${stage.path}/web`,
      tag: 'v1',
    });
    expectFailure(await stage.run({ 'deployment-tag': 'v1' }), /web:v1" already names another image/);
    expect(await stage.taggedServices('v1')).toEqual(['web']);
    expect(await stage.tagged('web', 'v1')).toBe(digest);
  });

  it.each([
    [
      'the registry does not answer',
      { registry: '127.0.0.1:1/shop' },
      /the registry "127\.0\.0\.1:1" does not answer/,
    ],
    ['slipway.yaml is not there', { application: 'other/slipway.yaml' }, /no file "other\/slipway.yaml"/],
    ['slipway.yaml is outside', { application: '../slipway.yaml' }, /no file "\.\.\/slipway.yaml"/],
    [
      'a build secret is missing',
      { 'build-secrets': '' },
      /"api" needs the build secret "token", which the step does not have; add/,
    ],
    [
      'the file of a build secret is missing',
      { 'build-secrets': 'token=@none' },
      /build secret "token" cannot be read/,
    ],
    [
      'the deployment tag is too long',
      { 'deployment-tag': 'a'.repeat(46) },
      /"deployment-tag" has 46 characters/,
    ],
    ['the builder is not there', { builder: 'docker' }, /buildx|docker/],
    ['nothing with that name can be promoted', { promote: 'stagin' }, /did you mean the formation "staging"/],
  ])('when %s', async (_case, inputs, sentence) => {
    const result = await stage.run(inputs as Record<string, string>);
    expectFailure(result, sentence);
    expect(result.annotations).toHaveLength(1);
    const tag = result.outputs['deployment-tag'] ?? 'none';
    expect(await stage.taggedServices(tag)).toEqual([]);
  });

  it('when the login is refused', async () => {
    const result = await stage.run({ 'deployment-tag': 'v1' }, { DOCKER_CONFIG: stage.scratch });
    expectFailure(result, /log in to/);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });
});
