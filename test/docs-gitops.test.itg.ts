import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { commit, git, repository, scratch, write } from '@slipway/testkit/git';
import { parseDocument } from '@slipway/yaml';
import { blocksIn } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

const [WORKFLOW = ''] = blocksIn(readFileSync(join(ROOT, 'docs/gitops.md'), 'utf8'), 'yaml');

/** The last step of the workflow, which commits the rendered tree. */
function script(): string {
  const { jobs } = parseDocument(WORKFLOW, 'docs/gitops.md').value as unknown as {
    readonly jobs: { readonly render: { readonly steps: readonly { readonly run?: string }[] } };
  };
  return jobs.render.steps.at(-1)?.run ?? '';
}

describe('the workflow of docs/gitops.md commits what was rendered', () => {
  let workspace: string;
  let origin: string;

  beforeEach(() => {
    workspace = scratch();
    origin = repository({ 'README.md': '# Deployments\n', 'shop/staging/gone.yaml': 'kind: Old\n' });
    git(origin, 'config', 'receive.denyCurrentBranch', 'ignore');
    git(workspace, 'clone', '--quiet', origin, 'deployments');
  });

  async function commitRendered(
    files: Readonly<Record<string, string>>,
    seals: readonly string[],
  ): Promise<void> {
    const rendered = scratch();
    const manifests = Object.entries(files).map(([name, text]) => [`manifests/${name}`, text]);
    write(rendered, { ...Object.fromEntries(manifests), 'rendered.json': JSON.stringify({ seals }) });
    const env = { PATH: process.env['PATH'], HOME: workspace, RENDERED: rendered, GITHUB_SHA: 'c0ffee' };
    // GitHub runs a step with these flags.
    await run('bash', ['-e', '-c', script()], { cwd: workspace, env });
  }

  function committed(): string {
    return git(origin, 'ls-tree', '-r', '--name-only', 'main');
  }

  it('without what has left it', async () => {
    await commitRendered({ 'web.yaml': 'kind: Deployment\n' }, []);
    expect(committed()).toBe('README.md\nshop/staging/web.yaml');
    expect(git(origin, 'log', '-1', '--format=%s', 'main')).toBe('shop: c0ffee to staging');
  });

  it('only if it differs', async () => {
    await commitRendered({ 'gone.yaml': 'kind: Old\n' }, []);
    expect(git(origin, 'rev-list', '--count', 'main')).toBe('1');
  });

  it('never with a sealed Secret, whose content only deploy knows', async () => {
    await expect(commitRendered({ 'web.yaml': 'kind: Secret\n' }, ['web'])).rejects.toThrow();
    expect(committed()).toContain('gone.yaml');
  });

  it('fails where someone else has pushed meanwhile, rather than overwrite it', async () => {
    commit(origin, { 'shop/staging/other.yaml': 'kind: Other\n' });
    await expect(commitRendered({ 'web.yaml': 'kind: Deployment\n' }, [])).rejects.toThrow();
    expect(committed()).toContain('other.yaml');
  });
});
