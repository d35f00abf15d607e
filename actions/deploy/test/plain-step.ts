import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  createJob,
  type JobOptions,
  runStep,
  type StepOptions,
  type StepResult,
} from '@slipway/testbed/runner';

const ACTION = resolve(import.meta.dirname, '..');

export interface PlainStep extends Pick<StepOptions, 'signal' | 'onLine' | 'environment'> {
  /** An existing folder. */
  readonly directory: string;
  /** Content, or a path. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly objects?: readonly object[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly job?: Partial<Pick<JobOptions, 'repository' | 'path'>>;
}

/** Runs the bundle as the runner does, on plain manifests of the application `shop` and the formation `live`. */
export async function runPlain(step: PlainStep): Promise<StepResult> {
  const { directory, objects = [], inputs = {}, job = {}, kubeconfig, namespace, ...options } = step;
  const workspace = await mkdtemp(join(directory, 'plain-'));
  const text = objects.map(object => JSON.stringify(object)).join('\n---\n');
  await writeFile(join(workspace, 'all.yaml'), `${text}\n`);
  return await runStep(createJob({ workspace, directory, path: process.env['PATH'] ?? '', ...job }), {
    action: ACTION,
    inputs: {
      application: 'shop',
      formation: 'live',
      kubeconfig,
      namespace,
      ...(objects.length === 0 ? {} : { manifests: 'all.yaml' }),
      ...inputs,
    },
    ...options,
  });
}
