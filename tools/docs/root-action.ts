import type { ActionFile, ActionInput } from '@slipway/testbed/runner';
import { inputName, outputName } from '../../actions/pipeline/src/names.ts';
import type { StepName } from '../../actions/pipeline/src/steps.ts';

const STEPS_INPUT: ActionInput = {
  description:
    'Which steps run, one per line or comma-separated, always in this order: build, render, check, plan, deploy, verify. Each takes what those before it left; plan shows what deploy would change at each target that was rendered, and needs no cluster. ' +
    'Example: `render, deploy, verify` in the job of a wave.',
  default: 'build, render, check, deploy, verify',
};

const PLANNED_FROM = {
  description:
    'Of the step plan, the releases that it compared with, for the input `planned-from` of the jobs that deploy: `production/eu=41@2026-11-29T10:00:00.000Z, production/us=0`, or without the target if another step rendered.',
};

export interface StepAction {
  readonly step: StepName;
  readonly file: ActionFile;
}

/** The inputs and outputs of all steps, each once, under the names that the root action gives them. */
export function mergeActions(steps: readonly StepAction[]): ActionFile {
  const inputs: Record<string, ActionInput> = { steps: STEPS_INPUT };
  const outputs: Record<string, { readonly description: string }> = { 'planned-from': PLANNED_FROM };
  for (const { step, file } of steps) {
    for (const [name, input] of Object.entries(file.inputs)) {
      const known = inputs[inputName(step, name)];
      inputs[inputName(step, name)] = known === undefined ? optional(input) : shared(known, input);
    }
    for (const [name, output] of Object.entries(file.outputs)) outputs[outputName(step, name)] ??= output;
  }
  return {
    name: 'Slipway',
    description: 'Builds, renders, checks, deploys and verifies an application on Kubernetes, as one step.',
    inputs,
    outputs,
    runs: { using: 'node24', main: 'dist/pipeline.js', post: 'dist/pipeline.js' },
  };
}

/**
 * An input that several steps take. A default that not all of them have is left out, as it would look to the others as if the
 * workflow had given it; each step knows its own.
 */
function shared(first: ActionInput, second: ActionInput): ActionInput {
  if (first.default === second.default) return first;
  const { default: _default, ...withoutDefault } = first;
  return withoutDefault;
}

/** Nothing is required: a step that is left out needs no inputs, and one that runs says itself what it misses. */
function optional({ required: _required, ...input }: ActionInput): ActionInput {
  return input;
}

export function actionText(action: ActionFile): string {
  const inputs = Object.entries(action.inputs).map(([name, { description, default: preset }]) =>
    entry(name, { description, ...(preset === undefined ? {} : { default: preset }) }),
  );
  const outputs = Object.entries(action.outputs).map(([name, output]) => entry(name, output));
  return [
    '# Written by `npm run docs` from the action.yml of each step: change those.',
    `name: ${action.name}`,
    `description: ${action.description}`,
    'branding: { icon: anchor, color: blue }',
    'inputs:',
    ...inputs,
    'outputs:',
    ...outputs,
    'runs:',
    `  using: ${action.runs.using}`,
    `  main: ${action.runs.main}`,
    ...(action.runs.post === undefined ? [] : [`  post: ${action.runs.post}`]),
    '',
  ].join('\n');
}

/** Texts are quoted by JSON's rules, which are YAML's too. */
function entry(name: string, fields: object): string {
  const lines = Object.entries(fields).map(
    ([field, text]) => `    ${field}: ${JSON.stringify(String(text).trim())}`,
  );
  return [`  ${name}:`, ...lines].join('\n');
}
