import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Comparison,
  compareFile,
  compareUnneeded,
  WORKFLOWS_FOLDER,
  type WorkflowFile,
  writtenFor,
} from '@slipway/workflows';

/** A comparison with what the file contains now. */
export type Compared = Comparison & { readonly existing: string };

/**
 * Compares the workflows of an application with those in a repository, and finds those that are left from earlier.
 * @throws SlipwayError `workflow-marks-broken`
 */
export function compareWorkflows(
  repository: string,
  application: string,
  files: readonly WorkflowFile[],
): Compared[] {
  const wanted = files.map(({ path, text }) => {
    const existing = readIfThere(join(repository, path));
    return { ...compareFile({ path, text, existing }), existing: existing ?? '' };
  });
  const unneeded = workflowsIn(repository)
    .filter(path => !files.some(file => file.path === path))
    .map(path => ({ path, existing: readFileSync(join(repository, path), 'utf8') }))
    .filter(({ existing }) => writtenFor(existing) === application)
    .map(({ path, existing }) => ({ ...compareUnneeded(path, existing), existing }));
  return [...wanted, ...unneeded];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function workflowsIn(repository: string): string[] {
  const folder = join(repository, WORKFLOWS_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith('.yml'))
    .map(name => `${WORKFLOWS_FOLDER}/${name}`);
}
