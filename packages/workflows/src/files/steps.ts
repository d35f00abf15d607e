import { environmentsOf, type Formation, secretsOf } from '../application/application.ts';
import { wavesOf } from '../deliveries/delivery.ts';
import { carried, deployStep } from '../deliveries/deploying.ts';
import { environmentField } from '../jobs/environment.ts';
import { deployingPermissions, type Job, jobLines } from '../jobs/job.ts';
import { type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { committedJob, decisionJobs, MAY_WAIT, startingJob, steppedWriting } from '../steps/decision-jobs.ts';
import { stagesOf } from '../steps/stages.ts';
import { expression } from '../text/yaml.ts';
import { ADOPT, CONFIG, REASON } from './delivery-inputs.ts';
import type { Workflow } from './file.ts';
import { decisionNeeds, needsOf } from './needs.ts';

/** The file that has the jobs of one destination of several, if releases to it may wait. */
export const STEPS_FILE = 'steps.yml';

const TARGET: Inputs = ['formation: ${{ inputs.formation }}', 'destination: ${{ inputs.destination }}'];

/** Called by the others for each of their destinations, and calls nothing itself. */
export function stepsWorkflow(writing: Writing, formations: readonly Formation[]): Workflow {
  const start = startOf(writing, formations);
  const stages = stagesOf(formations, start.id);
  return {
    file: STEPS_FILE,
    name: 'Steps',
    purpose:
      'One destination of a release in steps: a job that starts it, one for each decision, and one that takes it back. Other workflows call it.',
    needs: [...needsOf(writing, formations, secretsOf(formations), 'registry'), ...decisionNeeds(formations)],
    start: 'called',
    inputs: [
      { name: 'tag', description: 'The deployment tag.', required: true },
      {
        name: 'planned-from',
        description: 'The releases that the approved plan was made from, if there was one.',
      },
      CONFIG,
      ADOPT,
      REASON,
      { name: 'formation', description: 'The formation.', required: true },
      { name: 'destination', description: 'Its destination.', required: true },
      { name: 'environment', description: "The destination's environment, empty for none." },
      { name: 'digest', description: 'The digest of what was checked.', required: true },
    ],
    jobs: [
      ...jobLines(writing, start),
      ...decisionJobs(writing, {
        ...{ stages, formations, target: TARGET },
        environment: behind => expression(`format('{0}${behind}', inputs.environment)`),
      }),
      ...(wavesOf(formations) > 1 ? committedJob(writing, stages) : []),
    ],
    login: 'registry',
    permissions: start.permissions,
  };
}

/** The job that starts the release: it may do all that those behind it do. */
function startOf(given: Writing, formations: readonly Formation[]): Job {
  const writing = steppedWriting(given);
  const secrets = secretsOf(formations);
  const what: Inputs = [
    'snapshot: ${{ inputs.tag }}',
    `digest: \${{ ${carried('inputs.digest')} }}`,
    ...TARGET,
  ];
  const hasEnvironment = environmentsOf(formations).length > 0;
  const job: Job = {
    id: 'start',
    permissions: deployingPermissions(writing, secrets),
    fields: hasEnvironment ? environmentField(writing, expression('inputs.environment')) : [],
    steps: [
      ...openingSteps(writing, 'start', 'registry'),
      ...slipwayStep(
        writing,
        deployStep(writing, {
          ...{ what, secrets, said: 'config-and-reason', adoption: 'if-asked' },
          ...{ plannedFrom: 'inputs.planned-from', more: MAY_WAIT },
        }),
      ),
    ],
  };
  return startingJob(writing, job, formations);
}
