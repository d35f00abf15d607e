import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createJob, runStep } from '@slipway/testbed/runner';
import { setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

describe('a shallow clone, as actions/checkout makes it', () => {
  it('gives images that it gives too when nothing but other files changed, and fetches no files of the past', async () => {
    const { workspace } = stage;
    workspace.write('old.txt', `${'a large file of the past\n'.repeat(100)}${randomUUID()}`);
    workspace.commit();
    workspace.write('old.txt', 'small now\n');
    workspace.commit();
    const whole = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1' })));
    workspace.write('README.md', 'not of any image\n');
    const revision = workspace.commit();
    execFileSync('git', ['-C', workspace.path, 'config', 'uploadpack.allowFilter', 'true']);
    const clone = join(stage.scratch, `clone-${randomUUID()}`);
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${workspace.path}`, clone]);
    const job = createJob({
      workspace: clone,
      directory: stage.scratch,
      path: stage.programs,
      environment: { BUILDKIT_HOST: stage.buildkitAddress, DOCKER_CONFIG: stage.registry.dockerConfig ?? '' },
    });
    const inputs = { 'deployment-tag': 'v2', 'build-secrets': 'token=a-token-of-the-clone' };
    const result = succeeded(await runStep(job, { action: stage.action, inputs }));
    expect(result.outputs['git-revision']).toBe(revision);
    for (const service of ['api', 'web'])
      expect(snapshotOf(result).images[service]).toEqual(whole.images[service]);
    const objects = execFileSync('git', ['-C', clone, 'rev-list', '--objects', '--all', '--missing=print'], {
      encoding: 'utf8',
    });
    expect(objects).toMatch(/^\?[0-9a-f]{40}$/m);
  });
});
