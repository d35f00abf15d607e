import { inputName, outputName } from '../../actions/pipeline/src/names.ts';
import type { StepName } from '../../actions/pipeline/src/steps.ts';
import type { ActionFile, ActionInput } from '../../testbed/src/runner/action-file.ts';

/** Inputs of the steps that the root action fills itself. */
const STEPS_INPUT: ActionInput = {
  description:
    'Which steps run, one per line or comma-separated, always in this order: build, render, check, deploy, verify. Each takes what those before it left. Example: ' +
    '`render, deploy, verify` in a job of a wave.',
  default: 'build, render, check, deploy, verify',
};

export interface StepAction {
  readonly step: StepName;
  readonly file: ActionFile;
}

/** The text of the root action.yml: the inputs and outputs of all steps, each once, under the names that the root action gives them. */
export function rootAction(steps: readonly StepAction[]): string {
  const inputs = new Map<string, ActionInput>([['steps', STEPS_INPUT]]);
  const outputs = new Map<string, { description: string }>();
  for (const { step, file } of steps) {
    for (const [name, input] of Object.entries(file.inputs)) {
      const merged = mergeInputs(inputs.get(inputName(step, name)), input);
      inputs.set(inputName(step, name), merged);
    }
    for (const [name, output] of Object.entries(file.outputs))
      if (!outputs.has(outputName(step, name))) outputs.set(outputName(step, name), output);
  }
  return [
    '# Written by `npm run docs` from the action.yml of each step: change those.',
    'name: Slipway',
    'description: Builds, renders, checks, deploys and verifies an application on Kubernetes, as one step.',
    'branding: { icon: anchor, color: blue }',
    'inputs:',
    ...[...inputs].flatMap(([name, input]) => inputLines(name, input)),
    'outputs:',
    ...[...outputs].flatMap(([name, { description }]) => entry(name, [['description', description]])),
    'runs:',
    '  using: node24',
    '  main: dist/index.js',
    '',
  ].join('\n');
}

/** Nothing is required here: a step that is left out needs no inputs, and one that runs says itself what it misses. */
function mergeInputs(first: ActionInput | undefined, second: ActionInput): ActionInput {
  const { required: _required, ...optional } = first ?? second;
  return optional;
}

function inputLines(name: string, input: ActionInput): string[] {
  return entry(name, [
    ['description', input.description],
    ...(input.default === undefined ? [] : [['default', input.default] as const]),
  ]);
}

/** Folded and quoted by JSON's rules, which are YAML's too. */
function entry(name: string, fields: readonly (readonly [string, string])[]): string[] {
  return [`  ${name}:`, ...fields.map(([field, text]) => `    ${field}: ${JSON.stringify(text.trim())}`)];
}
