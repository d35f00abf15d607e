import { type Environment, inputVariable } from '@slipway/github';
import type { StepName } from './steps.ts';

/** One step's output that later steps take as their input. */
export interface Link {
  readonly from: StepName;
  readonly to: readonly StepName[];
  /** The name of both the output and the input. */
  readonly name: string;
  /** What a workflow gives as this input is compared with what the step found, instead of contradicting it. */
  readonly compared?: true;
  /** Stands in for the output while inputs are checked, before anything ran. */
  readonly example: string;
}

export const LINKS: readonly Link[] = [
  { from: 'build', to: ['render'], name: 'snapshot', example: 'snapshot.json' },
  { from: 'render', to: ['check', 'plan', 'deploy'], name: 'manifests', example: 'manifests' },
  {
    from: 'render',
    to: ['plan', 'deploy'],
    name: 'digest',
    compared: true,
    example: `sha256:${'0'.repeat(64)}`,
  },
  { from: 'deploy', to: ['verify'], name: 'release', example: '1' },
];

export type Outputs = Readonly<Record<string, string>>;

export function exampleOutputs(steps: readonly StepName[]): Outputs {
  const links = LINKS.filter(link => steps.includes(link.from));
  return Object.fromEntries(links.map(({ name, example }) => [name, example]));
}

/** The environment in which a step finds, as inputs, what the steps before it left. */
export function linkedEnvironment(
  environment: Environment,
  step: StepName,
  steps: readonly StepName[],
  outputs: Outputs,
): Environment {
  const linked: Record<string, string | undefined> = { ...environment };
  for (const { from, to, name, compared } of LINKS) {
    if (!steps.includes(from)) continue;
    const variable = inputVariable(name);
    if (compared && environment[variable]?.trim()) continue;
    // A step that has no use for it must not see it either: verify-rollout takes a release or manifests, never both.
    linked[variable] = to.includes(step) ? outputs[name] : '';
  }
  // Manifests from elsewhere are deploy's; verify-rollout takes the release that deploy makes of them.
  if (step === 'verify' && steps.includes('deploy')) linked[inputVariable('manifests')] = '';
  return linked;
}
