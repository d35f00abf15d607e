import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseVerdict } from '@slipway/core';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import type { TestRepository } from '@slipway/testkit/repositories';
import { answersOf } from './answering.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import { type Initialised, initialise } from './initialised.ts';
import type { InitStage } from './stage.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

/** What became of a test repository, from its bare code to the cluster. */
export interface Delivery extends Pick<Initialised, 'files' | 'guesses' | 'byHand'> {
  /** `verdict.json`'s verdict, or why there is none. */
  readonly verdict: string;
  readonly summary: string;
  readonly errors: number;
  readonly warnings: number;
  readonly images: readonly ImageFacts[];
  /** The status that each pod answers with, by its address's path. */
  readonly answers: readonly string[];
  /** From `init` to the verdict, without the making of base images. */
  readonly seconds: number;
  /** The step's log. */
  readonly log: string;
}

/** `slipway init`, and the action that builds, checks with the formation's packs, deploys and verifies; the namespace is removed. */
export async function deliver(repository: TestRepository, stage: InitStage): Promise<Delivery> {
  const started = performance.now();
  const made = await initialise(repository, stage);
  const initialised = performance.now();
  const missing = (await Promise.all(made.dockerfiles.map(stage.images.provide))).flat();
  const { files, guesses, byHand } = made;
  const common = { files, guesses, byHand, errors: 0, warnings: 0, images: [], answers: [], log: '' };
  if (missing.length > 0)
    return { ...common, verdict: 'not built', summary: `Debian has no ${missing.join(', ')}`, seconds: 0 };
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run(stage.cluster.kubectl, ['--kubeconfig', stage.cluster.kubeconfig, ...args])).stdout;
  await kubectl('create', 'namespace', made.namespace);
  try {
    const provided = performance.now();
    const step = await release(made, stage);
    const seconds = (initialised - started + performance.now() - provided) / 1000;
    const { outputs, log } = step;
    return {
      ...common,
      errors: Number(outputs['errors'] ?? 0),
      warnings: Number(outputs['warnings'] ?? 0),
      images: await imageFacts(JSON.parse(outputs['images'] || '{}')),
      answers: outputs['verify-verdict'] === 'succeeded' ? await answersOf(made.namespace, kubectl) : [],
      ...verdictOf(step),
      seconds,
      log,
    };
  } finally {
    await kubectl('delete', 'namespace', made.namespace, '--wait=false');
  }
}

async function release(made: Initialised, stage: InitStage): Promise<StepResult> {
  const job = createJob({
    workspace: made.folder,
    directory: stage.directory,
    path: made.path,
    sha: made.commit,
    environment: stage.builder,
  });
  const inputs = {
    application: made.application,
    formation: made.formation,
    kubeconfig: stage.cluster.kubeconfig,
    secrets: Object.keys(made.secrets)
      .map(name => `env=${name}`)
      .join('\n'),
    'stable-for': '10s',
    'verify-timeout': '3m',
  };
  return await runStep(job, { action: ROOT, inputs, environment: made.secrets });
}

function verdictOf({ outputs, annotations }: StepResult): Pick<Delivery, 'verdict' | 'summary'> {
  const path = outputs['verify-report'];
  if (path === undefined || path === '')
    return { verdict: 'failed', summary: annotations.map(({ message }) => message).join(' ') };
  const { verdict, summary } = parseVerdict(readFileSync(path, 'utf8'), path);
  return { verdict, summary };
}
