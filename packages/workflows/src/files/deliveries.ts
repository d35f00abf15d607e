import { environmentsOf, type Formation, secretsOf } from '../application/application.ts';
import { type Delivery, isOfOne, needsStepsFile, needsWaveFile, wavesOf } from '../deliveries/delivery.ts';
import { type CalledFiles, deliveryJobs } from '../deliveries/delivery-jobs.ts';
import { WAVE_FILE, waveJob } from '../deliveries/waves.ts';
import { deployingPermissions, jobLines } from '../jobs/job.ts';
import type { Writing } from '../jobs/steps.ts';
import { startingPermissions } from '../steps/decision-jobs.ts';
import { mayWait } from '../steps/stages.ts';
import { inExpression } from '../text/yaml.ts';
import { ADOPT, CONFIG, REASON } from './delivery-inputs.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { decisionNeeds, needsOf } from './needs.ts';
import { STEPS_FILE, stepsWorkflow } from './steps.ts';

/** Monday morning in UTC, and not at the full hour, when GitHub starts many. */
const WEEKLY = '23 4 * * 1';

interface Described {
  readonly delivery: Delivery;
  readonly own: Pick<Workflow, 'file' | 'name' | 'purpose' | 'start' | 'inputs'>;
}

/** The workflows that bring a snapshot to formations: release.yml, rebuild.yml, and one for each formation that is promoted to. */
export function deliveries(writing: Writing, prefix: string): Workflow[] {
  const { formations } = writing.application;
  const promoted = formations.filter(({ promotedFrom }) => promotedFrom !== undefined);
  const released = formations.filter(({ promotedFrom }) => promotedFrom === undefined);
  const all = [
    release(writing, released),
    rebuild(writing, released),
    ...promoted.map(formation => promotion(writing, formation, promoted.length)),
  ];
  const inWaves = calledBy(all, needsWaveFile);
  const inSteps = calledBy(all, needsStepsFile);
  const called = [
    ...(inWaves.length === 0 ? [] : [waveWorkflow(writing, inWaves)]),
    ...(inSteps.length === 0 ? [] : [stepsWorkflow(writing, inSteps)]),
  ];
  const permissions = (file: string) => called.find(one => one.file === file)?.permissions ?? [];
  const files: CalledFiles = {
    waves: { file: `${prefix}${WAVE_FILE}`, permissions: permissions(WAVE_FILE) },
    steps: { file: `${prefix}${STEPS_FILE}`, permissions: permissions(STEPS_FILE) },
  };
  return [...all.map(described => workflowOf(writing, described, files)), ...called];
}

/** The formations whose jobs are in a file of their own. */
function calledBy(all: readonly Described[], needsFile: (delivery: Delivery) => boolean): Formation[] {
  const found = all
    .filter(({ delivery }) => needsFile(delivery))
    .flatMap(({ delivery }) => delivery.formations);
  return [...new Set(found)];
}

function workflowOf(writing: Writing, { delivery, own }: Described, files: CalledFiles): Workflow {
  const { formations } = delivery;
  const secrets = secretsOf(formations);
  const isCalling = needsWaveFile(delivery) || needsStepsFile(delivery);
  const called = needsStepsFile(delivery) ? files.steps : files.waves;
  const waits = isOfOne(delivery) && formations.some(mayWait);
  return {
    ...own,
    needs: [
      ...needsOf(writing, formations, secrets, 'registry'),
      ...(formations.some(mayWait) ? decisionNeeds(formations) : []),
    ],
    jobs: deliveryJobs(writing, delivery, files),
    login: 'registry',
    permissions: isCalling
      ? called.permissions
      : waits
        ? startingPermissions(writing, formations)
        : deployingPermissions(writing, secrets),
  };
}

function release({ application, settings }: Writing, formations: readonly Formation[]): Described {
  const to = namesOf(formations);
  return {
    delivery: {
      name: 'release',
      formations,
      build: [],
      turns: 'one-by-one',
      plan: 'none',
      said: 'nothing',
      adoption: 'if-asked',
    },
    own: {
      file: 'release.yml',
      name: 'Release',
      purpose: `Each push to ${settings.branch} is built, checked, released to ${to}, and watched until there is a verdict; by hand the same, if wanted with adopt.`,
      start: {
        triggers: [`push: { branches: [${JSON.stringify(settings.branch)}] }`],
        runName: `${application.name}: \${{ github.sha }} to ${to}, ${BY_WHOM}`,
      },
      inputs: [ADOPT],
    },
  };
}

