import {
  type AllowedSecrets,
  destinationsOf,
  expectedWavesOf,
  type Formation,
  secretsOf,
} from '../application/application.ts';
import { indented } from '../text/lines.ts';
import { expression, flowMap, literal } from '../text/yaml.ts';
import { deployingPermissions, type Job, jobLines, permissionsField, preparingPermissions } from './job.ts';
import {
  clusterInputs,
  commonInputs,
  type Inputs,
  openingSteps,
  secretInputs,
  secretVariables,
  slipwayStep,
  type Writing,
} from './steps.ts';

/** How a snapshot reaches some formations. */
export interface Delivery {
  /** `release`, `promote` or `rebuild`: the id of a job that does all of it. */
  readonly name: string;
  readonly formations: readonly Formation[];
  /** The inputs that say where images come from. */
  readonly build: Inputs;
  /** What waits for its turn: a promotion may wait for an approval for weeks, and must not hold up another one. */
  readonly turns: 'one-by-one' | 'any';
  /** The expression for the reason that is recorded, if someone gives one. */
  readonly reason?: string;
  /** The expression for whether anything is done, if that is not always so. */
  readonly condition?: string;
}

/** The file that has the job of a wave. */
export const WAVE_FILE = 'wave.yml';

export function wavesOf(formations: readonly Formation[]): number {
  return Math.max(...formations.map(({ waves }) => waves.length));
}

/** Each wave after the first needs a job that waits, all alike: these are in a file of their own. */
export function needsWaveFile({ formations }: Delivery): boolean {
  return wavesOf(formations) > 1;
}

/** The file that the jobs of several waves are in, and what these may read. */
export interface WaveFile {
  readonly file: string;
  readonly secrets: AllowedSecrets;
}

/** The jobs of a delivery: one for a formation of one destination, else one that prepares and then one for each wave. */
export function deliveryJobs(writing: Writing, delivery: Delivery, waveFile: WaveFile): string[] {
  const [formation, ...others] = delivery.formations;
  if (formation !== undefined && others.length === 0 && destinationsOf(formation).length === 1)
    return jobLines(writing, onlyJob(writing, delivery, formation));
  const prepare = jobLines(writing, prepareJob(writing, delivery));
  if (!needsWaveFile(delivery)) return [...prepare, ...jobLines(writing, inlineWave(writing, delivery))];
  const calls = Array.from({ length: wavesOf(delivery.formations) }, (_, index) =>
    waveCall(writing, delivery, index, waveFile),
  );
  return [...prepare, '', ...calls.flat()];
}

/** Secrets are in the environment of the second step only: a build starts programs that someone else wrote. */
function onlyJob(writing: Writing, delivery: Delivery, formation: Formation): Job {
  const secrets = secretsOf([formation]);
  const [destination] = destinationsOf(formation);
  const name = destination?.name ?? '';
  const environment = destination?.environment;
  return {
    id: delivery.name,
    permissions: deployingPermissions(writing, secrets),
    fields: [
      ...conditionOf(delivery),
      ...concurrency(writing, delivery, `${formation.name}-${name}`),
      ...(environment === undefined ? [] : [`environment: ${literal(environment)}`]),
    ],
    steps: [
      ...openingSteps(writing, delivery.name, 'registry'),
      ...slipwayStep(writing, {
        id: 'prepare',
        inputs: [
          'steps: build, render, check',
          ...delivery.build,
          `formation: ${literal(formation.name)}`,
          expectedWaves([formation]),
          ...commonInputs(writing),
        ],
      }),
      ...slipwayStep(writing, {
        id: 'deploy',
        inputs: [
          'steps: render, deploy, verify',
          'snapshot: ${{ steps.prepare.outputs.snapshot }}',
          'digest: ${{ steps.prepare.outputs.digest }}',
          `formation: ${literal(formation.name)}`,
          `destination: ${literal(name)}`,
          ...deployInputs(writing, secrets, delivery.reason),
        ],
        variables: secretVariables(secrets),
      }),
    ],
  };
}

/** The jobs that need the one that is skipped are skipped with it. */
function conditionOf({ condition }: Delivery): string[] {
  return condition === undefined ? [] : [`if: ${expression(condition)}`];
}

/** A formation that has changed since the file was written fails, and loses no wave. One line, however many there are: files stay short. */
function expectedWaves(formations: readonly Formation[]): string {
  return `expected-waves: ${literal(expectedWavesOf(formations).join(', '))}`;
}

