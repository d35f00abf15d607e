import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Application,
  type Comparison,
  compareFile,
  compareUnneeded,
  WORKFLOWS_FOLDER,
  type WorkflowFile,
  writtenFor,
  writtenFrom,
} from '@slipway/workflows';
import { parseDocument } from '@slipway/yaml';

/** A comparison with what the file contains now. */
export type Compared = Comparison & { readonly existing: string };

type Owner = Pick<Application, 'name' | 'path'>;

/**
 * Compares the workflows of an application with those in a repository, and finds those that are left from earlier, also of an application
 * that has another name by now, or is gone.
 * @throws SlipwayError `workflow-marks-broken`, and where the name of another application cannot be read
 */
export function compareWorkflows(
  repository: string,
  application: Owner,
  files: readonly WorkflowFile[],
): Compared[] {
  const wanted = files.map(({ path, text }): Compared => {
    const existing = readIfThere(join(repository, path));
    if (existing !== undefined && isOfAnother(existing, application, repository))
      return { path, state: 'taken', text, lost: [], existing };
    return { ...compareFile({ path, text, existing }), existing: existing ?? '' };
  });
  const unneeded = workflowsIn(repository)
    .filter(path => !files.some(file => file.path === path))
    .map(path => ({ path, existing: readFileSync(join(repository, path), 'utf8') }))
    .filter(({ existing }) => !isOfAnother(existing, application, repository))
    .flatMap(({ path, existing }) => {
      const owner = writtenFor(existing);
      if (owner === undefined) return [];
      const state = owner === application.name ? 'unneeded' : 'orphaned';
      return [{ ...compareUnneeded(path, existing, state), existing }];
    });
  return [...wanted, ...unneeded];
}

/** Whether a file is a workflow of another application that the repository has; two of them may have one name. */
function isOfAnother(existing: string, { name, path }: Owner, repository: string): boolean {
  const [owner, from] = [writtenFor(existing), writtenFrom(existing)];
  if (owner === undefined || (owner === name && from === path)) return false;
  return applicationAt(repository, from) === owner;
}

/** The name in a slipway.yaml; undefined if there is none. */
function applicationAt(repository: string, path: string): string | undefined {
  const text = readIfThere(join(repository, path));
  if (text === undefined) return undefined;
  const { metadata } = parseDocument(text, path).value as { metadata?: { name?: string } };
  return metadata?.name;
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
