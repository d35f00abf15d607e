import { resolve } from 'node:path';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import type { Shop } from './shop.ts';
import type { Stage } from './stage.ts';

export type StepName = 'build-retag' | 'render-stencil' | 'policy-check' | 'deploy' | 'verify-rollout';

/** Is called as each step begins and ends; `where` is empty for a step that belongs to no destination. */
export interface Observer {
  begins(step: StepName, where: string): void;
  ends(step: StepName, where: string, result: StepResult): void;
}

/** One run of a workflow on the shop's repository. */
export interface Workflow {
  readonly stage: Stage;
  readonly shop: Shop;
  readonly sha: string;
  readonly observer: Observer;
  readonly signal?: AbortSignal;
  /** Why a promotion takes stencils and config that have not passed in staging; without a reason it takes those that have. */
  readonly headBecause?: string;
}

export interface Destination {
  readonly formation: string;
  readonly destination: string;
  readonly digest?: string;
}

/** Long enough to see that nothing falls over, short enough to watch. */
const STABLE_FOR = '5s';

const ACTIONS = resolve(import.meta.dirname, '../actions');
export const SECRETS = {
  STAGING_DATABASE_PASSWORD: 'st4ging p@ss/word',
  PRODUCTION_DATABASE_PASSWORD: 'pr0duct!on p@ss/word',
};

/** .github/workflows/release.yml of the shop, step by step. Ends at the first step that fails; a release that was begun is verified. */
export async function pushToMain(workflow: Workflow): Promise<StepResult[]> {
  const job = startJob(workflow, 'push');
  const build = await step(workflow, job, 'build-retag', '', {});
  if (build.exitCode !== 0) return [build];
  const staging = { formation: 'staging', destination: 'main' };
  const render = await renderAndCheck(workflow, job, 'staging', build.outputs['snapshot'] ?? '');
  if (render.some(failed)) return [build, ...render];
  return [build, ...render, ...(await deployAndVerify(workflow, job, staging, render[0]))];
}

/**
 * .github/workflows/promote.yml of the shop: a job that prepares, then one for each destination, wave after wave.
 * @param waves how many of them are approved
 */
export async function promote(
  workflow: Workflow,
  waves: number = Number.POSITIVE_INFINITY,
): Promise<StepResult[]> {
  const prepare = startJob(workflow, 'workflow_dispatch');
  const build = await step(workflow, prepare, 'build-retag', 'what passed in staging', {
    promote: 'staging',
  });
  if (failed(build)) return [build];
  const render = await renderAndCheck(workflow, prepare, 'production', build.outputs['snapshot'] ?? '');
  const results = [build, ...render];
  if (render.some(failed)) return results;
  const all = JSON.parse(render[0].outputs['waves'] ?? '[]') as Destination[][];
  for (const wave of all.slice(0, waves)) {
    const jobs = await Promise.all(
      wave.map(target => promoteTo(workflow, target, build.outputs['deployment-tag'] ?? '')),
    );
    results.push(...jobs.flat());
    if (results.some(failed)) break;
  }
  return results;
}

/** The job of one destination: it renders again, and deploy compares with the digest that was checked. */
async function promoteTo(workflow: Workflow, target: Destination, tag: string): Promise<StepResult[]> {
  const job = startJob(workflow, 'workflow_dispatch');
  const { formation, destination } = target;
  const where = `${formation}/${destination}`;
  const render = await step(workflow, job, 'render-stencil', where, {
    formation,
    destination,
    snapshot: tag,
    ...headOf(workflow),
  });
  if (failed(render)) return [render];
  return [render, ...(await deployAndVerify(workflow, job, target, render))];
}

async function renderAndCheck(
  workflow: Workflow,
  job: Job,
  formation: string,
  snapshot: string,
): Promise<[StepResult, ...StepResult[]]> {
  const head = formation === 'production' ? headOf(workflow) : {};
  const render = await step(workflow, job, 'render-stencil', formation, { formation, snapshot, ...head });
  if (failed(render)) return [render];
  const manifests = render.outputs['manifests'] ?? '';
  return [render, await step(workflow, job, 'policy-check', formation, { manifests })];
}

async function deployAndVerify(
  workflow: Workflow,
  job: Job,
  { formation, destination, digest }: Destination,
  render: StepResult,
): Promise<StepResult[]> {
  const where = `${formation}/${destination}`;
  const { kubeconfig } = workflow.stage;
  const secret = `${formation.toUpperCase()}_DATABASE_PASSWORD`;
  const deploy = await step(workflow, job, 'deploy', where, {
    formation,
    destination,
    manifests: render.outputs['manifests'] ?? '',
    digest: digest ?? render.outputs['digest'] ?? '',
    kubeconfig,
    secrets: `env=${secret}`,
    ...headOf(workflow),
    reason: workflow.headBecause ?? '',
  });
  const { release } = deploy.outputs;
  if (!release) return [deploy];
  const verify = await step(workflow, job, 'verify-rollout', where, {
    release,
    formation,
    destination,
    kubeconfig,
    'stable-for': STABLE_FOR,
  });
  return [deploy, verify];
}

function headOf({ headBecause }: Workflow): Readonly<Record<string, string>> {
  return headBecause === undefined ? {} : { config: 'head' };
}

export function failed({ exitCode }: StepResult): boolean {
  return exitCode !== 0;
}

function startJob({ stage, shop, sha }: Workflow, eventName: string): Job {
  const event =
    eventName === 'push' ? { ref: 'refs/heads/main', after: sha } : { inputs: { 'deployment-tag': '' } };
  return createJob({
    workspace: shop.directory,
    directory: stage.directory,
    path: stage.path,
    environment: stage.builder,
    sha,
    eventName,
    event: { ...event, repository: { full_name: 'acme/shop' } },
  });
}

async function step(
  { observer, signal }: Workflow,
  job: Job,
  name: StepName,
  where: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  signal?.throwIfAborted();
  observer.begins(name, where);
  const environment = name === 'deploy' ? SECRETS : {};
  const cancellable = signal === undefined ? {} : { signal };
  const result = await runStep(job, { action: `${ACTIONS}/${name}`, inputs, environment, ...cancellable });
  observer.ends(name, where, result);
  return result;
}
