import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { liveImages, openShop } from './support/shop-under-act.ts';

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
  const opened = await openShop(async repository => {
    await useLocalActions(repository, ['pipeline.yml', 'promote.yml']);
    writeFileSync(join(repository, '.github/workflows/all-the-way.yml'), CALLER);
  });
  ({ stage } = opened);
  run = await runWorkflow({ ...opened.options, file: 'all-the-way.yml', event: 'push' });
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
    const [staging, ...production] = await liveImages(stage);
    expect(staging).toContain('@sha256:');
    expect(production).toEqual([staging, staging]);
  });

  it('show no secret', () => {
    for (const secret of Object.values(SECRETS)) expect(run.log).not.toContain(secret);
  });
});
