import { throwIfAny } from '@slipway/core';
import type { Application } from '../application/application.ts';
import { problemsOf } from '../application/problems.ts';
import { DEFAULT_SETTINGS, type WorkflowSettings } from '../application/settings.ts';
import type { Writing } from '../jobs/steps.ts';
import { selectionProblems } from '../text/selection.ts';
import { flowMap } from '../text/yaml.ts';
import { withSum } from '../written/header.ts';
import { byHand } from './by-hand.ts';
import { deliveries } from './deliveries.ts';
import { bodyOf, type Workflow } from './file.ts';
import { preview } from './preview.ts';
import { previewEnd } from './preview-end.ts';
import { previewRoom } from './preview-room.ts';
import { progress } from './progress.ts';
import { pullRequest } from './pull-request.ts';
import { recover } from './recover.ts';
import { status } from './status.ts';

/** A workflow as text. */
export interface WorkflowFile {
  /** Path relative to the repository. */
  readonly path: string;
  readonly text: string;
}

export const WORKFLOWS_FOLDER = '.github/workflows';

/**
 * The workflows of an application. They depend on nothing but the arguments.
 * @throws SlipwayError with everything for which no workflow can be written
 */
export function workflowFiles(
  application: Application,
  chosen: Partial<WorkflowSettings> = {},
): WorkflowFile[] {
  const settings = { ...DEFAULT_SETTINGS, ...chosen };
  throwIfAny([...problemsOf(application, settings), ...selectionProblems(application)]);
  const writing: Writing = { application, settings };
  const prefix = filePrefix(application, settings);
  const workflows = [
    pullRequest(writing),
    ...deliveries(writing, prefix),
    ...progress(writing),
    ...byHand(writing),
    recover(writing),
    status(writing),
    ...(application.spawned ?? []).flatMap(one => [
      ...(one.form === 'create' ? [previewRoom(writing, one)] : []),
      preview(writing, one),
      previewEnd(writing, one),
    ]),
  ];
  return workflows.map(workflow => ({
    path: `${WORKFLOWS_FOLDER}/${prefix}${workflow.file}`,
    text: textOf(writing, { ...workflow, name: titleOf(writing, workflow.name) }),
  }));
}

/** Several applications of one repository have files of their own. */
export function filePrefix(
  { name, path }: Pick<Application, 'name' | 'path'>,
  { naming }: Pick<WorkflowSettings, 'naming'>,
): string {
  return naming === 'prefixed' || path.includes('/') ? `${name}-` : '';
}

/** GitHub lists workflows by their titles only. */
function titleOf({ application, settings }: Writing, name: string): string {
  return filePrefix(application, settings) === '' ? name : `${application.name}: ${name}`;
}

function textOf(writing: Writing, workflow: Workflow): string {
  const { settings, application } = writing;
  const header = [
    `# ${workflow.purpose}`,
    `# Needs: ${[...workflow.needs, ...(settings.form === 'shared' ? [callOf(workflow)] : [])].join(' ')}`,
  ];
  return withSum(application.name, header, bodyOf(writing, workflow));
}

/** A called workflow can do no more than its caller, and gets secrets of environments only with all others. */
function callOf({ file, permissions }: Workflow): string {
  return `Call it with "uses: OWNER/REPOSITORY/${WORKFLOWS_FOLDER}/${file}@COMMIT", "secrets: inherit" and "permissions: ${flowMap(permissions)}".`;
}
