import { type AllowedSecrets, type Application, sopsVariablesOf } from '../application/application.ts';
import type { WorkflowSettings } from '../application/settings.ts';
import { indented } from '../text/lines.ts';
import { expression, flowMap, literal, textField } from '../text/yaml.ts';
import { loginSteps, registryLogin } from './login.ts';
import { loginsOf, variableOf } from './store-logins.ts';

/** What all files of a repository are written from. */
export interface Writing {
  readonly application: Application;
  readonly settings: WorkflowSettings;
}

/** Lines of `with:`, in their order. */
export type Inputs = readonly string[];

const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';

/** The steps that each job begins with. */
export function openingSteps(writing: Writing, job: string, login: 'registry' | 'none'): string[] {
  return [
    `- uses: ${CHECKOUT}`,
    '  with: { persist-credentials: false }',
    ...loginSteps(
      job,
      login === 'none' ? [] : registryLogin(writing.application.registry, writing.settings.target),
    ),
  ];
}

export function registryHost({ registry }: Application): string {
  return registry.split('/')[0] ?? '';
}

export interface Step {
  readonly id?: string;
  /** The folder of the action, or nothing for the root action, which runs several steps as one. */
  readonly action?: 'deploy' | 'pull-request' | 'verify-rollout';
  readonly inputs: Inputs;
  /** Secrets by the name of their variable. */
  readonly variables?: readonly string[];
}

export function slipwayStep({ settings }: Writing, { id, action, inputs, variables = [] }: Step): string[] {
  const path = action === undefined ? 'slipway-dev/slipway' : `slipway-dev/slipway/actions/${action}`;
  const fields = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    `uses: ${path}@${settings.version}`,
    ...(inputs.length === 0 ? [] : ['with:', ...indented(inputs)]),
    ...environment(variables),
  ];
  return fields.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}

/** The variables of a step whose secrets no other step gets. */
function environment(variables: readonly string[]): string[] {
  const entries = variables.map((name): [string, string] => [name, expression(`secrets.${name}`)]);
  if (entries.length === 0) return [];
  if (entries.length === 1) return [`env: ${flowMap(entries)}`];
  return ['env:', ...entries.map(([name, value]) => `  ${name}: ${value.slice(1, -1)}`)];
}

/** Where slipway.yaml is, if that is not what the actions expect. */
export function applicationInput({ application, settings }: Writing): Inputs {
  if (settings.form === 'shared') return ['application: ${{ inputs.application }}'];
  return application.path === 'slipway.yaml' ? [] : [`application: ${literal(application.path)}`];
}

/** The inputs that every step of a release has. */
export function commonInputs(writing: Writing): Inputs {
  const isSigned = writing.settings.signing === 'record-key';
  return [...applicationInput(writing), ...(isSigned ? ['record-key: ${{ secrets.RECORD_KEY }}'] : [])];
}

/** What a step needs that opens secrets and writes to a cluster. */
export function clusterInputs(writing: Writing): Inputs {
  return ['kubeconfig: ${{ secrets.KUBECONFIG }}', ...commonInputs(writing)];
}

/** What a step may read for some formations, and where from. */
export function secretInputs(secrets: AllowedSecrets): Inputs {
  const allowed = [
    ...secrets.variables.map(name => `env=${name}`),
    ...secrets.sops.map(path => `sops=${path}`),
    ...(secrets.sopsKeys ?? []),
    ...secrets.vault.map(path => `vault=${path}`),
    ...(secrets.aws ?? []),
    ...(secrets.gcp ?? []),
    ...(secrets.azure ?? []),
  ];
  return [
    ...(allowed.length === 0 ? [] : textField('secrets', allowed)),
    ...loginsOf(secrets).flatMap(({ inputs, more }) => [...inputs, ...more].map(fromVariable)),
  ];
}

/** An input whose value is a variable on GitHub: `aws-role` is AWS_ROLE. One that is not set there is as if it were not given. */
function fromVariable(input: string): string {
  return `${input}: \${{ vars.${variableOf(input)} }}`;
}

/** The variables of deploy's step. */
export function secretVariables(secrets: AllowedSecrets): string[] {
  return [...new Set([...secrets.variables, ...sopsVariablesOf(secrets)])];
}
