import type { AllowedSecrets } from '../application/application.ts';
import { deploymentInputs } from '../jobs/environment.ts';
import {
  clusterInputs,
  type Inputs,
  type Step,
  secretInputs,
  secretVariables,
  type Writing,
} from '../jobs/steps.ts';
import type { Delivery } from './delivery.ts';
import { configInput, reasonInput } from './prepare.ts';

/** What a step deploys, and where. */
export interface Deployed {
  /** The inputs that say which snapshot, digest, formation and destination. */
  readonly what: Inputs;
  readonly secrets: AllowedSecrets;
  readonly said: Delivery['said'];
  readonly adoption: Delivery['adoption'];
  /** The expression of the release that the approved plan was made from, if there was one. */
  readonly plannedFrom?: string;
  /** Further inputs. */
  readonly more?: Inputs;
}

/** The step that renders again, deploys and verifies: the only one that may read secrets, as a build starts programs that someone else wrote. */
export function deployStep(writing: Writing, deployed: Deployed): Step {
  const { what, secrets, said, adoption, plannedFrom, more = [] } = deployed;
  return {
    id: 'deploy',
    inputs: [
      'steps: render, deploy, verify',
      ...what,
      ...configInput(said),
      ...(plannedFrom === undefined ? [] : [`planned-from: \${{ ${plannedFrom} }}`]),
      ...(adoption === 'never' ? [] : ["adopt: ${{ inputs.adopt == 'yes' }}"]),
      ...clusterInputs(writing),
      ...secretInputs(secrets),
      ...deploymentInputs(writing),
      ...more,
      ...reasonInput(said),
    ],
    variables: secretVariables(secrets),
  };
}

/** Nothing is cancelled where GitHub can queue more than one; on Enterprise Server the newest waits and those between are cancelled. */
export function concurrency(
  { application, settings }: Writing,
  { turns }: Delivery,
  target: string,
): string[] {
  if (turns === 'any') return [];
  const group = `"slipway-${application.name}-${target}"`;
  return [`concurrency: { group: ${group}${settings.target === 'github' ? ', queue: max' : ''} }`];
}

/** An output of an earlier job as an expression. GitHub drops one in which it finds a secret, and no input takes what is given then. */
export function carried(output: string): string {
  return `${output} || 'dropped-by-github'`;
}
