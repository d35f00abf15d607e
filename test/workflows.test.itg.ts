import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneShop } from '../demo/shop.ts';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { runWorkflow, useLocalActions, type WorkflowOptions, type WorkflowRun } from './support/act.ts';
import { liveImage, liveObjects, stageForTests } from './support/stage.ts';

const MINUTES = 60_000;

let stage: Stage;
let release: WorkflowRun;
let promotion: WorkflowRun;

beforeAll(async () => {
  stage = await stageForTests();
  const repository = join(stage.directory, 'repository');
  const shop = await cloneShop(stage, repository);
  await useLocalActions(repository);
  // No one watches, so a release need not be stable for long.
  await shop.commit('Open the shop', {
    'formations/staging.yaml': text => text.replace('stable-for: 10s', 'stable-for: 2s'),
    'formations/production.yaml': text => text.replace('stable-for: 30s', 'stable-for: 2s'),
  });
  const common: Omit<WorkflowOptions, 'file' | 'event'> = {
    repository,
    secrets: { KUBECONFIG: readFileSync(stage.kubeconfig, 'utf8'), ...SECRETS },
    environment: stage.builder,
    path: stage.path,
    home: join(stage.directory, 'act'),
  };
  release = await runWorkflow({ ...common, file: 'release.yml', event: 'push' });
  promotion = await runWorkflow({ ...common, file: 'promote.yml', event: 'workflow_dispatch' });
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

/** Empty for a run that succeeded, else its log, so that a failure shows it. */
function complaint({ exitCode, log }: WorkflowRun): string {
  return exitCode === 0 ? '' : log;
}

describe('the workflow of a push to main', () => {
  it('succeeds', () => {
    expect(complaint(release)).toBe('');
  });

  it('leaves a verified release in staging', async () => {
    const image = await liveImage(stage, 'deployment', 'api', 'shop-staging');
    expect(image).toContain('@sha256:');
    expect(release.outputs('staging', 'deploy')).toMatchObject({ release: '1' });
  });

  it('tells in the summary what each step did', () => {
    const tag = release.outputs('staging', 'build')['deployment-tag'] ?? '';
    expect(release.summary).toContain(tag);
    expect(release.summary).toMatch(/succeeded/i);
  });
});

describe('the workflow of a promotion', () => {
  it('succeeds, in a job for each wave, one after the other', () => {
    expect(complaint(promotion)).toBe('');
    expect(promotion.jobs).toEqual([
      { id: 'prepare', result: 'success' },
      { id: 'first-wave', destination: 'eu', result: 'success' },
      { id: 'second-wave', destination: 'us', result: 'success' },
    ]);
  });

  it('renders again in the job of a wave, and finds the digest that was checked', () => {
    const waves = JSON.parse(promotion.outputs('prepare', 'render')['waves'] ?? '[]') as {
      digest: string;
    }[][];
    expect(waves[0]?.[0]?.digest).toBe(promotion.outputs('first-wave', 'render')['digest']);
    expect(waves[1]?.[0]?.digest).toBe(promotion.outputs('second-wave', 'render')['digest']);
  });

  it('runs in production what runs in staging', async () => {
    const [staging, ...production] = await Promise.all(
      ['shop-staging', 'shop-eu', 'shop-us'].map(namespace =>
        liveImage(stage, 'deployment', 'api', namespace),
      ),
    );
    expect(production).toEqual([staging, staging]);
    expect((await liveObjects(stage, 'deployments', 'shop-us')).get('web')?.spec.replicas).toBe(4);
  });

  it('shows no secret', () => {
    for (const secret of Object.values(SECRETS)) expect(release.log + promotion.log).not.toContain(secret);
  });
});
