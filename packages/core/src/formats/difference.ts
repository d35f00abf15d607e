import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, objectReferenceSchema } from './common.ts';
import { positionSchema } from './report.ts';

const differingObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['object', 'action', 'restarts', 'fields'],
  properties: {
    object: objectReferenceSchema,
    action: { enum: ['create', 'change', 'unchanged', 'replace', 'prune', 'skip'] },
    restarts: { type: 'boolean', description: 'Whether pods of this workload would be restarted.' },
    note: { type: 'string' },
    fields: {
      type: 'array',
      description: 'What differs; values of Secrets are never shown.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path'],
        properties: {
          path: { type: 'string', description: 'Such as spec.template.spec.containers[api].image.' },
          before: {},
          after: {},
        },
      },
    },
    at: { ...positionSchema, description: 'Where it was written; absent for an object that leaves.' },
  },
} as const;

export const differenceSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/difference.json',
  title: 'Difference',
  description:
    '`slipway diff --json`: what the files of the working tree change in the manifests of every destination, beside a commit and without a cluster.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'base', 'destinations', 'removed', 'moved', 'settings', 'limits'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Difference' },
    base: { type: 'string', description: 'The commit that is compared with, a full id.' },
    destinations: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { type: 'string', description: 'Such as production/eu; manifests for plain ones.' },
          changes: {
            type: 'array',
            items: differingObjectSchema,
            description: 'Absent if it could not be compared; `uncompared` says why.',
          },
          uncompared: { type: 'array', items: { type: 'string' } },
        },
      },
    },
    removed: {
      type: 'array',
      items: { type: 'string' },
      description: 'The destinations that only the commit has.',
    },
    moved: {
      type: 'array',
      items: { type: 'string' },
      description:
        'The destinations that go to another namespace or, as far as one can tell, to another cluster.',
    },
    settings: {
      type: 'array',
      items: differingObjectSchema,
      description: 'What changes in slipway.yaml and formations, and in no manifest.',
    },
    limits: { type: 'array', items: { type: 'string' }, description: 'What this cannot know.' },
  },
} as const;

/** What `slipway diff` answers. */
export type Difference = FromSchema<typeof differenceSchema>;