function deployInputs(writing: Writing, secrets: AllowedSecrets, reason: string | undefined): Inputs {
  return [
    ...clusterInputs(writing),
    ...secretInputs(secrets),
    ...(reason === undefined ? [] : [`reason: \${{ ${reason} }}`]),
  ];
}

/** What is checked here is what each wave deploys: it renders again, and compares the digest. */
function prepareJob(writing: Writing, delivery: Delivery): Job {
  const names = delivery.formations.map(({ name }) => name);
  return {
    id: 'prepare',
    permissions: preparingPermissions(writing),
    fields: [
      ...conditionOf(delivery),
      `outputs: ${flowMap([
        ['tag', expression('steps.prepare.outputs.deployment-tag')],
        ['waves', expression('steps.prepare.outputs.waves')],
      ])}`,
    ],
    steps: [
      ...openingSteps(writing, 'prepare', 'registry'),
      ...slipwayStep(writing, {
        id: 'prepare',
        inputs: [
          'steps: build, render, check',
          ...delivery.build,
          `formation: ${literal(names.join(', '))}`,
          expectedWaves(delivery.formations),
          ...commonInputs(writing),
        ],
      }),
    ],
  };
}

function inlineWave(writing: Writing, delivery: Delivery): Job {
  return waveJob(writing, {
    id: 'wave-1',
    needs: 'prepare',
    jobs: 'needs.prepare.outputs.waves',
    path: '[0]',
    tag: 'needs.prepare.outputs.tag',
    secrets: secretsOf(delivery.formations),
    concurrency: concurrency(writing, delivery, MATRIX_TARGET),
    ...(delivery.reason === undefined ? {} : { reason: delivery.reason }),
  });
}

const MATRIX_TARGET = '${{ matrix.formation }}-${{ matrix.destination }}';

interface Wave {
  readonly id: string;
  readonly needs?: string;
  /** The expression of a JSON text, and where in it the jobs are. */
  readonly jobs: string;
  readonly path: string;
  /** The expression of the deployment tag. */
  readonly tag: string;
  readonly secrets: AllowedSecrets;
  readonly concurrency: readonly string[];
  readonly reason?: string;
}

/** A job for each destination of one wave. */
export function waveJob(writing: Writing, wave: Wave): Job {
  return {
    id: wave.id,
    permissions: deployingPermissions(writing, wave.secrets),
    fields: [
      ...(wave.needs === undefined ? [] : [`needs: ${wave.needs}`]),
      `strategy: { fail-fast: false, matrix: { include: ${expression(`fromJSON(${wave.jobs})${wave.path}`)} } }`,
      ...wave.concurrency,
      'environment: ${{ matrix.environment }}',
    ],
    steps: [
      ...openingSteps(writing, wave.id, 'registry'),
      ...slipwayStep(writing, {
        id: 'deploy',
        inputs: [
          'steps: render, deploy, verify',
          `snapshot: \${{ ${wave.tag} }}`,
          'digest: ${{ matrix.digest }}',
          'formation: ${{ matrix.formation }}',
          'destination: ${{ matrix.destination }}',
          ...deployInputs(writing, wave.secrets, wave.reason),
        ],
        variables: secretVariables(wave.secrets),
      }),
    ],
  };
}

function waveCall(
  writing: Writing,
  { reason }: Delivery,
  index: number,
  { file, secrets }: WaveFile,
): string[] {
  const shared: [string, string][] = [['application', expression('inputs.application')]];
  const inputs: [string, string][] = [
    ['tag', expression('needs.prepare.outputs.tag')],
    ['jobs', expression(`toJSON(fromJSON(needs.prepare.outputs.waves)[${index}])`)],
    ...(reason === undefined ? [] : [['reason', expression(reason)] as [string, string]]),
    ...(writing.settings.form === 'shared' ? shared : []),
  ];
  return [
    `wave-${index + 1}:`,
    ...indented([
      index === 0 ? 'needs: prepare' : `needs: [prepare, wave-${index}]`,
      `uses: ./.github/workflows/${file}`,
      permissionsField(deployingPermissions(writing, secrets)),
      `with: ${flowMap(inputs)}`,
      'secrets: inherit',
    ]),
  ];
}

/** Nothing is cancelled where GitHub can queue more than one; on Enterprise Server the newest waits and those between are cancelled. */
function concurrency({ application, settings }: Writing, { turns }: Delivery, target: string): string[] {
  if (turns === 'any') return [];
  const group = `"slipway-${application.name}-${target}"`;
  return [`concurrency: { group: ${group}${settings.target === 'github' ? ', queue: max' : ''} }`];
}
