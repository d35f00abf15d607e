import { didYouMean, Problems, quote, throwIfAny } from '@slipway/core';
import { type Environment, type InputReader, type PostStep, parseInputs, type Runner } from '@slipway/github';
import { exampleOutputs, LINKS, linkedEnvironment, type Outputs } from './links.ts';
import { inputName, outputName } from './names.ts';
import { ANY, planEnvironment, plannedFrom, targetsToPlan } from './plan-targets.ts';
import { DEFAULT_STEPS, loadStep, STEP_NAMES, type Step, type StepName } from './steps.ts';

export interface Inputs {
  /** In the order in which they run. */
  readonly steps: readonly StepName[];
}

export function readInputs(reader: InputReader): Inputs {
  const wanted = reader.list('steps');
  for (const name of wanted)
    if (!(STEP_NAMES as readonly string[]).includes(name))
      reader.problem(
        'steps',
        `names ${quote(name)}`,
        didYouMean(name, STEP_NAMES) || `choose among ${STEP_NAMES.join(', ')}`,
      );
  const steps = wanted.length === 0 ? DEFAULT_STEPS : STEP_NAMES.filter(name => wanted.includes(name));
  if (steps.some(name => name === 'deploy' || name === 'verify') && reader.list('destination').length > 1)
    reader.problem(
      'destination',
      'names several, and these steps work on one',
      'use the actions deploy and verify-rollout for several',
    );
  if (steps.includes('build') && steps.length > 1 && reader.text('part') !== '')
    reader.problem(
      'part',
      'makes no snapshot, which the steps after build need',
      'set steps to build, and take these in the job that joins',
    );
  for (const { from, name, compared } of LINKS)
    if (!compared && steps.includes(from) && reader.text(name) !== '')
      reader.problem(
        name,
        `contradicts the step ${from}, which makes it`,
        `remove it, or leave ${from} out of "steps"`,
      );
  return { steps };
}

/**
 * Runs the steps one after the other, each with what those before it left. What is wrong with any step's inputs is told
 * before the first one begins.
 */
export async function run(
  inputs: Inputs,
  runner: Runner,
  load: (name: StepName) => Promise<Step> = loadStep,
): Promise<void> {
  const steps = await Promise.all(inputs.steps.map(load));
  await checkInputs(inputs, steps, runner);
  await checkSurroundings(inputs, steps, runner);
  const outputs: Record<string, string> = {};
  const problems = new Problems();
  for (const step of steps) {
    if (isDue(step, inputs, outputs, problems, runner.signal))
      await problems.collect(() => runStep(step, inputs, outputs, runner));
  }
  problems.throwIfAny();
}

/** What each step does after the job if the run was killed: it finds out itself whether it had begun. */
export const post: PostStep<Inputs> = async (inputs, runner, saved) => {
  const outputs = exampleOutputs(inputs.steps);
  for (const step of await Promise.all(inputs.steps.filter(writes).map(loadStep)))
    await step.module.post?.(inputsOf(step, inputs, outputs, runner) as never, runner, saved);
};

/** A plan leaves nothing behind, and needs no cluster. */
function writes(name: StepName): boolean {
  return name !== 'plan';
}

/** After a failure only a release that was begun is still looked at, so that it is undone where the formation says so. */
function isDue(
  step: Step,
  { steps }: Inputs,
  outputs: Outputs,
  problems: Problems,
  signal: AbortSignal,
): boolean {
  if (signal.aborted) return false;
  if (step.name === 'verify' && steps.includes('deploy')) return Boolean(outputs['release']);
  return problems.found.length === 0;
}

async function checkInputs(inputs: Inputs, steps: readonly Step[], runner: Runner): Promise<void> {
  const found = new Problems();
  const outputs = exampleOutputs(inputs.steps);
  for (const step of steps) await found.collect(() => inputsOf(step, inputs, outputs, runner));
  // An input that several steps share is wrong once.
  const problems = new Map(found.found.map(problem => [problem.message, problem]));
  throwIfAny(problems.values());
}

/** What a later step would find missing must not first be found once the image is pushed. */
async function checkSurroundings(inputs: Inputs, steps: readonly Step[], runner: Runner): Promise<void> {
  const problems = new Problems();
  const outputs = exampleOutputs(inputs.steps);
  for (const step of steps.filter(({ name }) => writes(name)))
    await problems.collect(() =>
      step.module.check?.(inputsOf(step, inputs, outputs, runner) as never, runner),
    );
  problems.throwIfAny();
}

function inputsOf({ name, module }: Step, { steps }: Inputs, outputs: Outputs, runner: Runner): unknown {
  const environment = linkedEnvironment(runner.environment, name, steps, outputs);
  return parseStep({ name, module }, name === 'plan' ? planEnvironment(environment, ANY) : environment);
}

function parseStep({ name, module }: Step, environment: Environment): unknown {
  return parseInputs(
    environment,
    reader => module.readInputs(reader),
    input => inputName(name, input),
  );
}

async function runStep(
  step: Step,
  inputs: Inputs,
  outputs: Record<string, string>,
  runner: Runner,
): Promise<void> {
  runner.logger.info(`Step ${step.name}`);
  if (step.name === 'plan') return await runPlan(step, inputs, outputs, runner);
  await step.module.run(inputsOf(step, inputs, outputs, runner), {
    ...runner,
    setOutput(name, value) {
      outputs[name] = value;
      runner.setOutput(outputName(step.name, name), value);
    },
  });
}

/** Shows what would change at each target that was rendered, and says what these plans were made from. */
async function runPlan(step: Step, { steps }: Inputs, outputs: Outputs, runner: Runner): Promise<void> {
  const linked = linkedEnvironment(runner.environment, 'plan', steps, outputs);
  const problems = new Problems();
  const made: string[] = [];
  for (const target of targetsToPlan(outputs))
    await problems.collect(async () => {
      const found: Record<string, string> = {};
      const setOutput = (name: string, value: string): void => {
        found[name] = value;
      };
      await step.module.run(parseStep(step, planEnvironment(linked, target)), { ...runner, setOutput });
      made.push(plannedFrom(target, found['planned-from']));
    });
  problems.throwIfAny();
  runner.setOutput('planned-from', made.join(', '));
}
