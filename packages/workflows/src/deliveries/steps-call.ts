import { permissionsField } from '../jobs/job.ts';
import type { Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { expression, flowMap } from '../text/yaml.ts';
import type { Delivery } from './delivery.ts';
import { carried } from './deploying.ts';
import { deliveryInputs, jobsOfWave, type WaveFile } from './waves.ts';

/** The job that calls the file of steps for each destination of a wave: a job of a matrix has no outputs of its own that another could ask for. */
export function stepsCall(
  writing: Writing,
  delivery: Delivery,
  index: number,
  { file, permissions }: WaveFile,
): string[] {
  const target = ['formation', 'destination', 'environment'].map((name): [string, string] => [
    name,
    expression(`matrix.${name}`),
  ]);
  const inputs: [string, string][] = [
    ...deliveryInputs(writing, delivery),
    ...target,
    ['digest', expression(carried('matrix.digest'))],
  ];
  return [
    `wave-${index + 1}:`,
    ...indented([
      index === 0 ? 'needs: prepare' : `needs: [prepare, wave-${index}]`,
      `strategy: { fail-fast: false, matrix: { include: ${expression(jobsOfWave(index))} } }`,
      `uses: ./.github/workflows/${file}`,
      permissionsField(permissions),
      `with: ${flowMap(inputs)}`,
      'secrets: inherit',
    ]),
  ];
}
