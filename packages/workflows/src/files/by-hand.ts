import { type Job, jobLines, type Permission, tokenPermission } from '../jobs/job.ts';
import { clusterInputs, type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { chosenEnvironment, chosenMatrix, wholeMatrix } from '../text/selection.ts';
import { BY_WHOM, type Workflow, type WorkflowInput } from './file.ts';
import { needsOf } from './needs.ts';

const CHOSEN: Inputs = ['formation: ${{ inputs.formation }}', 'destination: ${{ matrix.destination }}'];
const LISTED: Inputs = ['formation: ${{ matrix.formation }}', 'destination: ${{ matrix.destination }}'];
const NO_SECRETS = { variables: [], sops: [], vault: [] };

/** The workflows that act on what is deployed: none has a concurrency group, as what undoes must not wait for what it undoes. */
export function byHand(writing: Writing): Workflow[] {
  return [rollback(writing), destroy(writing), status(writing)];
}

interface Action {
  readonly id: string;
  readonly matrix: readonly string[];
  readonly environment: readonly string[];
  readonly permissions: readonly Permission[];
  readonly login: 'registry' | 'none';
  readonly step: Parameters<typeof slipwayStep>[1];
}

function actionJob(
  writing: Writing,
  { id, matrix, environment, permissions, login, step }: Action,
): string[] {
  const job: Job = {
    id,
    permissions: [...permissions, ...tokenPermission(writing.settings)],
    fields: ['strategy:', ...indented(['fail-fast: false', 'matrix:', ...indented(matrix)]), ...environment],
    steps: [...openingSteps(writing, id, login), ...slipwayStep(writing, step)],
  };
  return jobLines(writing, job);
}

const READ: Permission = ['contents', 'read'];
/** A rollback needs no approval of a pull request; its verdict goes to the registry. */
const ROLLBACK_PERMISSIONS: readonly Permission[] = [READ, ['packages', 'write']];

function targetInputs({ application }: Writing, verb: string): WorkflowInput[] {
  const options = application.formations.map(({ name }) => name);
  return [
    { name: 'formation', description: `What is ${verb}.`, required: true, options },
    { name: 'destination', description: 'One of its destinations; empty is all of them.' },
  ];
}

function rollback(writing: Writing): Workflow {
  const { application } = writing;
  return {
    file: 'rollback.yml',
    name: 'Rollback',
    purpose:
      'By hand: an earlier release of a formation is restored as a new one and watched, at all of its destinations or at one.',
    needs: needsOf(writing, application.formations, NO_SECRETS, 'registry'),
    start: {
      triggers: [],
      runName: `${application.name}: \${{ inputs.formation }} \${{ inputs.destination }} back to \${{ inputs.to || 'the release before' }}, ${BY_WHOM}`,
    },
    inputs: [
      ...targetInputs(writing, 'rolled back'),
      {
        name: 'to',
        description:
          'The number or deployment tag of the release to restore; empty is the one before that succeeded.',
      },
      { name: 'reason', description: 'Why; it is recorded with the release.', required: true },
    ],
    jobs: actionJob(writing, {
      id: 'rollback',
      matrix: chosenMatrix(application.formations),
      environment: chosenEnvironment(application.formations),
      permissions: ROLLBACK_PERMISSIONS,
      login: 'registry',
      step: {
        inputs: [
          'steps: deploy, verify',
          'mode: rollback',
          'to: ${{ inputs.to }}',
          ...CHOSEN,
          ...clusterInputs(writing),
          'reason: ${{ inputs.reason }}',
        ],
      },
    }),
    login: 'registry',
    permissions: [...ROLLBACK_PERMISSIONS, ...tokenPermission(writing.settings)],
  };
}

function destroy(writing: Writing): Workflow {
  const { application } = writing;
  return {
    file: 'destroy.yml',
    name: 'Destroy',
    purpose:
      'By hand: what a formation has in its clusters is removed, at all of its destinations or at one.',
    needs: needsOf(writing, application.formations, NO_SECRETS, 'none'),
    start: {
      triggers: [],
      runName: `${application.name}: remove \${{ inputs.formation }} \${{ inputs.destination }}, ${BY_WHOM}`,
    },
    inputs: [
      ...targetInputs(writing, 'removed'),
      {
        name: 'confirm',
        description: `Type ${application.name}/<formation>, so that nothing is removed by mistake.`,
        required: true,
      },
      { name: 'reason', description: 'Why.', required: true },
    ],
    jobs: actionJob(writing, {
      id: 'destroy',
      matrix: chosenMatrix(application.formations),
      environment: chosenEnvironment(application.formations),
      permissions: [READ],
      login: 'none',
      step: {
        action: 'deploy',
        inputs: [
          'mode: destroy',
          'confirm: ${{ inputs.confirm }}',
          ...CHOSEN,
          ...clusterInputs(writing),
          'reason: ${{ inputs.reason }}',
        ],
      },
    }),
    login: 'none',
    permissions: [READ, ...tokenPermission(writing.settings)],
  };
}

/** By hand and not on a schedule: an environment with reviewers would ask them each time. */
function status(writing: Writing): Workflow {
  const { application } = writing;
  return {
    file: 'status.yml',
    name: 'Status',
    purpose:
      'By hand: lists the kept releases of every formation and destination, and which of them is live. It changes nothing.',
    needs: needsOf(writing, application.formations, NO_SECRETS, 'none'),
    start: { triggers: ['workflow_dispatch:'], runName: `${application.name}: status, ${BY_WHOM}` },
    inputs: [],
    jobs: actionJob(writing, {
      id: 'status',
      matrix: wholeMatrix(application.formations),
      environment: ['environment: ${{ matrix.environment }}'],
      permissions: [READ],
      login: 'none',
      step: { action: 'deploy', inputs: ['mode: releases', ...LISTED, ...clusterInputs(writing)] },
    }),
    login: 'none',
    permissions: [READ, ...tokenPermission(writing.settings)],
  };
}
