import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pullRequest, repository } from '@slipway/testkit/git';
import { reviewPullRequest } from '@slipway/testkit/pull-requests';
import { load } from 'js-yaml';
import { WEB } from './support/hello.ts';
import { blocksOf, filesOf } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

interface Step {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

const page = filesOf(blocksOf(readFileSync(join(ROOT, 'docs/start.md'), 'utf8')));
const workflow = page.get('.github/workflows/review.yml') ?? '';
/** What runs today. */
const MANIFESTS = WEB.replace('${image.web}', 'ghcr.io/acme/hello:1');

describe('the first three minutes of docs/start.md', () => {
  it('is eleven lines, with the one permission that a comment takes and no secret', () => {
    expect(workflow.trim().split('\n').length).toBe(11);
    expect(workflow).not.toContain('secrets.');
    expect(load(workflow)).toMatchObject({
      permissions: { contents: 'read', 'pull-requests': 'write', statuses: 'write' },
    });
  });

  it('shows what a pull request changes in k8s/, and what is wrong with it, without another file', async () => {
    const started = performance.now();
    const origin = repository({ 'k8s/web.yaml': MANIFESTS });
    const commits = pullRequest(origin, {
      '.github/workflows/review.yml': workflow,
      'k8s/web.yaml': MANIFESTS.replace('replicas: 2', 'replicas: 3').replace(
        'image:',
        'imagePullPolcy: Always\n          image:',
      ),
    });
    const { jobs } = load(workflow) as { jobs: { review: { steps: readonly Step[] } } };
    const inputs = jobs.review.steps.at(-1)?.with ?? {};
    const { summary, annotations } = await reviewPullRequest({ edits: {}, inputs, of: { origin, commits } });
    console.log(`the first comment: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    expect(summary).toContain('spec.replicas');
    expect(summary).toContain('imagePullPolicy');
    expect(annotations).toContainEqual(
      expect.objectContaining({ severity: 'error', message: expect.stringContaining('imagePullPolcy') }),
    );
  });
});
