import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type ImageBuild, tryImage } from '@slipway/build';
import type { Exec } from '@slipway/core';
import { plantRepository, repository, scratch } from '@slipway/testkit/git';

// buildx looks for a repository in the context, for its provenance: https://github.com/docker/buildx/blob/v0.30.1/build/git.go
it('buildx is started so that its Git takes no files of the context for a repository', async () => {
  const workspace = repository({ 'api/Dockerfile': 'FROM scratch\n' });
  const context = join(workspace, 'api');
  const planted = plantRepository(context, ['Dockerfile'], join(scratch(), 'ran'));
  const answers: (number | null)[] = [];
  const exec: Exec = async (_command, _args, { environment } = {}) => {
    for (const question of [
      ['show', '--format=%H', 'HEAD', '--quiet'],
      ['status', '--porcelain', '--ignored'],
    ])
      answers.push(spawnSync('git', question, { cwd: context, env: { ...environment } }).status);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const build: ImageBuild = {
    ...{ service: 'api', context, dockerfile: join(context, 'Dockerfile'), dockerfileName: 'api/Dockerfile' },
    ...{ contexts: {}, args: {}, secrets: [], platforms: [], labels: {}, sourceDateEpoch: 0 },
    ...{ repository: 'localhost/api', plainHttp: false, cache: 'none', ssh: false },
  };
  await tryImage({ kind: 'buildx', command: 'docker', prefix: ['buildx'] }, build, {
    ...{ exec, secrets: new Map(), plainHttpRegistries: [], onLine: () => {} },
    ...{ environment: { PATH: process.env['PATH'] }, temporaryDirectory: scratch() },
    pushLayout: () => Promise.reject(new Error('nothing is pushed')),
  });
  expect(answers).toEqual([128, 128]);
  expect(planted.wasRun()).toBe(false);
});
