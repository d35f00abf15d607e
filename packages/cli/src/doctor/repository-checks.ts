import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatProblem, quote, SlipwayError } from '@slipway/core';
import { type Application, WORKFLOWS_FOLDER, type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import { shellWord } from '../outside/shell.ts';
import { type Compared, compareWorkflows } from '../workflows/compare.ts';
import { sentenceOf } from '../workflows/sentences.ts';
import { shownFlags } from '../workflows/shown-settings.ts';
import { advice, type Check, fine, missing } from './check.ts';
import { possibleSettings } from './written-settings.ts';
import type { WrittenWorkflow } from './written-workflows.ts';

/**
 * Whether the workflows are as the command would write them, by any of its flags.
 * @param fix that command
 */
export async function checkWorkflowFiles(
  repository: string,
  application: Application,
  written: readonly WrittenWorkflow[],
  fix: string,
): Promise<Check[]> {
  const looked = { area: 'repository', what: WORKFLOWS_FOLDER } as const;
  if (written.length === 0) return [missing(looked, 'there is no workflow', fix)];
  const command = [fix, ...shownFlags(written).map(shellWord)].join(' ');
  let best: readonly Compared[] | undefined;
  for (const settings of possibleSettings(written, application)) {
    const stale = await staleFiles(repository, application, settings);
    if (stale !== undefined && (best === undefined || stale.length < best.length)) best = stale;
    if (best?.length === 0) return [fine(looked, 'as slipway workflows writes them')];
  }
  return (best ?? []).map(file =>
    missing(
      { ...looked, what: file.path },
      sentenceOf(file, command)
        .slice(file.path.length + 1)
        .trim(),
      `${command}, with the flags that you use`,
    ),
  );
}

async function staleFiles(
  repository: string,
  application: Application,
  settings: WorkflowSettings,
): Promise<readonly Compared[] | undefined> {
  try {
    const compared = await compareWorkflows(repository, application, workflowFiles(application, settings));
    return compared.filter(({ state, lost }) => state !== 'current' || lost.length > 0);
  } catch (error) {
    // Settings that exclude each other, such as exact deployments without environments.
    if (error instanceof SlipwayError && error.code.startsWith('workflow-')) return undefined;
    throw error;
  }
}

const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Whether someone has to review changes of what decides about releases. */
export async function checkOwners(repository: string): Promise<Check> {
  const looked = { area: 'repository', what: 'CODEOWNERS' } as const;
  for (const path of OWNERS) {
    const text = await readFile(join(repository, path), 'utf8').catch(() => undefined);
    if (text !== undefined) return fine(looked, path);
  }
  return advice(
    looked,
    'no one in particular has to review changes of .github/, formations/ and policies/',
    'write .github/CODEOWNERS, and require reviews of code owners for the branch',
  );
}

/**
 * What is wrong with slipway.yaml and the files that it leads to, each with its position.
 * @param application the path of slipway.yaml, which there may not be yet
 */
export function repositoryProblems(error: SlipwayError, application: string): Check[] {
  return error.problems.map(problem =>
    missing(
      { area: 'repository', what: problem.at?.path ?? application },
      formatProblem({ ...problem, remedy: undefined } as never),
      isMissing(problem, application)
        ? 'slipway init, which writes it; or name its path with --application'
        : (problem.remedy ?? 'correct it'),
    ),
  );
}

function isMissing({ code, message }: SlipwayError['problems'][number], application: string): boolean {
  return code === 'file-missing' && message.includes(quote(application));
}
