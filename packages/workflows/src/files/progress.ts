import { environmentsOf, type Formation, type Target, targetsOf } from '../application/application.ts';
import { chosenEnvironmentField, deploymentInputs } from '../jobs/environment.ts';
import { jobLines } from '../jobs/job.ts';
import { clusterInputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { decidingPermissions, MAY_WAIT, steppedWriting } from '../steps/decision-jobs.ts';
import { indented, wrapped } from '../text/lines.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const NO_SECRETS = { variables: [], sops: [], vault: [] };
/** Once an hour in UTC, and not at the full hour, when GitHub starts many. */
const HOURLY = '47 * * * *';
const ALL = '/';

/** The workflow that looks at releases that are open: on a schedule, so that time passes for them, or by hand with a decision. */
export function progress(given: Writing): Workflow[] {
  const formations = given.application.formations.filter(({ steps }) => steps !== undefined);
  if (formations.length === 0) return [];
  const writing = steppedWriting(given);
  const { application } = writing;
  const permissions = decidingPermissions(writing, formations);
  return [
    {
      file: 'progress.yml',
      name: 'Progress',
      purpose:
        'Each hour if this is on the default branch: whatever is open is looked at, judged if its time has come, and goes on or back. By hand: a decision about one release.',
      needs: [
        ...needsOf(writing, formations, NO_SECRETS, 'registry', '-home'),
        'These environments have no reviewers and no timer, only a rule for the branch.',
      ],
      start: {
        triggers: [`schedule: [{ cron: "${HOURLY}" }]`],
        runName: `${application.name}: \${{ inputs.decision || 'look' }} \${{ inputs.formation }} \${{ inputs.destination }} \${{ inputs.release }}, ${BY_WHOM}`,
      },
      inputs: [
        {
          name: 'formation',
          description: 'What was released.',
          required: 'by-hand',
          options: formations.map(({ name }) => name),
        },
        { name: 'destination', description: 'Where; not needed if there is one only.' },
        { name: 'release', description: 'Its number, which a decision needs.' },
        {
          name: 'decision',
          description: `continue with what it waits for, such as ${exampleOf(formations)}; promote, which leaves out what is left; or reject. Empty only looks.`,
        },
        { name: 'reason', description: 'Why; it is recorded.' },
      ],
      jobs: jobLines(writing, {
        id: 'progress',
        permissions,
        fields: [
          ...['strategy:', ...indented(['fail-fast: false', 'matrix:', ...indented(matrix(formations))])],
          ...environmentOf(writing, formations),
        ],
        steps: [
          ...openingSteps(writing, 'progress', 'registry'),
          ...slipwayStep(writing, {
            action: 'verify-rollout',
            inputs: [
              "release: ${{ inputs.release || 'open' }}",
              'decision: ${{ inputs.decision }}',
              ...MAY_WAIT,
              ...['formation: ${{ matrix.formation }}', 'destination: ${{ matrix.destination }}'],
              ...clusterInputs(writing),
              ...deploymentInputs(writing),
              'reason: ${{ inputs.reason }}',
            ],
          }),
        ],
      }),
      login: 'registry',
      permissions,
    },
  ];
}

function exampleOf(formations: readonly Formation[]): string {
  const [pause = 'step-1'] = formations.flatMap(({ steps }) => steps?.pauses ?? []);
  return `continue ${pause}`;
}

function environmentOf(writing: Writing, formations: readonly Formation[]): readonly string[] {
  if (environmentsOf(formations).length === 0) return [];
  return chosenEnvironmentField(writing, ['environment: >-', '  ${{ matrix.environment }}']);
}

/**
 * All targets on a schedule, else the one that was chosen. They are taken from the table and never from an input: what is not in the table
 * becomes a text that is not JSON, which ends the run before a job begins.
 */
function matrix(formations: readonly Formation[]): string[] {
  const targets = formations.flatMap(targetsOf);
  const chosen = formations.flatMap(formation => {
    const own = targetsOf(formation);
    return [
      ...(own.length === 1 ? [entry(`${formation.name}/`, own)] : []),
      ...own.map(target => entry(`${formation.name}/${target.destination}`, [target])),
    ];
  });
  const table = [entry(ALL, targets), ...chosen].join(', ');
  const parts =
    `\${{ fromJSON('{ ${table} }')[format('{0}/{1}', inputs.formation, inputs.destination)]`.split(/, (?=")/);
  return [
    'include: >-',
    ...wrapped(parts).map(line => `  ${line}`),
    "  || fromJSON(format('{0} has no destination {1}, or needs one', inputs.formation, inputs.destination)) }}",
  ];
}

function entry(key: string, targets: readonly Target[]): string {
  const list = targets.map(({ formation, destination, environment }) =>
    JSON.stringify({
      formation,
      destination,
      environment: environment === '' ? '' : `${environment}-home`,
    }),
  );
  return `${JSON.stringify(key)}: [${list.join(', ')}]`;
}
