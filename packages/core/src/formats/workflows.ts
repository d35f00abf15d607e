import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, nameSchema } from './common.ts';

const fileSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'state', 'done'],
  properties: {
    path: { type: 'string', description: 'Relative to the repository.' },
    state: {
      enum: ['current', 'missing', 'outdated', 'edited', 'foreign', 'unneeded', 'orphaned', 'taken'],
      description:
        'How it was found. `edited`: changed by hand outside of its logins; `foreign`: not written by this command; `unneeded`: no formation needs it; `orphaned`: of an application that is gone; `taken`: of another application.',
    },
    done: {
      enum: ['nothing', 'written', 'removed'],
      description: 'What was done about it; with `--check`, or where any file is refused, nothing.',
    },
    problem: {
      type: 'string',
      description:
        'Why it is not as it should be, and what to do; without `--check` only for those because of which nothing was written.',
    },
    diff: {
      type: 'string',
      description: 'What would be lost, or was by `--force`, as a unified diff.',
    },
  },
} as const;

export const workflowsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/workflows.json',
  title: 'Workflows',
  description:
    '`slipway workflows --json`: the workflows of an application, whether they are as they should be, and what was written.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'files'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Workflows' },
    application: nameSchema,
    files: { type: 'array', items: fileSchema },
  },
} as const;

/** What `slipway workflows` answers. */
export type Workflows = FromSchema<typeof workflowsSchema>;
