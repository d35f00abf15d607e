import { indented } from '../text/lines.ts';
import { flowMap } from '../text/yaml.ts';
import type { Inputs, Writing } from './steps.ts';

/** The line of a job's environment. GitHub makes a deployment for it, unless Slipway makes one at the commit of the images. */
export function environmentField({ settings }: Writing, name: string): string[] {
  if (settings.deployments === 'github') return [`environment: ${name.replace(/^"(\$\{\{.*\}\})"$/, '$1')}`];
  return [
    `environment: ${flowMap([
      ['name', name],
      ['deployment', 'false'],
    ])}`,
  ];
}

/** The same for lines of `environment: >-` with an expression. */
export function chosenEnvironmentField({ settings }: Writing, lines: readonly string[]): readonly string[] {
  const [, ...folded] = lines;
  if (settings.deployments === 'github' || folded.length === 0) return lines;
  return ['environment:', ...indented(['deployment: false', 'name: >-', ...folded])];
}

/** What the step that verifies is told about that. */
export function deploymentInputs({ settings }: Writing): Inputs {
  return settings.deployments === 'exact' ? ['deployments: exact'] : [];
}
