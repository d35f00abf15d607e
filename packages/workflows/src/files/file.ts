import type { Permission } from '../jobs/job.ts';
import { registryHost, type Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { flowMap, literal } from '../text/yaml.ts';

/** A workflow, in parts. */
export interface Workflow {
  /** The name of the file without a prefix, such as `release.yml`. */
  readonly file: string;
  readonly name: string;
  /** What it is for, and what it needs, each a sentence. */
  readonly purpose: string;
  readonly needs: readonly string[];
  readonly start: Start;
  /** What a person, or a calling workflow, gives. */
  readonly inputs: readonly WorkflowInput[];
  readonly jobs: readonly string[];
  /** Whether a job logs in to the registry. */
  readonly login: 'registry' | 'none';
  /** The sum of what its jobs may do, which the caller of a shared file has to grant. */
  readonly permissions: readonly Permission[];
}

/** What starts a workflow, as lines of `on:`, and the title of its run with expressions; or only other workflows call it. */
export type Start = 'called' | { readonly triggers: readonly string[]; readonly runName: string };

export interface WorkflowInput {
  readonly name: string;
  readonly description: string;
  /** A schedule gives nothing, so that what is required by hand is not of a workflow that calls this one on a schedule. */
  readonly required?: true | 'by-hand';
  readonly options?: readonly string[];
}

/** Who started a run, as GitHub shows and links them. */
export const BY_WHOM = 'by @${{ github.actor }}';

/** Lines of the file without its first lines. */
export function bodyOf(writing: Writing, workflow: Workflow): string[] {
  return [
    `name: ${literal(workflow.name)}`,
    ...startOf(writing, workflow),
    'permissions: {}',
    ...(workflow.login === 'registry'
      ? [`env: { REGISTRY: ${literal(registryHost(writing.application))} }`]
      : []),
    'jobs:',
    ...indented(workflow.jobs),
  ];
}

function startOf(writing: Writing, { start, inputs }: Workflow): string[] {
  if (start === 'called' || writing.settings.form === 'shared')
    return [
      'on:',
      ...indented(['workflow_call:', '  inputs:', ...indented(calledInputs(writing, inputs), 2)]),
    ];
  const byHand = ['workflow_dispatch:', '  inputs:', ...indented(inputs.map(dispatchInput), 2)];
  return [
    `run-name: ${JSON.stringify(start.runName)}`,
    'on:',
    ...indented([...start.triggers, ...(inputs.length === 0 ? [] : byHand)]),
  ];
}

function dispatchInput({ name, description, required, options }: WorkflowInput): string {
  return `${name}: ${flowMap([
    ['type', options === undefined ? 'string' : 'choice'],
    ...(required === undefined ? [] : [['required', 'true'] as const]),
    ...(options === undefined ? [] : [['options', `[${options.map(literal).join(', ')}]`] as const]),
    ['description', JSON.stringify(description)],
  ])}`;
}

/** A choice is a text for a workflow that calls this one, as GitHub has no choices there. */
function calledInputs({ application, settings }: Writing, inputs: readonly WorkflowInput[]): string[] {
  const path = `{ type: string, default: ${literal(application.path)}, description: "The path of slipway.yaml." }`;
  return [
    ...(settings.form === 'shared' ? [`application: ${path}`] : []),
    ...inputs.map(
      ({ name, description, required, options = [] }) =>
        `${name}: ${flowMap([
          ['type', 'string'],
          ...(required === true ? [['required', 'true'] as const] : []),
          ['description', JSON.stringify(calledDescription(description, options, required))],
        ])}`,
    ),
  ];
}

function calledDescription(
  description: string,
  options: readonly string[],
  required: WorkflowInput['required'],
): string {
  const all = required === 'by-hand' ? ['A call on a schedule leaves it out, for all.'] : [];
  return [description, ...oneOf(options), ...all].join(' ');
}

function oneOf(options: readonly string[]): string[] {
  return options.length === 0 ? [] : [`One of ${options.join(', ')}.`];
}
