import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replaceFile } from '@slipway/render';
import { type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { say } from '../tell/say.ts';
import { type Compared, compareWorkflows } from './compare.ts';
import { describeApplication } from './describe.ts';
import { differenceOf, isShown, losesWork, sentenceOf } from './sentences.ts';

function settingsOf(given: Arguments): Partial<WorkflowSettings> {
  const [branch, version, runsOn] = [given.text('branch'), given.text('version'), given.text('runs-on')];
  return {
    target: given.has('ghes') ? 'ghes' : 'github',
    form: given.has('shared') ? 'shared' : 'own',
    idToken: given.has('id-token') ? 'write' : 'none',
    deployments: given.has('exact-deployments') ? 'exact' : 'github',
    signing: given.has('record-key') ? 'record-key' : 'none',
    ...(branch === undefined ? {} : { branch }),
    ...(runsOn === undefined ? {} : { runsOn }),
    ...(version === undefined ? {} : { version }),
  };
}

/**
 * Writes the workflows of an application, and keeps them up to date. What is between the marks of a login is kept byte for byte; other
 * changes by hand are shown, and never overwritten without `--force`.
 */
export async function updateWorkflows(given: Arguments, machine: Machine): Promise<ExitCode> {
  const repository = resolve(machine.folder, given.text('repository') ?? '.');
  const application = await describeApplication(repository, given.text('application') ?? 'slipway.yaml');
  const files = workflowFiles(application, settingsOf(given));
  const compared = await compareWorkflows(repository, application, files);
  const stale = compared.filter(({ state, lost }) => state !== 'current' || lost.length > 0);
  if (given.has('check')) return report(stale, machine);
  const refused = stale.filter(file => (given.has('force') ? file.state === 'taken' : losesWork(file)));
  for (const file of stale.filter(isShown)) say(machine.errors, differenceOf(file));
  if (refused.length > 0) return report(refused, machine);
  for (const file of stale) await write(repository, file, machine);
  return 0;
}

function report(files: readonly Compared[], { errors }: Machine): ExitCode {
  for (const file of files) say(errors, sentenceOf(file), 'error');
  return files.length === 0 ? 0 : 1;
}

async function write(repository: string, { path, text }: Compared, { output }: Machine): Promise<void> {
  const file = join(repository, path);
  if (text === undefined) rmSync(file);
  else await replaceFile(file, text);
  say(output, `${text === undefined ? 'removed' : 'wrote'} ${path}`);
}
