import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRenderedTree } from '@slipway/render';
import { createJob, runStep } from '@slipway/testbed/runner';
import { commit, git, plantRepository, scratch } from '@slipway/testkit/git';
import { replacing, shopWith } from '@slipway/testkit/shop';

const ACTION = resolve(import.meta.dirname, '..');

describe('the bundle', () => {
  it('does not take files of a commit for the checkout of a shared repository', async () => {
    const workspace = shopWith({
      'slipway.yaml': replacing('spec:\n', 'spec:\n  paths: [platform]\n'),
      'platform/stencils/limits.yaml': () =>
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\ndata: {a: b}\n',
    });
    git(workspace, 'init', '--quiet', '--initial-branch=main');
    const platform = join(workspace, 'platform');
    const planted = plantRepository(platform, ['stencils'], join(scratch(), 'ran'));
    const revision = commit(workspace, {});
    expect(git(workspace, 'ls-files', 'platform/HEAD', 'platform/config')).toContain('platform/HEAD');
    const job = createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' });
    const result = await runStep(job, { action: ACTION, inputs: { formation: 'production' } });
    expect([result.exitCode, result.exitCode === 0 ? '' : result.log]).toEqual([0, '']);
    const [rendered] = await readRenderedTree(result.outputs['manifests'] ?? '');
    expect(rendered?.rendered.configRevision).toBe(revision);
    expect(rendered?.rendered.sharedRevisions ?? {}).toEqual({});
    expect(JSON.stringify(rendered?.rendered)).not.toContain(planted.commit);
    expect(planted.wasRun()).toBe(false);
  });
});
