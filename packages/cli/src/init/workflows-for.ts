import { defined } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { Proposal } from '@slipway/starter';
import { filePrefix, type WorkflowFile, type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import { applicationOf } from '../workflows/describe.ts';
import { readSopsNeeds } from '../workflows/sops-needs.ts';
import type { Place } from './place.ts';

/** The workflows of a new application, and the files of someone else for which they have other names. */
export interface NamedWorkflows {
  readonly workflows: readonly WorkflowFile[];
  readonly conflicts: Proposal['remarks'];
}

/** Where a file has the name of one of them, all have the name of the application before theirs: the file stays, and both can be told apart. */
export async function workflowsFor(repository: Repository, place: Place): Promise<NamedWorkflows> {
  const path = place.application;
  const application = applicationOf(
    repository,
    path,
    await readSopsNeeds(place.workspace, path, repository.secrets),
  );
  const write = (naming: WorkflowSettings['naming']): WorkflowFile[] =>
    workflowFiles(application, defined({ branch: place.branch, naming }));
  const usual = write('plain');
  const isTaken = (file: string): boolean => place.files.has(file) || place.files.links.includes(file);
  const taken = usual.filter(file => isTaken(file.path));
  const prefix = filePrefix(application, { naming: 'prefixed' });
  // In a folder they have it already.
  if (taken.length === 0 || path.includes('/')) return { workflows: usual, conflicts: [] };
  return { workflows: write('prefixed'), conflicts: taken.map(file => conflictOf(file.path, prefix)) };
}

function conflictOf(path: string, prefix: string): Proposal['remarks'][number] {
  return {
    kind: 'conflict',
    at: { path, line: 1, column: 1 },
    message: `the file stays as it is, so the names of the workflows of Slipway begin with "${prefix}"`,
    remedy: 'if they are to have the usual names, rename it before slipway init',
  };
}
