import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runtimeToken, startGithubCache } from './github-cache.ts';
import { setStage, succeeded } from './stage.ts';

const stage = setStage();

describe("GitHub's cache for workflows", () => {
  let cache: Awaited<ReturnType<typeof startGithubCache>>;
  let marker: string;
  const token = runtimeToken();
  /** What a runner gives every action, and no other step. */
  const environment = () => ({
    ACTIONS_CACHE_SERVICE_V2: 'true',
    ACTIONS_RESULTS_URL: cache.url,
    ACTIONS_RUNTIME_TOKEN: token,
  });
  const ran = (log: string) => new RegExp(`^#\\d+ [\\d.]+ ${marker}$`, 'm').test(log);
  const forgetSteps = () =>
    execFileSync('buildctl', ['prune', '--all'], {
      env: { PATH: stage.programs, BUILDKIT_HOST: stage.buildkitAddress },
    });

  beforeEach(async () => {
    cache = await startGithubCache();
    marker = randomUUID();
    // BuildKit may not find the cached steps of builds that run at the same time (https://github.com/moby/buildkit/issues/4674): there is one.
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    stage.workspace.write('slipway.yaml', file.replace(/^ {4}api:\n.*\n/m, ''));
    rmSync(join(stage.workspace.path, 'stencils/api.yaml'));
    stage.workspace.write('web/Dockerfile', `FROM ${stage.images.base.name}\nRUN echo ${marker}\n`);
    stage.workspace.commit();
  });

  afterEach(() => cache.stop());

  it('has the steps that another runner built', async () => {
    const inputs = { cache: 'gha', rebuild: 'always' };
    const first = succeeded(await stage.run(inputs, environment()));
    expect(ran(first.log)).toBe(true);
    expect(cache.calls).toContain('FinalizeCacheEntryUpload');
    expect([...cache.logins]).toEqual([`Bearer ${token}`]);
    forgetSteps();
    const second = succeeded(await stage.run(inputs, { ...environment(), GITHUB_RUN_NUMBER: '2' }));
    expect(ran(second.log)).toBe(false);
    for (const { raw } of [first, second]) expect(raw).not.toContain(token);
  });

  it('is read and not written for a pull request', async () => {
    const event = { pull_request: { head: { repo: { full_name: 'stranger/shop' } } } };
    succeeded(await stage.run({ cache: 'gha' }, environment(), { eventName: 'pull_request', event }));
    expect(new Set(cache.calls)).toEqual(new Set(['GetCacheEntryDownloadURL']));
    expect(stage.stored()).toEqual([]);
  });
});
