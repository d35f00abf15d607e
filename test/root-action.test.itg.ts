import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { BROKEN_CHANGE, cloneShop, type Shop } from '../demo/shop.ts';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { ROOT } from './support/sources.ts';
import { digestOfTag, liveImage, stageForTests } from './support/stage.ts';

const MINUTES = 60_000;
const RECORD_KEY = 'a2V5IG9mIHRoZSByZWNvcmRzIG9mIHRoZSBzaG9wIQ==';

let stage: Stage;
let shop: Shop;
let release: StepResult;
let broken: StepResult;

beforeAll(async () => {
  stage = await stageForTests();
  shop = await cloneShop(stage, join(stage.directory, 'repository'));
  await shop.commit('Open the shop');
  release = await runPipeline({ kubeconfig: stage.kubeconfig });
  await shop.commit(BROKEN_CHANGE.message, BROKEN_CHANGE.changes);
  broken = await runPipeline({ kubeconfig: stage.kubeconfig });
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

async function runPipeline(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const job = createJob({
    workspace: shop.directory,
    directory: stage.directory,
    path: stage.path,
    environment: stage.builder,
  });
  const common = {
    formation: 'staging',
    secrets: 'env=STAGING_DATABASE_PASSWORD',
    'stable-for': '1s',
    'record-key': RECORD_KEY,
  };
  return await runStep(job, { action: ROOT, inputs: { ...common, ...inputs }, environment: SECRETS });
}

/** The lines that GitHub shows as headings: after a blank line, since a block of HTML before them would go on until one. */
function headingsOf(summary: string): string[] {
  return [...summary.matchAll(/(?<=\n\n)#{1,6} [^\n]*/g)].map(([line]) => line);
}

describe('the pipeline as one step', () => {
  it('takes a repository to a verified release', async () => {
    expect(release.exitCode === 0 ? '' : release.log).toBe('');
    expect(release.outputs).toMatchObject({
      'check-verdict': 'passed',
      release: '1',
      'verify-verdict': 'succeeded',
      digest: expect.stringMatching(/^sha256:/),
    });
    const images = JSON.parse(release.outputs['images'] ?? '{}') as Record<string, string>;
    expect(await liveImage(stage, 'deployment', 'web', 'shop-staging')).toBe(images['web']);
  });

  it('has the summaries of all five steps, each below a heading that is one', () => {
    const tag = release.outputs['deployment-tag'] ?? '?';
    expect(headingsOf(release.summary)).toEqual([
      expect.stringMatching(`^### shop: <code>${tag}</code>`),
      `### Rendered shop: <code>${tag}</code>`,
      '### Policy check: passed',
      `### ⏳ shop/staging at main: <code>${tag}</code> written, not verified yet`,
      `## ✅ shop/staging at main: <code>${tag}</code> succeeded`,
      '#### Timeline',
    ]);
  });

  it('ends with the headline, and says nothing of a success before there is a verdict', () => {
    const [before = '', after = ''] = release.summary.split('## ✅ ');
    expect(before).not.toMatch(/✅|succeeded|verified in/);
    for (const part of [
      '- Release 1 in namespace <code>shop-staging</code>',
      'objects written: ',
      '- Deployed by ',
      'verified in ',
    ])
      expect(after).toContain(part);
    // Below the heading of deploy there is one line, and one that opens.
    const deployed = before.slice(before.indexOf('### ⏳ ')).replace(/<details>[\s\S]*<\/details>/, '');
    expect(deployed.trim().split(/\n+/)).toHaveLength(2);
  });

  it('says in one line what failed and what runs again, with the evidence open', () => {
    const tag = broken.outputs['deployment-tag'] ?? '?';
    const before = release.outputs['deployment-tag'] ?? '?';
    const headings = headingsOf(broken.summary);
    expect(headings).toContain(
      `## ↩️ shop/staging at main: <code>${tag}</code> failed and was rolled back to <code>${before}</code>`,
    );
    expect(headings).toContainEqual(
      expect.stringMatching(/^#### Evidence for <code>Deployment shop-staging\/api/),
    );
    expect(broken.summary).toContain(`; before it, release 1 (<code>${before}</code>) succeeded\n`);
  });

  it('fails with the reason when a version cannot start, and has rolled it back', async () => {
    expect(broken.exitCode).toBe(1);
    expect(broken.outputs).toMatchObject({ release: '2', 'verify-verdict': 'rolled-back' });
    expect(broken.log).toContain('cannot start: no price list at /etc/shop/prices.json');
    const before = JSON.parse(release.outputs['images'] ?? '{}') as Record<string, string>;
    expect(await liveImage(stage, 'deployment', 'api', 'shop-staging')).toBe(before['api']);
  });

  it('shows its record-key nowhere', () => {
    for (const { raw, summary } of [release, broken])
      expect(`${raw.replaceAll(/::add-mask::.*/g, '')}${summary}`).not.toContain(RECORD_KEY);
  });

  it('tells what is wrong with the inputs of a later step before it builds anything', async () => {
    const result = await runPipeline({ 'deployment-tag': 'never-built', 'deploy-timeout': 'soon' });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('input "deploy-timeout" is "soon"'),
    ]);
    expect(result.outputs).toEqual({ error: 'input-invalid' });
    expect(result.summary).toContain('/docs/errors.md#input-invalid');
    expect(await digestOfTag(stage, 'acme/shop/api', 'never-built')).toBeUndefined();
  });

  it('checks without a cluster where it is told to go no further', async () => {
    const result = await runPipeline({ steps: 'build, render, check' });
    expect(result.outputs).toMatchObject({ 'check-verdict': 'passed' });
    expect(result.outputs).not.toHaveProperty('release');
  });
});
