import { destinationsOf, environmentsOf, secretsOf } from '../application/application.ts';
import { deploymentInputs, environmentField } from '../jobs/environment.ts';
import {
  deployingPermissions,
  type Job,
  jobLines,
  type Permission,
  packagesPermission,
} from '../jobs/job.ts';
import {
  clusterInputs,
  commonInputs,
  openingSteps,
  secretInputs,
  secretVariables,
  slipwayStep,
  type Writing,
} from '../jobs/steps.ts';
import { expression, flowMap } from '../text/yaml.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const READ: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'read'],
];
const TARGETS = 'needs.list.outputs.targets';
/** In place of a list that GitHub dropped: a job in no environment that says so, as a matrix of nothing would be an error without a cause. */
const NO_TARGETS = String.raw`'[{\"destination\":\"dropped-by-github\"}]'`;

/**
 * The workflow that brings back what a lost cluster had: a job without a cluster and without an environment lists it, and one after the
 * other a job for each formation brings back what last passed there. One that is refused does not keep the next ones away.
 */
export function recover(writing: Writing): Workflow {
  const { application } = writing;
  const { formations } = application;
  const secrets = secretsOf(formations);
  const jobs = [listJob(writing), recoverJob(writing)];
  return {
    file: 'recover.yml',
    name: 'Recover',
    purpose:
      'By hand, after a cluster was lost: what the registry and Git know to have passed there last is brought to a new one, formation by formation, and watched. Data is not brought back.',
    needs: needsOf(writing, formations, secrets, 'registry'),
    start: {
      triggers: [],
      runName: `${application.name}: recovery of what was at \${{ inputs.destination }}, ${BY_WHOM}`,
    },
    inputs: [
      {
        name: 'destination',
        description:
          'A destination whose cluster was lost; what is known to have been in the same one is brought back too.',
        required: true,
        options: [...new Set(formations.flatMap(destinationsOf).map(({ name }) => name))],
      },
      { name: 'reason', description: 'Why; it is recorded.', required: true },
    ],
    jobs: jobs.flatMap(job => jobLines(writing, job)),
    login: 'registry',
    permissions: deployingPermissions(writing, secrets),
  };
}

/** What is brought back, in which order, and what does not, before anyone approves it. */
function listJob(writing: Writing): Job {
  return {
    id: 'list',
    permissions: [...READ, ...packagesPermission(writing, 'read')],
    fields: [`outputs: ${flowMap([['targets', expression('steps.list.outputs.targets')]])}`],
    steps: [
      ...openingSteps(writing, 'list', 'registry'),
      '- id: list',
      `  uses: slipway-dev/slipway/actions/deploy@${writing.settings.version}`,
      `  with: ${listInputs(writing)}`,
    ],
  };
}

/** In one line, as the file has two jobs. */
function listInputs(writing: Writing): string {
  const inputs = ['mode: recover-plan', 'destination: ${{ inputs.destination }}', ...commonInputs(writing)];
  return flowMap(
    inputs.map((input): [string, string] => {
      const [name = '', ...value] = input.split(': ');
      const text = value.join(': ');
      return [name, text.startsWith('$') ? JSON.stringify(text) : text];
    }),
  );
}

function recoverJob(writing: Writing): Job {
  const { formations } = writing.application;
  const secrets = secretsOf(formations);
  const matrix = expression(`fromJSON(${TARGETS} || ${NO_TARGETS})`);
  return {
    id: 'recover',
    permissions: deployingPermissions(writing, secrets),
    fields: [
      'needs: list',
      `strategy: { fail-fast: false, max-parallel: 1, matrix: { include: ${matrix} } }`,
      ...(environmentsOf(formations).length === 0
        ? []
        : environmentField(writing, expression('matrix.environment'))),
    ],
    steps: [
      ...openingSteps(writing, 'recover', 'registry'),
      ...slipwayStep(writing, {
        inputs: [
          'steps: deploy, verify',
          'mode: recover',
          'formation: ${{ matrix.formation }}',
          'destination: ${{ matrix.destination }}',
          ...clusterInputs(writing),
          ...secretInputs(secrets),
          ...deploymentInputs(writing),
          'reason: ${{ inputs.reason }}',
        ],
        variables: secretVariables(secrets),
      }),
    ],
  };
}
