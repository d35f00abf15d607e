import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
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

/**
 * Compares the workflows of an application with those in a repository, and finds those that are left from earlier, also of an application
 * that has another name by now, or is gone.
 * @throws SlipwayError `workflow-marks-broken`, and where the name of another application cannot be read
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
    .flatMap(({ path, existing }) => {
      const owner = writtenFor(existing);
      if (owner === undefined) return [];
      if (owner === application) return [{ ...compareUnneeded(path, existing), existing }];
      if (applicationAt(repository, writtenFrom(existing)) === owner) return [];
      return [{ ...compareUnneeded(path, existing, 'orphaned'), existing }];
    });
  return [...wanted, ...unneeded];
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
