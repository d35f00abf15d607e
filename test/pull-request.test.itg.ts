import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commit, git, pullRequest, repository, scratch } from '@slipway/testkit/git';
import { APPLICATION, edited } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { ROOT } from './support/sources.ts';

const CHECK = readFileSync(join(ROOT, 'examples/shop/.github/workflows/check.yml'), 'utf8');

/** The example's workflow for pull requests, run for one that makes a change. */
async function check(edits: Parameters<typeof edited>[1]): Promise<WorkflowRun> {
  const files = { ...APPLICATION, '.github/workflows/check.yml': CHECK };
  const folder = repository(files);
  await useLocalActions(folder);
  commit(folder, {}, 'Bring the actions');
  const { base, head, merge } = pullRequest(folder, edited(files, edits));
  git(folder, 'checkout', '--quiet', merge);
  return await runWorkflow({
    repository: folder,
    file: 'check.yml',
    event: 'pull_request',
    payload: {
      pull_request: { number: 1, base: { sha: base }, head: { sha: head }, user: { login: 'ada' } },
    },
    secrets: {},
    environment: {},
    path: '/usr/bin:/bin',
    home: scratch(),
  });
}

describe("the example's workflow for pull requests", () => {
  it('succeeds where nothing breaks a rule', async () => {
    const { exitCode, log } = await check({ 'stencils/web.yaml': replacing('port: 80', 'port: 81') });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(log).toContain('Rules come from the base commit');
  });

  it('fails for a pull request that breaks a rule and removes it', async () => {
    const { exitCode, log, summary } = await check({
      'stencils/web.yaml': replacing(', labels: { team: storefront }', ''),
      'policies/ownership.yaml': undefined,
    });
    expect([exitCode, log]).toEqual([
      1,
      expect.stringContaining('the review failed for shop, production/eu'),
    ]);
    expect(summary).toContain('the rules of the base commit, which apply until this is merged');
    expect(summary).toContain('is removed; it applies until this is merged');
  });
});
