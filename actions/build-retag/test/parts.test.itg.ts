import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import type { StepResult } from '@slipway/testbed/runner';
import { send } from '@slipway/testkit/registry';
import { expectFailure, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

const AMD64 = { part: 'amd64', platforms: 'linux/amd64' };
const ARM64 = { part: 'arm64', platforms: 'linux/arm64' };
const BOTH = 'linux/amd64, linux/arm64';
const JOIN = { mode: 'join', parts: 'amd64, arm64', platforms: BOTH, 'deployment-tag': 'v1' };
/** Builds nothing, so it needs no builder and gets no secret. */
const WITHOUT_BUILDER = { BUILDKIT_HOST: '', PATH: '/usr/bin:/bin' };

beforeEach(() => {
  for (const service of ['api', 'web'])
    stage.workspace.write(`${service}/Dockerfile`, 'FROM scratch\nCOPY app.txt /\n');
  stage.workspace.commit();
});

const build = async (inputs: Record<string, string>, environment: Record<string, string> = {}) =>
  succeeded(await stage.run(inputs, environment));

const joinParts = (inputs: Record<string, string> = {}, environment: Record<string, string> = {}) =>
  stage.run({ ...JOIN, 'build-secrets': '', ...inputs }, { ...WITHOUT_BUILDER, ...environment });

const codes = ({ outputs }: StepResult) => outputs['error'];

/** Changes slipway.yaml, and commits it. */
function edit(from: string, to: string): void {
  const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
  stage.workspace.write('slipway.yaml', file.replace(from, to));
  stage.workspace.commit();
}

/** What another client reads. */
async function crane(...args: string[]): Promise<string> {
  const env = { PATH: '/usr/bin:/bin', DOCKER_CONFIG: stage.registry.dockerConfig ?? '' };
  return execFileSync(await toolPath('crane'), [...args, '--insecure'], { env, encoding: 'utf8' });
}

const nameOf = (service: string, tag = 'v1') => `${stage.registry.address}/${stage.path}/${service}:${tag}`;

describe('platforms that are built as parts', () => {
  it('make the very index that one job makes, once they are joined', async () => {
    const whole = snapshotOf(await build({ platforms: BOTH, 'deployment-tag': 'v0' }));
    const parts = await Promise.all([build(AMD64), build(ARM64)]);
    for (const { outputs } of parts) {
      expect(outputs).not.toHaveProperty('snapshot');
      expect(outputs).not.toHaveProperty('deployment-tag');
      expect(Object.keys(JSON.parse(outputs['images'] ?? ''))).toEqual(['api', 'web']);
    }
    for (const service of SERVICES) expect(stage.tagsOf(service)).toEqual(['v0']);
    const joined = snapshotOf(succeeded(await joinParts()));
    expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    for (const service of SERVICES) {
      const { inputs: _inputs, ...image } = joined.images[service] ?? {};
      expect(whole.images[service]).toMatchObject(image);
    }
    for (const service of ['api', 'web']) {
      expect(Object.keys(joined.images[service]?.platforms ?? {})).toEqual(BOTH.split(', '));
      expect(joined.images[service]?.inputs).toMatch(/^sha256:/);
      for (const platform of BOTH.split(', ')) {
        const config = JSON.parse(await crane('config', nameOf(service), '--platform', platform));
        expect(`${config.os}/${config.architecture}`).toBe(platform);
      }
      await crane('validate', '--remote', nameOf(service));
    }
  });

  it('keep what is said about them', async () => {
    await build({ ...AMD64, provenance: 'min' });
    await build({ ...ARM64, provenance: 'min' });
    succeeded(await joinParts());
    const { manifests } = JSON.parse(await crane('manifest', nameOf('api'))) as { manifests: JsonObject[] };
    const about = manifests.map(
      ({ annotations }) => (annotations as JsonObject | undefined)?.['vnd.docker.reference.digest'],
    );
    const [amd64, arm64] = manifests.map(({ digest }) => digest);
    expect(about).toEqual([undefined, undefined, amd64, arm64]);
    for (const { digest } of manifests)
      expect(await crane('manifest', `${nameOf('api').replace(/:v1$/, '')}@${digest}`)).toContain('layers');
  });

  it('are not built again where nothing changed since they passed', async () => {
    edit('build: {context: web}', 'build: {context: web, depends-on: [api]}');
    stage.workspace.write('web/Dockerfile', 'FROM api\nCOPY --from=api /app.txt /again.txt\n');
    stage.workspace.commit();
    await build(AMD64);
    await build(ARM64);
    const first = snapshotOf(succeeded(await joinParts()));
    for (const destination of ['main', 'second']) await stage.pass(first, destination);
    const second = { GITHUB_RUN_ID: '1002' };
    const parts = [await build(AMD64, second), await build(ARM64, second)];
    for (const { log } of parts)
      expect(log.match(/Not built: nothing changed since v1, which passed/g)).toHaveLength(2);
    const kept = succeeded(await joinParts({ 'deployment-tag': 'v2' }, second));
    expect(snapshotOf(kept).images).toEqual(first.images);
    expect(kept.summary).toMatch(/\| api \|.*\| kept \|/);

    stage.workspace.write('api/app.txt', 'new\n');
    stage.workspace.commit();
    const third = { GITHUB_RUN_ID: '1003' };
    await build(AMD64, third);
    await build(ARM64, third);
    const changed = snapshotOf(succeeded(await joinParts({ 'deployment-tag': 'v3' }, third)));
    for (const service of ['api', 'web'])
      expect(changed.images[service]?.digest).not.toBe(first.images[service]?.digest);
  });

  it('are taken from an image of more platforms, and joined with a new one', async () => {
    await build({ ...AMD64, part: 'all', platforms: BOTH });
    const first = snapshotOf(succeeded(await joinParts({ parts: 'all' })));
    for (const destination of ['main', 'second']) await stage.pass(first, destination);
    const second = { GITHUB_RUN_ID: '1002' };
    const reused = await build(AMD64, second);
    expect(reused.log).toContain('Not built: nothing changed since v1, which passed');
    await build({ part: 's390x', platforms: 'linux/s390x' }, second);
    const platforms = 'linux/s390x, linux/amd64';
    const inputs = { parts: 'amd64, s390x', platforms, 'deployment-tag': 'v2' };
    const { api } = snapshotOf(succeeded(await joinParts(inputs, second))).images;
    expect(Object.keys(api?.platforms ?? {})).toEqual(platforms.split(', '));
    expect(api?.platforms?.['linux/amd64']).toBe(first.images['api']?.platforms?.['linux/amd64']);
  });
});

describe('services that are built as parts', () => {
  it('make one snapshot', async () => {
    const [whole, ...parts] = [
      await build({ 'deployment-tag': 'v0' }),
      await build({ part: 'api', services: 'api' }),
      await build({ part: 'web', services: 'web' }),
    ];
    expect(parts.map(({ outputs }) => Object.keys(JSON.parse(outputs['images'] ?? '')))).toEqual([
      ['api'],
      ['web'],
    ]);
    const joined = snapshotOf(succeeded(await joinParts({ parts: 'api, web', platforms: '' })));
    expect(joined.images).toEqual(snapshotOf(whole as StepResult).images);
    expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
  });

  it('are not built again either, and a platform that is named is looked up', async () => {
    const named = { platforms: 'linux/amd64' };
    const [api, web] = ['api', 'web'].map(name => ({ part: name, services: name, ...named }));
    const inputs = { parts: 'api, web', ...named };
    for (const part of [api, web]) await build(part ?? {});
    const first = snapshotOf(succeeded(await joinParts(inputs)));
    for (const destination of ['main', 'second']) await stage.pass(first, destination);
    const second = { GITHUB_RUN_ID: '1002' };
    expect((await build(api ?? {}, second)).log).toContain('Not built: nothing changed since v1');
    const other = { ...web, platforms: 'linux/arm64' };
    expect((await build(other, second)).log).not.toContain('Not built');
    const result = await joinParts({ ...inputs, platforms: '', 'deployment-tag': 'v2' }, second);
    expectFailure(result, /no part built "web" for "linux\/amd64"/);
    expect(codes(result)).toBe('parts-incomplete');
  });

  it('may start from a ready-made image, and from one that another snapshot has', async () => {
    edit('build: {context: web}', 'build: {context: web, depends-on: [api, cache]}');
    stage.workspace.write('web/Dockerfile', 'FROM api\nCOPY --from=cache /etc /etc\n');
    stage.workspace.commit();
    expectFailure(
      await stage.run({ part: 'web', services: 'web' }),
      /"web" starts from "api", which the part "web" does not build/,
    );
    await build({ 'deployment-tag': 'v0' });
    const rest = { services: 'web', 'rest-from': 'v0' };
    await build({ part: 'web', ...rest });
    const joined = snapshotOf(succeeded(await joinParts({ parts: 'web', platforms: '', ...rest })));
    expect(joined.images['api']?.digest).toBe(await stage.tagged('api', 'v0'));
    // Where the joining job has another image of it, the part is of no use.
    stage.workspace.write('api/app.txt', 'new\n');
    stage.workspace.commit();
    await build({ part: 'web', ...rest }, { GITHUB_RUN_ID: '1002' });
    await build({ part: 'api', services: 'api' }, { GITHUB_RUN_ID: '1002' });
    const inputs = { parts: 'api, web', platforms: '', 'deployment-tag': 'v2' };
    const result = await joinParts(inputs, { GITHUB_RUN_ID: '1002' });
    expectFailure(result, /the part "web" started from another image of "api"/);
    expect(codes(result)).toBe('parts-disagree');
  });
});

describe('parts that do not fit', () => {
  const nothingTagged = async (result: StepResult, code: string, sentence: RegExp) => {
    expectFailure(result, sentence);
    expect(codes(result)).toBe(code);
    expect(await stage.taggedServices('v1')).toEqual([]);
    for (const service of SERVICES) expect(stage.tagsOf(service)).toEqual([]);
  };

  it('tag nothing: one that is missing', async () => {
    await build(AMD64);
    await nothingTagged(
      await joinParts(),
      'part-missing',
      /the registry has no part "arm64" of run 1001; look/,
    );
  });

  it('tag nothing: one of another run', async () => {
    await build(AMD64);
    await build(ARM64, { GITHUB_RUN_ID: '1002' });
    await nothingTagged(await joinParts(), 'part-missing', /no part "arm64" of run 1001/);
  });

  it('tag nothing: one that a later attempt began and did not finish; what it left alone counts', async () => {
    await build(AMD64);
    await build(ARM64);
    stage.workspace.write('web/Dockerfile', 'FROM scratch\nCOPY missing /\n');
    expectFailure(await stage.run(ARM64, { GITHUB_RUN_ATTEMPT: '2' }), /"web" does not build/);
    const later = { GITHUB_RUN_ATTEMPT: '2' };
    const sentence = /the part "arm64" of run 1001 was begun in attempt 2 and not finished/;
    await nothingTagged(await joinParts({}, later), 'part-missing', sentence);
    stage.workspace.write('web/Dockerfile', 'FROM scratch\nCOPY app.txt /\n');
    await build(ARM64, { GITHUB_RUN_ATTEMPT: '3' });
    succeeded(await joinParts({}, { GITHUB_RUN_ATTEMPT: '3' }));
  });

  it('tag nothing: one of another commit', async () => {
    await build(AMD64);
    stage.workspace.commit();
    await build(ARM64);
    await nothingTagged(
      await joinParts(),
      'part-foreign',
      /the part "amd64" is of the commit "\w+", and this job of/,
    );
  });

  it('tag nothing: two with the same, one that no one names, and one that lacks something, told together', async () => {
    await build(AMD64);
    await build({ ...ARM64, services: 'web', platforms: BOTH });
    const result = await joinParts({ platforms: 'linux/amd64' });
    await nothingTagged(
      result,
      'part-surplus',
      /the parts "amd64" and "arm64" both built "web" for "linux\/amd64"/,
    );
    expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(
      /built "web" for "linux\/arm64", which the input "platforms" of this job does not name/,
    );
    const gap = await joinParts({ platforms: '' });
    expect(gap.annotations.map(({ message }) => message).join('\n')).toMatch(
      /no part built "api" for "linux\/arm64"/,
    );
    expectFailure(await joinParts({ services: 'api', 'rest-from': 'v0' }), /"v0" is neither/);
  });

  it('tag nothing: two of a service that do not say for which platforms', async () => {
    await build({ part: 'amd64' });
    await build({ part: 'arm64' });
    await nothingTagged(
      await joinParts({ platforms: '' }),
      'parts-overlap',
      /not each of them says for which/,
    );
  });

  it('tag nothing: two that were built from different things', async () => {
    await build(AMD64);
    // Not committed, as what an earlier step of the job makes is not.
    stage.workspace.write('web/app.txt', 'another\n');
    await build(ARM64);
    await nothingTagged(
      await joinParts(),
      'parts-disagree',
      /the parts "amd64" and "arm64" built "web" from different inputs/,
    );
  });

  it('tag nothing: one whose image the registry no longer has', async () => {
    const { outputs } = await build(AMD64);
    await build(ARM64);
    const image = (JSON.parse(outputs['images'] ?? '') as Record<string, string>)['web'] ?? '';
    const repository = `${stage.path}/web`;
    const path = `${repository}/manifests/${image.replace(/^.*@/, '')}`;
    const deleted = await send(stage.registry, path, { method: 'DELETE' }, repository);
    expect(deleted.status).toBe(202);
    await nothingTagged(await joinParts(), 'image-not-found', /the registry has no image ".*web@sha256:/);
  });

  it('are not begun twice in one attempt under one name', async () => {
    await build(AMD64);
    const result = await stage.run({ ...ARM64, part: 'amd64' });
    expectFailure(result, /another job builds the part "amd64" in this attempt of run 1001/);
    expect(codes(result)).toBe('part-taken');
  });

  it('are not begun twice at the same moment either: one of the jobs fails', async () => {
    const results = await Promise.all([AMD64, { ...ARM64, part: 'amd64' }].map(inputs => stage.run(inputs)));
    expect(results.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    const lost = results.filter(({ exitCode }) => exitCode === 1);
    expect(lost.map(codes)).toEqual(['part-taken']);
  });

  it('are not taken from anyone who can push, where there is a key', async () => {
    const key = { 'record-key': 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=' };
    await build({ ...AMD64, ...key });
    await build(ARM64);
    await nothingTagged(
      await joinParts(key),
      'artifact-unverified',
      /the part ".*snapshots:part\.1001\.ar.* has no MAC/,
    );
    await build({ ...ARM64, 'record-key': '' }, { GITHUB_RUN_ATTEMPT: '2' });
    // Someone gives a part that has a MAC another name.
    const tag = (part: string) => nameOf('snapshots', `part.1001.${part}`);
    await crane('copy', tag('amd64'), tag('arm64'));
    await nothingTagged(
      await joinParts(key),
      'part-invalid',
      /is of another application, registry, run or part/,
    );
  });
});

describe('a pull request', () => {
  it('builds its parts, pushes nothing, and has nothing to join', async () => {
    const event = {
      eventName: 'pull_request',
      event: { pull_request: { head: { repo: { full_name: 'acme/shop' } } } },
    };
    for (const inputs of [AMD64, ARM64]) succeeded(await stage.run(inputs, {}, event));
    const { 'deployment-tag': _tag, ...inputs } = JOIN;
    const joined = succeeded(await stage.run({ ...inputs, 'build-secrets': '' }, WITHOUT_BUILDER, event));
    expect(joined.log).toContain('Nothing is pushed, so there are no parts to join');
    expect(joined.outputs).not.toHaveProperty('snapshot');
    expect(stage.stored()).toEqual([]);
  });
});
