import { type AllowedSecrets, readAgainOf } from '../application/application.ts';
import { chosenEnvironmentField, deploymentInputs } from '../jobs/environment.ts';
import {
  deploymentsPermission,
  jobLines,
  type Permission,
  packagesPermission,
  tokenPermission,
} from '../jobs/job.ts';
import {
  clusterInputs,
  type Inputs,
  openingSteps,
  type Step,
  secretInputs,
  secretVariables,
  slipwayStep,
  type Writing,
} from '../jobs/steps.ts';
import { isLoggedInto } from '../jobs/store-logins.ts';
import { indented } from '../text/lines.ts';
import { chosenEnvironment, chosenMatrix } from '../text/selection.ts';
import { BY_WHOM, type Workflow, type WorkflowInput } from './file.ts';
import { needsOf } from './needs.ts';

const NO_SECRETS: AllowedSecrets = { variables: [], sops: [], vault: [] };
const READ: Permission = ['contents', 'read'];
const REASON: WorkflowInput = { name: 'reason', description: 'Why; it is recorded.', required: true };
const UNTIL: WorkflowInput = {
  name: 'until',
  description:
    'When the hold ends by itself, such as 8h or 2026-12-01T09:00:00Z; empty is once someone lifts it.',
};
const CHOSEN: Inputs = ['formation: ${{ inputs.formation }}', 'destination: ${{ matrix.destination }}'];

/** The workflows that act on what is deployed: none has a concurrency group, as what undoes must not wait for what it undoes. */
export function byHand(writing: Writing): Workflow[] {
  return [rollback(writing), hold(writing), destroy(writing)];
}

/** What a workflow does to the destinations that a person chose. */
interface Action {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  /** The rest of the title of a run, behind what was chosen. */
  readonly done: string;
  /** The verb of the description of what is chosen. */
  readonly verb: string;
  readonly inputs: readonly WorkflowInput[];
  readonly permissions: readonly Permission[];
  readonly login: 'registry' | 'none';
  /** What the step reads beside the cluster. */
  readonly secrets?: AllowedSecrets;
  readonly step: (inputs: Inputs) => Step;
}

function rollback(writing: Writing): Workflow {
  const secrets = readAgainOf(writing.application.formations);
  return chosen(writing, {
    id: 'rollback',
    name: 'Rollback',
    purpose:
      'By hand: an earlier release of a formation is restored as a new one, watched, and held: nothing is released over it until that is lifted.',
    done: "back to ${{ inputs.to || 'the release before' }}",
    verb: 'rolled back',
    inputs: [
      {
        name: 'to',
        description:
          'The number or deployment tag of the release to restore; empty is the one before that succeeded.',
      },
      UNTIL,
      REASON,
    ],
    // A rollback needs no approval of a pull request; its verdict goes to the registry.
    permissions: [READ, ...packagesPermission(writing, 'write'), ...deploymentsPermission(writing.settings)],
    login: 'registry',
    secrets,
    step: inputs => ({
      variables: secretVariables(secrets),
      inputs: [
        'steps: deploy, verify',
        'mode: rollback',
        'to: ${{ inputs.to }}',
        'hold-until: ${{ inputs.until }}',
        ...inputs,
        ...secretInputs(secrets),
        ...deploymentInputs(writing),
      ],
    }),
  });
}

function hold(writing: Writing): Workflow {
  return chosen(writing, {
    id: 'hold',
    name: 'Hold',
    purpose:
      'By hand: a formation is kept as it is, so that every release to it is refused, or its hold is lifted.',
    done: '${{ inputs.mode }}',
    verb: 'held',
    inputs: [
      {
        name: 'mode',
        description: 'Whether the hold is set or lifted.',
        required: true,
        options: ['hold', 'lift-hold'],
      },
      UNTIL,
      REASON,
    ],
    // The registry keeps the hold of a formation that is promoted.
    permissions: [READ, ...packagesPermission(writing, 'write')],
    login: 'registry',
    step: inputs => ({
      action: 'deploy',
      inputs: ['mode: ${{ inputs.mode }}', 'hold-until: ${{ inputs.until }}', ...inputs],
    }),
  });
}

function destroy(writing: Writing): Workflow {
  const { name } = writing.application;
  return chosen(writing, {
    id: 'destroy',
    name: 'Destroy',
    purpose:
      'By hand: what a formation has in its clusters is removed, at all of its destinations or at one.',
    done: 'removed',
    verb: 'removed',
    inputs: [
      {
        name: 'confirm',
        description: `Type ${name}/<formation>, so that nothing is removed by mistake.`,
        required: true,
      },
      REASON,
    ],
    // The registry notes that it was removed.
    permissions: [READ, ...packagesPermission(writing, 'write')],
    login: 'registry',
    step: inputs => ({
      action: 'deploy',
      inputs: ['mode: destroy', 'confirm: ${{ inputs.confirm }}', ...inputs],
    }),
  });
}

function chosen(writing: Writing, action: Action): Workflow {
  const { application, settings } = writing;
  const { id, login, secrets = NO_SECRETS } = action;
  const permissions = [
    ...action.permissions,
    ...tokenPermission(settings, isLoggedInto(secrets) ? 'write' : 'none'),
  ];
  const step = action.step([...CHOSEN, ...clusterInputs(writing), 'reason: ${{ inputs.reason }}']);
  return {
    file: `${id}.yml`,
    name: action.name,
    purpose: action.purpose,
    needs: needsOf(writing, application.formations, secrets, login),
    start: {
      triggers: [],
      runName: `${application.name}: \${{ inputs.formation }} \${{ inputs.destination }} ${action.done}, ${BY_WHOM}`,
    },
    inputs: [
      {
        name: 'formation',
        description: `What is ${action.verb}.`,
        required: true,
        options: application.formations.map(({ name }) => name),
      },
      { name: 'destination', description: 'One of its destinations; empty is all of them.' },
      ...action.inputs,
    ],
    jobs: jobLines(writing, {
      id,
      permissions,
      fields: [
        ...matrixField(chosenMatrix(application.formations)),
        ...chosenEnvironmentField(writing, chosenEnvironment(application.formations)),
      ],
      steps: [...openingSteps(writing, id, login), ...slipwayStep(writing, step)],
    }),
    login,
    permissions,
  };
}

/** Each job of the matrix goes on whatever becomes of the others. */
function matrixField(matrix: readonly string[]): string[] {
  return ['strategy:', ...indented(['fail-fast: false', 'matrix:', ...indented(matrix)])];
}
