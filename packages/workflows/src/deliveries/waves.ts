import {
  type AllowedSecrets,
  environmentsOf,
  type Formation,
  secretsOf,
} from '../application/application.ts';
import { environmentField } from '../jobs/environment.ts';
import { deployingPermissions, type Job, permissionsField } from '../jobs/job.ts';
import { type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { expression, flowMap } from '../text/yaml.ts';
import type { Delivery } from './delivery.ts';
import { carried, concurrency, deployStep } from './deploying.ts';

/** The file that has the job of a wave. */
export const WAVE_FILE = 'wave.yml';

/** The file that the jobs of several waves are in, and what these may read. */
export interface WaveFile {
  readonly file: string;
  readonly secrets: AllowedSecrets;
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
  readonly plannedFrom?: string;
  readonly concurrency: readonly string[];
}

const WAVES = 'needs.prepare.outputs.waves';
/** In place of waves that GitHub dropped: a job in no environment that says so, as a matrix of nothing would be an error without a cause. */
const NO_WAVES = String.raw`'[[{\"destination\":\"dropped-by-github\"}]]'`;
const MATRIX_TARGET = '${{ matrix.formation }}-${{ matrix.destination }}';

/** The one wave of formations that have no more. */
export function inlineWave(writing: Writing, delivery: Delivery): Job {
  const { formations, said } = delivery;
  return waveJob(writing, {
    ...{ id: 'wave-1', needs: 'prepare', formations, said },
    ...{ jobs: `${WAVES} || ${NO_WAVES}`, path: '[0]', tag: carried('needs.prepare.outputs.tag') },
    concurrency: concurrency(writing, delivery, MATRIX_TARGET),
  });
}

/** A job for each destination of one wave. */
export function waveJob(writing: Writing, wave: Wave): Job {
  const { id, needs, formations, jobs, path, tag, said, plannedFrom } = wave;
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
          ...{ what, secrets, said },
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
  { file, secrets }: WaveFile,
): string[] {
  return [
    `wave-${index + 1}:`,
    ...indented([
      index === 0 ? 'needs: prepare' : `needs: [prepare, wave-${index}]`,
      `uses: ./.github/workflows/${file}`,
      permissionsField(deployingPermissions(writing, secrets)),
      `with: ${flowMap(callInputs(writing, delivery, index))}`,
      'secrets: inherit',
    ]),
  ];
}

function callInputs({ settings }: Writing, { plan, said }: Delivery, index: number): [string, string][] {
  // A later wave only begins after the first one, which fails where there are no waves.
  const waves = index === 0 ? `${WAVES} || ${NO_WAVES}` : WAVES;
  return [
    ['tag', expression(carried('needs.prepare.outputs.tag'))],
    ['jobs', expression(`toJSON(fromJSON(${waves})[${index}])`)],
    ...(plan === 'none'
      ? []
      : [['planned-from', expression(carried('needs.prepare.outputs.planned-from'))] as [string, string]]),
    ...(said === 'nothing'
      ? []
      : ['config', 'reason'].map((name): [string, string] => [name, expression(`inputs.${name}`)])),
    ...(settings.form === 'shared'
      ? [['application', expression('inputs.application')] as [string, string]]
      : []),
  ];
}
