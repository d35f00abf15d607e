import type { StepName } from './steps.ts';

/** Inputs and outputs that mean one thing in one step and another in the next; each step's has its name in front. */
const AMBIGUOUS_INPUTS: readonly string[] = ['timeout'];
/** One that has a name of its own in one step only, as the other's is the one that people know. */
const OF_BUILD: readonly string[] = ['mode'];
const AMBIGUOUS_OUTPUTS: readonly string[] = ['verdict', 'report'];

/** What the root action calls an input of a step. A plan has no inputs of its own: it is made from those of deploy. */
export function inputName(step: StepName, name: string): string {
  if (step === 'build' && OF_BUILD.includes(name)) return `${step}-${name}`;
  return AMBIGUOUS_INPUTS.includes(name) ? `${step === 'plan' ? 'deploy' : step}-${name}` : name;
}

/** What the root action calls an output of a step. */
export function outputName(step: StepName, name: string): string {
  return AMBIGUOUS_OUTPUTS.includes(name) ? `${step}-${name}` : name;
}
