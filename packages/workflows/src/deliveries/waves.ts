import { environmentsOf, type Formation, secretsOf } from '../application/application.ts';
import { environmentField } from '../jobs/environment.ts';
import { deployingPermissions, type Job, type Permission, permissionsField } from '../jobs/job.ts';
import { type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { expression, flowMap } from '../text/yaml.ts';
import type { Delivery } from './delivery.ts';
import { carried, concurrency, deployStep } from './deploying.ts';

/** The file that has the job of a wave. */
export const WAVE_FILE = 'wave.yml';

/** A file that the jobs of several destinations are in, and what these may do. */
export interface WaveFile {
  readonly file: string;
  readonly permissions: readonly Permission[];
}

interface Wave {
  readonly id: string;
  readonly needs?: string;
  readonly formations: readonly Formation[];
  /** The expression of a JSON text, and where in it the jobs are. */
  readonly jobs: string;
  readonly path: string;
  /** The expression of the deployment tag. */
  readonly tag: string;
  readonly said: Delivery['said'];
  readonly adoption: Delivery['adoption'];
  readonly plannedFrom?: string;
  readonly concurrency: readonly string[];
}

const WAVES = 'needs.prepare.outputs.waves';
/** In place of waves that GitHub dropped: a job in no environment that says so, as a matrix of nothing would be an error without a cause. */
const NO_WAVES = String.raw`'[[{\"destination\":\"dropped-by-github\"}]]'`;
const MATRIX_TARGET = '${{ matrix.formation }}-${{ matrix.destination }}';

/** The one wave of formations that have no more. */
export function inlineWave(writing: Writing, delivery: Delivery): Job {
  const { formations, said, adoption } = delivery;
  return waveJob(writing, {
    ...{ id: 'wave-1', needs: 'prepare', formations, said, adoption },
    ...{ jobs: `${WAVES} || ${NO_WAVES}`, path: '[0]', tag: carried('needs.prepare.outputs.tag') },
    concurrency: concurrency(writing, delivery, MATRIX_TARGET),
  });
}

/** A job for each destination of one wave. */
export function waveJob(writing: Writing, wave: Wave): Job {
  const { id, needs, formations, jobs, path, tag, said, adoption, plannedFrom } = wave;
  const secrets = secretsOf(formations);
  const what: Inputs = [
    `snapshot: \${{ ${tag} }}`,
    `digest: \${{ ${carried('matrix.digest')} }}`,
    'formation: ${{ matrix.formation }}',
    'destination: ${{ matrix.destination }}',
  ];
  return {
    id,
    permissions: deployingPermissions(writing, secrets),
    fields: [
      ...(needs === undefined ? [] : [`needs: ${needs}`]),
      `strategy: { fail-fast: false, matrix: { include: ${expression(`fromJSON(${jobs})${path}`)} } }`,
      ...wave.concurrency,
      ...(environmentsOf(formations).length === 0
        ? []
        : environmentField(writing, expression('matrix.environment'))),
    ],
    steps: [
      ...openingSteps(writing, id, 'registry'),
      ...slipwayStep(
        writing,
        deployStep(writing, {
          ...{ what, secrets, said, adoption },
          ...(plannedFrom === undefined ? {} : { plannedFrom }),
        }),
      ),
    ],
  };
}

/** The job that calls the file of waves for one of them. */
export function waveCall(
  writing: Writing,
  delivery: Delivery,
  index: number,
  { file, permissions }: WaveFile,
): string[] {
  return [
    `wave-${index + 1}:`,
    ...indented([
      index === 0 ? 'needs: prepare' : `needs: [prepare, wave-${index}]`,
      `uses: ./.github/workflows/${file}`,
      permissionsField(permissions),
      `with: ${flowMap(callInputs(writing, delivery, index))}`,
      'secrets: inherit',
    ]),
  ];
}

function callInputs(writing: Writing, delivery: Delivery, index: number): [string, string][] {
  const jobs = expression(`toJSON(${jobsOfWave(index)})`);
  const [tag, ...others] = deliveryInputs(writing, delivery);
  return [...(tag === undefined ? [] : [tag]), ['jobs', jobs], ...others];
}

/** The expression of the jobs of a wave. A later wave only begins after the first one, which fails where there are no waves. */
export function jobsOfWave(index: number): string {
  const waves = index === 0 ? `${WAVES} || ${NO_WAVES}` : WAVES;
  return `fromJSON(${waves})[${index}]`;
}

/** What every job of a delivery is given by the file that calls it. */
export function deliveryInputs(
  { settings }: Writing,
  { plan, said, adoption }: Delivery,
): [string, string][] {
  return [
    ['tag', expression(carried('needs.prepare.outputs.tag'))],
    ...(plan === 'none'
      ? []
      : [['planned-from', expression(carried('needs.prepare.outputs.planned-from'))] as [string, string]]),
    ...(said === 'nothing'
      ? []
      : ['config', 'reason'].map((name): [string, string] => [name, expression(`inputs.${name}`)])),
    ...(adoption === 'never' ? [] : [['adopt', expression('inputs.adopt')] as [string, string]]),
    ...(settings.form === 'shared'
      ? [['application', expression('inputs.application')] as [string, string]]
      : []),
  ];
}
