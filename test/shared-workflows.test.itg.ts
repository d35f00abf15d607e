import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowFiles } from '@slipway/workflows';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { describeApplication } from '../packages/cli/src/workflows/describe.ts';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { liveImages, openShop } from './support/shop-under-act.ts';

const MINUTES = 60_000;

/** What a repository writes that calls an organisation's copy. */
const CALLER = `
on: push
permissions: {}
jobs:
  staging:
    uses: ./.github/workflows/release.yml
    permissions: { contents: read, pull-requests: read, packages: write }
    secrets: inherit
  production:
    needs: staging
    uses: ./.github/workflows/promote.yml
    permissions: { contents: read, pull-requests: read, packages: write }
    with: { reason: the shop opens }
    secrets: inherit
`;

let stage: Stage;
let run: WorkflowRun;

beforeAll(async () => {
  const opened = await openShop(async repository => {
    await writeShared(repository);
    await useLocalActions(repository);
  });
  ({ stage } = opened);
  run = await runWorkflow({ ...opened.options, file: 'all-the-way.yml', event: 'push' });
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

/** Puts the shared form, for Enterprise Server, in place of the shop's own workflows. */
async function writeShared(repository: string): Promise<void> {
  const application = await describeApplication(repository, 'slipway.yaml');
  const folder = join(repository, '.github/workflows');
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const { path, text } of workflowFiles(application, { form: 'shared', target: 'ghes' })) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text.replaceAll(/^.*docker login.*\n.*env: .*\n/gm, ''));
  }
  writeFileSync(join(folder, 'all-the-way.yml'), CALLER);
}

describe("an organisation's copy of the workflows", () => {
  it('releases and promotes for a repository that calls it', () => {
    expect(run.exitCode === 0 ? '' : run.log).toBe('');
    const destinations = run.jobs.flatMap(({ destination }) => destination ?? []);
    expect(destinations).toEqual(['eu', 'us']);
  });

  it('leaves the same images everywhere', async () => {
    const [staging, ...production] = await liveImages(stage);
    expect(staging).toContain('@sha256:');
    expect(production).toEqual([staging, staging]);
  });

  it('shows no secret', () => {
    for (const secret of Object.values(SECRETS)) expect(run.log).not.toContain(secret);
  });
});
