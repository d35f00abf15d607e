import { rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { replaceFile } from '@slipway/render';
import { type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { findWorkspace } from '../rendering/workspace.ts';
import { type Compared, compareWorkflows } from './compare.ts';
import { describeApplication } from './describe.ts';
import { releasedBranch } from './released-branch.ts';
import { sayDifferences, sayOpen, sayOutcome, sayWritten } from './say-workflows.ts';
import { losesWork } from './sentences.ts';
import { writingCommand } from './shown-settings.ts';
import { writtenNaming } from './written-naming.ts';

function settingsOf(
  given: Arguments,
  usual: Pick<WorkflowSettings, 'branch' | 'naming'>,
): Partial<WorkflowSettings> {
  const [version, runsOn] = [given.text('version'), given.text('runs-on')];
  return {
    target: given.has('ghes') ? 'ghes' : 'github',
    form: given.has('shared') ? 'shared' : 'own',
    idToken: given.has('id-token') ? 'write' : 'none',
    deployments: given.has('exact-deployments') ? 'exact' : 'github',
    signing: given.has('record-key') ? 'record-key' : 'none',
    branch: given.text('branch') ?? usual.branch,
    naming: given.has('prefix') ? 'prefixed' : usual.naming,
    ...(runsOn === undefined ? {} : { runsOn }),
    ...(version === undefined ? {} : { version }),
  };
}

/**
 * Writes the workflows of an application, and keeps them up to date. What is between the marks of a login is kept byte for byte; other
 * changes by hand are shown, and never overwritten without `--force`.
 */
export async function updateWorkflows(given: Arguments, machine: Machine): Promise<ExitCode> {
  const { repository, path } = await findApplication(given, machine);
  const application = await describeApplication(repository, path);
  const usual = {
    branch: await releasedBranch(repository, path),
    naming: await writtenNaming(repository, application),
  };
  const files = workflowFiles(application, settingsOf(given, usual));
  const compared = await compareWorkflows(repository, application, files);
  const stale = compared.filter(({ state, lost }) => state !== 'current' || lost.length > 0);
  const open = given.has('check') ? stale : stale.filter(file => isRefused(file, given.has('force')));
  const isJson = given.has('json');
  const isChecking = given.has('check');
  if (!isChecking && !isJson) sayDifferences(stale, machine);
  const written = isChecking || open.length > 0 ? [] : stale;
  for (const file of written) {
    await write(repository, file);
    if (!isJson) sayWritten(file, machine);
  }
  const own = compared.map(({ existing }) => ({ text: existing }));
  const command = writingCommand(given, own);
  if (isJson) sayOutcome({ application: application.name, compared, open, written, command }, machine);
  else sayOpen({ open, command }, machine);
  return open.length === 0 ? 0 : 1;
}

/** GitHub reads workflows at the root of a checkout only, wherever in it the command is called. */
async function findApplication(
  given: Arguments,
  machine: Machine,
): Promise<{ readonly repository: string; readonly path: string }> {
  const [named, application = 'slipway.yaml'] = [given.text('repository'), given.text('application')];
  if (named !== undefined) {
    const repository = resolve(machine.folder, named);
    if (!statSync(repository, { throwIfNoEntry: false })?.isDirectory()) throw repositoryMissing(named);
    return { repository, path: application };
  }
  const { folder, pathOf } = await findWorkspace(given, machine);
  return { repository: folder, path: pathOf(application) };
}

function repositoryMissing(named: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'repository-folder-missing',
    message: `the folder ${quote(named)} that --repository names does not exist`,
    remedy: 'correct its path, which counts from the folder of the call',
  });
}

function isRefused(file: Compared, isForced: boolean): boolean {
  return isForced ? file.state === 'taken' : losesWork(file);
}

async function write(repository: string, { path, text }: Compared): Promise<void> {
  const file = join(repository, path);
  try {
    if (text === undefined) rmSync(file);
    else await replaceFile(file, text);
  } catch (error) {
    throw unwritable(path, error as NodeJS.ErrnoException);
  }
}

function unwritable(
  path: string,
  { code = 'unknown', ...cause }: NodeJS.ErrnoException,
): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>(
    {
      code: 'workflow-unwritable',
      message: `${quote(path)} cannot be written (${code})`,
      remedy: 'correct the permissions of its folder, and run it again: it writes what is still out of date',
    },
    { cause },
  );
}
