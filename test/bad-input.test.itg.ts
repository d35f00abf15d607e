import { mkdtempSync, readdirSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import { cloneShop } from '../demo/shop.ts';
import type { Stage } from '../demo/stage.ts';
import { ROOT } from './support/sources.ts';
import { digestOfTag, liveObjects, stageForTests } from './support/stage.ts';

const MINUTES = 60_000;
const TAG = 'bad-input';

let stage: Stage;
/** A repository that was built once; each case works on a copy of it. */
let built: { readonly repository: string; readonly snapshot: string };

beforeAll(async () => {
  stage = await stageForTests();
  const repository = join(stage.directory, 'repository');
  await (await cloneShop(stage, repository)).commit('Open the shop');
  const build = await run(jobIn(repository), 'build-retag', { 'deployment-tag': 'built' });
  if (build.exitCode !== 0) throw new Error(build.log);
  built = { repository, snapshot: build.outputs['snapshot'] ?? '' };
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

function jobIn(workspace: string): Job {
  return createJob({ workspace, directory: stage.directory, path: stage.path, environment: stage.builder });
}

async function run(job: Job, action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const environment = { STAGING_DATABASE_PASSWORD: 'open sesame' };
  return await runStep(job, { action: join(ROOT, 'actions', action), inputs, environment });
}

/** A copy of the repository with files changed by functions of their text; `undefined` removes a file. */
async function repositoryWith(
  changes: Readonly<Record<string, (text: string) => string | undefined>>,
): Promise<string> {
  const directory = mkdtempSync(join(stage.directory, 'case-'));
  await cp(built.repository, directory, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    const file = join(directory, path);
    const before = await readFile(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${path} is not what the case expects`);
    if (after === undefined) await rm(file);
    else await writeFile(file, after);
  }
  return directory;
}

type Changes = Parameters<typeof repositoryWith>[0];

async function building(changes: Changes): Promise<StepResult> {
  return await run(jobIn(await repositoryWith(changes)), 'build-retag', { 'deployment-tag': TAG });
}

async function rendering(changes: Changes): Promise<StepResult> {
  return await renderIn(jobIn(await repositoryWith(changes)));
}

async function renderIn(job: Job): Promise<StepResult> {
  return await run(job, 'render-stencil', { formation: 'staging', snapshot: built.snapshot });
}

interface Deployment {
  readonly changes?: Changes;
  /** Between rendering and deploying. */
  readonly tamper?: (manifests: string) => Promise<void>;
  readonly inputs?: (workspace: string) => Promise<Record<string, string>>;
}

async function deploying({ changes = {}, tamper, inputs }: Deployment): Promise<StepResult> {
  const workspace = await repositoryWith(changes);
  const job = jobIn(workspace);
  const render = await renderIn(job);
  if (render.exitCode !== 0) throw new Error(render.log);
  const { manifests = '', digest = '' } = render.outputs;
  await tamper?.(manifests);
  return await run(job, 'deploy', {
    formation: 'staging',
    destination: 'main',
    manifests,
    digest,
    kubeconfig: stage.kubeconfig,
    secrets: 'env=STAGING_DATABASE_PASSWORD',
    ...(await inputs?.(workspace)),
  });
}

const replacing = (from: string, to: string) => (text: string) => text.replace(from, to);

async function kubeconfigWith(change: (text: string) => string): Promise<Record<string, string>> {
  return { kubeconfig: change(await readFile(stage.kubeconfig, 'utf8')) };
}

async function changeManifest(tree: string): Promise<void> {
  const folder = join(tree, 'staging/main/manifests');
  const file = join(folder, readdirSync(folder).find(name => name.includes('web')) ?? '');
  await writeFile(file, (await readFile(file, 'utf8')).replace('replicas: 2', 'replicas: 20'));
}

interface Case {
  readonly run: () => Promise<StepResult>;
  /** What is wrong and where, as a user reads it. */
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const cases: Readonly<Record<string, Case>> = {
  'a missing input': {
    run: () => deploying({ inputs: async () => ({ manifests: '' }) }),
    says: /input "manifests" is missing/,
    remedy: /add "manifests: …" under "with:"/,
  },
  'a file that is not YAML': {
    run: () => rendering({ 'stencils/web.yaml': () => 'apiVersion: v1\nkind: [Service\nmetadata: {}\n' }),
    says: /^stencils\/web\.yaml:3:1: .* is not closed;/,
    remedy: /close it/,
  },
  'an unknown word in a stencil': {
    run: () => rendering({ 'stencils/api.yaml': replacing('${image.api}', '${image.apii}') }),
    says: /stencils\/api\.yaml:\d+:\d+: .*image\.apii/,
    remedy: /did you mean "\$?\{?image\.api/,
  },
  'a registry that does not answer': {
    run: () => building({ 'slipway.yaml': text => text.replaceAll(stage.registry, '127.0.0.1:1') }),
    says: /the registry "127\.0\.0\.1:1" does not answer/,
    remedy: /check its name and port/,
  },
  'a cluster that does not answer': {
    run: () =>
      deploying({
        inputs: () => kubeconfigWith(text => text.replace(/server: .*/, 'server: https://127.0.0.1:1')),
      }),
    says: /the API server https:\/\/127\.0\.0\.1:1 does not answer/,
    remedy: /check the address in the kubeconfig/,
  },
  'a kubeconfig without the named context': {
    run: () =>
      deploying({ inputs: () => kubeconfigWith(text => text.replaceAll('name: staging', 'name: stging')) }),
    says: /the kubeconfig has no context "staging"/,
    remedy: /set context to one of "prod-eu", "prod-us", "stging"/,
  },
  'a kubeconfig inside the workspace': {
    run: () =>
      deploying({
        inputs: async workspace => {
          await cp(stage.kubeconfig, join(workspace, 'kubeconfig'));
          return { kubeconfig: 'kubeconfig' };
        },
      }),
    says: /is inside the workspace/,
    remedy: /write it to RUNNER_TEMP instead/,
  },
  'a namespace that is not there': {
    run: () =>
      deploying({ changes: { 'formations/staging.yaml': replacing('shop-staging', 'shop-nowhere') } }),
    says: /the namespace "shop-nowhere" does not exist/,
    remedy: /kubectl create namespace shop-nowhere/,
  },
  'a service without a Dockerfile': {
    run: () => building({ 'services/web/Dockerfile': () => undefined }),
    says: /^slipway\.yaml:\d+:\d+: the service "web" has no Dockerfile at "services\/web\/Dockerfile"/,
    remedy: /add it/,
  },
  "a formation with production's name in staging's file": {
    run: () => rendering({ 'formations/staging.yaml': replacing('name: staging', 'name: production') }),
    says: /formations\/staging\.yaml:\d+:\d+: .*calls itself "production"/,
    remedy: /set metadata\.name to "staging"/,
  },
  'a manifest that was changed after rendering': {
    run: () => deploying({ tamper: changeManifest }),
    says: /was changed after it was rendered/,
    remedy: /render again/,
  },
  'a metadata.name with ../ in it': {
    run: () => rendering({ 'stencils/web.yaml': replacing('name: web', 'name: ../../web') }),
    says: /^stencils\/web\.yaml:4:9: metadata\.name "\.\.\/\.\.\/web"/,
    remedy: /use lower-case letters/,
  },
  'an image that is not an image of the snapshot': {
    run: () =>
      deploying({
        changes: { 'stencils/web.yaml': replacing('${image.web}', 'docker.io/library/nginx:1.29') },
      }),
    says: /^stencils\/web\.yaml:\d+:\d+: .*"docker\.io\/library\/nginx:1\.29", which is not an image of the snapshot/,
    remedy: /make it a service of slipway\.yaml/,
  },
};

describe.each(Object.entries(cases))('%s', (_name, bad) => {
  let result: StepResult;
  beforeAll(async () => {
    result = await bad.run();
  }, MINUTES);

  it('fails the step with one sentence that names the remedy', () => {
    const errors = result.annotations.filter(({ severity }) => severity === 'error');
    expect(result.exitCode).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(bad.says)]);
    expect(errors[0]?.message).toMatch(bad.remedy);
    expect(errors[0]?.message).not.toContain('\n');
  });

  it('shows no stack trace', () => {
    expect(result.raw).not.toMatch(/^\s*at .*(?:\.js|node:)/m);
    expect(result.summary).not.toMatch(/^\s*at .*(?:\.js|node:)/m);
  });

  it('leaves nothing half done', async () => {
    expect([...(await liveObjects(stage, 'deployments,secrets,configmaps', 'shop-staging')).keys()]).toEqual([
      'kube-root-ca.crt',
    ]);
    for (const repository of ['acme/shop/api', 'acme/shop/cache', 'acme/shop/snapshots'])
      expect(await digestOfTag(stage, repository, TAG)).toBeUndefined();
    expect(result.outputs).not.toHaveProperty('release');
  });
});
