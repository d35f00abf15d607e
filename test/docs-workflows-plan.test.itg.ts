import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useTestbed } from '@slipway/testbed/jest';
import { commit, git, pullRequest, repository, scratch } from '@slipway/testkit/git';
import { APPLICATION, edited } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

/** The workflow of the page. act does not know `deployment` yet; actionlint does. */
const WORKFLOW = (
  /^```yaml\n(# \.github\/workflows\/plan\.yml\n.*?)^```$/ms.exec(
    readFileSync(join(ROOT, 'docs/rights.md'), 'utf8'),
  )?.[1] ?? ''
).replace(', deployment: false', '');

describe('the plan of a pull request with a cluster, as docs/rights.md shows it', () => {
  const testbed = useTestbed({ parts: ['cluster'] });
  let plan: WorkflowRun;
  let ofFork: WorkflowRun;

  beforeAll(async () => {
    await apply('{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }');
    await apply(await readFile(join(ROOT, 'examples/roles/planner.yaml'), 'utf8'));
    const secrets = { PLANNER_KUBECONFIG: await planner() };
    plan = await runPlan('acme/shop', secrets);
    ofFork = await runPlan('mallory/shop', secrets);
  }, 600_000);

  async function apply(text: string): Promise<void> {
    const file = join(scratch(), 'objects.yaml');
    await writeFile(file, text);
    await kubectl('apply', '--filename', file);
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { kubectl: program, kubeconfig } = testbed.cluster;
    return (await run(program, ['--kubeconfig', kubeconfig, ...args])).stdout;
  }

  async function planner(): Promise<string> {
    return await readFile(await testbed.cluster.userKubeconfig('planner'), 'utf8');
  }

  it('needs no more than the Role that is shipped, and writes nothing', async () => {
    expect(plan.exitCode === 0 ? '' : plan.log).toBe('');
    expect(plan.jobs).toEqual([{ id: 'plan', result: 'success' }]);
    expect(plan.log).toContain('set-output:: changes=2');
    expect(plan.summary).toMatch(/2 .*by a local merge/);
    const kinds = 'deployments,services,secrets,leases';
    expect(await kubectl('--namespace', 'shop', 'get', kinds, '--output', 'name')).toBe('');
  });

  it('is left out for a fork', () => {
    expect([ofFork.exitCode, ofFork.jobs]).toEqual([0, []]);
  });
});

/** Runs the workflow for pull request 1. @param from the repository of its branch */
async function runPlan(from: string, secrets: Readonly<Record<string, string>>): Promise<WorkflowRun> {
  const files = { ...APPLICATION, '.github/workflows/plan.yml': WORKFLOW };
  const folder = repository(files);
  git(folder, 'remote', 'add', 'origin', 'https://github.com/acme/shop');
  await useLocalActions(folder);
  commit(folder, {}, 'Bring the actions');
  const changes = { 'stencils/web.yaml': replacing('port: 80', 'port: 81') };
  const { base, head, merge } = pullRequest(folder, edited(files, changes));
  git(folder, 'checkout', '--quiet', merge);
  const pull = { number: 1, base: { sha: base }, user: { login: 'ada' } };
  return await runWorkflow({
    repository: folder,
    file: 'plan.yml',
    event: 'pull_request',
    payload: { pull_request: { ...pull, head: { sha: head, repo: { full_name: from } } } },
    secrets,
    environment: {},
    path: '/usr/bin:/bin',
    home: scratch(),
  });
}
