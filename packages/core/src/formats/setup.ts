import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, nameSchema } from './common.ts';

const stepSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['what', 'where', 'state'],
  properties: {
    what: { type: 'string', description: 'Such as `ServiceAccount hello/slipway-deployer`.' },
    where: {
      type: 'string',
      description: 'The context of the kubeconfig of this machine, the repository, or the cloud.',
    },
    state: {
      enum: ['printed', 'unchanged', 'done', 'failed', 'not-done', 'by-hand'],
      description:
        '`printed`: its commands are in `commands` and were not run; `unchanged`: it was as it should be; `by-hand`: only people do it, with `commands`.',
    },
    detail: { type: 'string' },
    warning: { type: 'string', description: 'What is not as it should be, though the step succeeded.' },
    problem: { type: 'string', description: 'Why it failed, and what to do.' },
    commands: { type: 'string', description: 'Lines of a POSIX shell.' },
  },
} as const;

export const setupSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/setup.json',
  title: 'Setup',
  description:
    '`slipway setup --json`: what formations need in clusters and on GitHub, and what was done of it.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'formations', 'repository', 'clusters', 'steps'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Setup' },
    application: nameSchema,
    formations: { type: 'array', items: nameSchema },
    repository: { type: 'string', description: '`<owner>/<name>`, with the host unless it is github.com.' },
    clusters: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['context', 'server'],
        properties: {
          context: { type: 'string', description: 'Of the kubeconfig of this machine.' },
          server: { type: 'string' },
        },
      },
    },
    steps: { type: 'array', items: stepSchema },
  },
} as const;

/** What `slipway setup` answers. */
export type Setup = FromSchema<typeof setupSchema>;