function rebuild({ application, settings }: Writing, formations: readonly Formation[]): Described {
  const to = namesOf(formations);
  return {
    delivery: {
      name: 'rebuild',
      formations,
      build: ["rebuild: ${{ inputs.rebuild || 'auto' }}"],
      turns: 'one-by-one',
      plan: 'none',
      said: 'nothing',
      adoption: 'never',
      // GitHub runs a schedule on the default branch, and what is released is another one's.
      condition: `github.event_name != 'schedule' || github.ref_name == ${inExpression(settings.branch)}`,
    },
    own: {
      file: 'rebuild.yml',
      name: 'Rebuild',
      purpose: `Each Monday if ${settings.branch} is the default branch, or by hand: images whose base images have changed are built again and released to ${to}.`,
      start: {
        triggers: [`schedule: [{ cron: "${WEEKLY}" }]`],
        runName: `${application.name}: rebuild of \${{ github.ref_name }} to ${to}, ${BY_WHOM}`,
      },
      inputs: [
        {
          name: 'rebuild',
          description: 'auto builds what has changed, always builds everything.',
          options: ['auto', 'always'],
        },
      ],
    },
  };
}

function promotion({ application }: Writing, formation: Formation, promotions: number): Described {
  const { name: to, promotedFrom: from = '' } = formation;
  const waves = wavesOf([formation]);
  return {
    delivery: {
      name: 'promote',
      formations: [formation],
      build: [`promote: \${{ inputs.deployment-tag || ${inExpression(from)} }}`],
      turns: 'any',
      // Whoever approves a job in an environment sees before what it will do; where there is none, no one is asked.
      plan: environmentsOf([formation]).length === 0 ? 'none' : 'before',
      said: 'config-and-reason',
      adoption: 'if-asked',
    },
    own: {
      file: promotions === 1 ? 'promote.yml' : `promote-${to}.yml`,
      name: promotions === 1 ? 'Promote' : `Promote to ${to}`,
      purpose: `By hand: what passed in ${from} goes to ${to} with the same digests${waves > 1 ? `, in ${waves} waves` : ''}.`,
      start: {
        triggers: [],
        runName: `${application.name}: \${{ inputs.deployment-tag || 'what passed last in ${from}' }} to ${to}, ${BY_WHOM}`,
      },
      inputs: [
        { name: 'deployment-tag', description: `What to promote; empty is what passed in ${from} last.` },
        CONFIG,
        ADOPT,
        REASON,
      ],
    },
  };
}

/** Called by the others for each of their waves, and calls nothing itself. */
function waveWorkflow(writing: Writing, formations: readonly Formation[]): Workflow {
  const secrets = secretsOf(formations);
  const job = waveJob(writing, {
    id: 'wave',
    formations,
    jobs: 'inputs.jobs',
    path: '',
    tag: 'inputs.tag',
    said: 'config-and-reason',
    adoption: 'if-asked',
    plannedFrom: 'inputs.planned-from',
    concurrency: [],
  });
  return {
    file: WAVE_FILE,
    name: 'Wave',
    purpose:
      'One wave of a release or promotion: a job for each destination, in its environment. Other workflows call it.',
    needs: needsOf(writing, formations, secrets, 'registry'),
    start: 'called',
    inputs: [
      { name: 'tag', description: 'The deployment tag.', required: true },
      { name: 'jobs', description: 'One item of the output waves of render-stencil.', required: true },
      {
        name: 'planned-from',
        description: 'The releases that the approved plan was made from, if there was one.',
      },
      CONFIG,
      ADOPT,
      REASON,
    ],
    jobs: jobLines(writing, job),
    login: 'registry',
    permissions: job.permissions,
  };
}

function namesOf(formations: readonly Formation[]): string {
  return formations.map(({ name }) => name).join(', ');
}
