import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneShop } from '../demo/shop.ts';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { liveImage, stageForTests } from './support/stage.ts';

const MINUTES = 60_000;

/** What a repository writes that leaves the rest to the reusable workflows. */
const CALLER = `
on: push
permissions: { contents: read, packages: write, pull-requests: read }
jobs:
  staging:
    uses: ./.github/workflows/pipeline.yml
    with: { formation: staging, allowed-secrets: env=STAGING_DATABASE_PASSWORD }
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
      environment: STAGING_DATABASE_PASSWORD=\${{ secrets.STAGING_DATABASE_PASSWORD }}
  production:
    needs: staging
    uses: ./.github/workflows/promote.yml
    with: { from: staging, to: production, allowed-secrets: env=PRODUCTION_DATABASE_PASSWORD }
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
      environment: PRODUCTION_DATABASE_PASSWORD=\${{ secrets.PRODUCTION_DATABASE_PASSWORD }}
`;

let stage: Stage;
let run: WorkflowRun;

beforeAll(async () => {
  stage = await stageForTests();
  const repository = join(stage.directory, 'repository');
  const shop = await cloneShop(stage, repository);
  await useLocalActions(repository, ['pipeline.yml', 'promote.yml']);
  writeFileSync(join(repository, '.github/workflows/all-the-way.yml'), CALLER);
  await shop.commit('Open the shop', {
    'formations/staging.yaml': text => text.replace('stable-for: 10s', 'stable-for: 2s'),
    'formations/production.yaml': text => text.replace('stable-for: 30s', 'stable-for: 2s'),
  });
  run = await runWorkflow({
    repository,
    file: 'all-the-way.yml',
    event: 'push',
    secrets: { KUBECONFIG: readFileSync(stage.kubeconfig, 'utf8'), ...SECRETS },
    environment: stage.builder,
    path: stage.path,
    home: join(stage.directory, 'act'),
  });
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

describe('the reusable workflows', () => {
  it('release to staging and promote to production, in a job for each wave that there is', () => {
    expect(run.exitCode === 0 ? '' : run.log).toBe('');
    expect(
      run.jobs.map(({ id, destination }) => [id, destination]).filter(([id]) => id?.startsWith('wave')),
    ).toEqual([
      ['wave-1', 'main'],
      ['wave-1', 'eu'],
      ['wave-2', 'us'],
    ]);
  });

  it('leave the same images everywhere', async () => {
    const [staging, ...production] = await Promise.all(
      ['shop-staging', 'shop-eu', 'shop-us'].map(namespace =>
        liveImage(stage, 'deployment', 'api', namespace),
      ),
    );
    expect(staging).toContain('@sha256:');
    expect(production).toEqual([staging, staging]);
  });

  it('show no secret', () => {
    for (const secret of Object.values(SECRETS)) expect(run.log).not.toContain(secret);
  });
});
