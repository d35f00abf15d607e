import { expectedWavesOf, type Formation } from '../application/application.ts';
import { type Job, preparingPermissions } from '../jobs/job.ts';
import { commonInputs, type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { expression, flowMap, literal } from '../text/yaml.ts';
import type { Delivery } from './delivery.ts';

/** The job in no environment, before the jobs that deploy: what is checked here is what each of them renders again and compares by its digest. */
export function prepareJob(writing: Writing, delivery: Delivery, destinations: 'one' | 'several'): Job {
  const outputs: [string, string][] = [
    ['tag', 'deployment-tag'],
    destinations === 'one' ? ['digest', 'digest'] : ['waves', 'waves'],
    ...(delivery.plan === 'none' ? [] : [['planned-from', 'planned-from'] as [string, string]]),
  ];
  return {
    id: 'prepare',
    permissions: preparingPermissions(writing),
    fields: [
      ...conditionOf(delivery),
      `outputs: ${flowMap(outputs.map(([name, output]) => [name, expression(`steps.prepare.outputs.${output}`)]))}`,
    ],
    steps: [
      ...openingSteps(writing, 'prepare', 'registry'),
      ...slipwayStep(writing, { id: 'prepare', inputs: prepareInputs(writing, delivery) }),
    ],
  };
}

/** The inputs of the step that builds or takes a snapshot, renders, checks, and shows what would change if someone is to approve that. */
export function prepareInputs(writing: Writing, delivery: Delivery): Inputs {
  const { formations, plan, build, said } = delivery;
  return [
    `steps: build, render, check${plan === 'none' ? '' : ', plan'}`,
    ...build,
    ...configInput(said),
    `formation: ${literal(formations.map(({ name }) => name).join(', '))}`,
    expectedWaves(formations),
    ...commonInputs(writing),
    ...(plan === 'none' ? [] : reasonInput(said)),
  ];
}

/** Nothing is said with the first of the choices: then only what passed in the usual way is taken. */
export function configInput(said: Delivery['said']): Inputs {
  return said === 'nothing' ? [] : ["config: ${{ inputs.config != 'usual' && inputs.config || '' }}"];
}

export function reasonInput(said: Delivery['said']): Inputs {
  return said === 'nothing' ? [] : ['reason: ${{ inputs.reason }}'];
}

/** A formation that has changed since the file was written fails, and loses no wave. One line, however many there are: files stay short. */
function expectedWaves(formations: readonly Formation[]): string {
  return `expected-waves: ${literal(expectedWavesOf(formations).join(', '))}`;
}

/** The jobs that need the one that is skipped are skipped with it. */
export function conditionOf({ condition }: Delivery): string[] {
  return condition === undefined ? [] : [`if: ${expression(condition)}`];
}
